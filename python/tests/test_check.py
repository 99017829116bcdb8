"""The executable itself: verdicts, boundaries, names, descriptions."""

from __future__ import annotations

import json
import math
import os
import pathlib
import random
import subprocess
import tempfile
from fractions import Fraction
from typing import Any, Optional

import pytest

import certify_stability as certify
from certify_stability.safetensors import write_safetensors
from certify_stability.tensors import tensors_of
from support import CERTIFIED, REFUTED, UNDECIDED, hostile_name, matrix, vector

Options = certify.NetworkOptions
TANH: Options = {"form": "outside", "recurrent": "W", "activation": "tanh", "step": 0.03}


def test_certified(certify_tool: Optional[str]) -> None:
    report = certify.check({"W": matrix(CERTIFIED)}, executable=certify_tool, **TANH)
    assert report.verdict == "certified" and report.certified
    assert report.continuous is not None and report.as_run is not None
    # With slopes in [0, 1] the rate of diag(1/2, 1/4) is 1/2.
    assert report.continuous.rate is not None and 0.49 < report.continuous.rate <= 0.5
    assert report.as_run.step == 0.03 and report.as_run.scheme == "euler"
    assert report.as_run.factor is not None and 0.985 <= report.as_run.factor < 0.99
    assert report.rate == min(report.continuous.rate, report.as_run.rate or 0)
    assert (report.units, report.modules, report.witness, report.obstruction) == (2, 1, None, None)
    assert report.require() is report


def test_refuted(certify_tool: Optional[str]) -> None:
    with pytest.raises(certify.Refuted) as caught:
        certify.require({"W": matrix(REFUTED)}, executable=certify_tool, **TANH)
    error = caught.value
    assert (error.scope, error.report.verdict, error.missed_by) == ("continuous", "refuted", None)
    assert error.witness is not None and error.witness.active_units == (0,)
    assert error.rule == error.witness.rule and "unit 0" in str(error) and error.advice


def test_refuted_by_the_step_alone(certify_tool: Optional[str]) -> None:
    options: Options = {**TANH, "step": 5.0}
    with pytest.raises(certify.Refuted) as caught:
        certify.require({"W": matrix(CERTIFIED)}, executable=certify_tool, **options)
    assert caught.value.scope == "as-run" and "smaller step" in str(caught.value)
    report = certify.require({"W": matrix(CERTIFIED)}, scope="continuous", executable=certify_tool, **options)
    assert report.as_run is None and report.certified


def test_undecided(certify_tool: Optional[str]) -> None:
    with pytest.raises(certify.Undecided) as caught:
        certify.require({"W": matrix(UNDECIDED)}, executable=certify_tool, **TANH)
    error = caught.value
    assert error.obstruction is not None and "no-constant-metric" in error.obstruction.checked
    assert error.missed_by is not None and 0.2 < error.missed_by < 0.3
    assert error.rule and error.advice and "try: " in str(error)
    report = certify.require({"W": matrix(UNDECIDED)}, verdict="undecided", executable=certify_tool, **TANH)
    assert report.verdict == "undecided" and report.rate is None


def test_equality_is_not_certified(certify_tool: Optional[str]) -> None:
    options: Options = {"form": "outside", "activation": "identity"}
    with pytest.raises(certify.NotCertified):
        certify.require({"W": matrix([[1.0]])}, executable=certify_tool, **options)
    below = math.nextafter(1.0, 0.0) if hasattr(math, "nextafter") else 1 - 2.0**-53
    assert certify.require({"W": matrix([[below]])}, executable=certify_tool, **options).certified


def test_the_rate_is_met_or_not(certify_tool: Optional[str]) -> None:
    report = certify.check({"W": matrix(CERTIFIED)}, executable=certify_tool, **TANH)
    assert report.rate is not None
    assert report.require(rate=report.rate) is report
    above = report.rate + math.ulp(report.rate)
    with pytest.raises(certify.NotCertified) as caught:
        report.require(rate=above)
    error = caught.value
    assert type(error) is certify.NotCertified and error.scope == "as-run"
    assert error.missed_by == above - report.rate and repr(report.rate) in str(error)


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ({"verdict": "sure"}, "verdict"),
        ({"rate": 0}, "rate"),
        ({"rate": -1.0}, "rate"),
        ({"rate": math.nan}, "rate"),
        ({"rate": math.inf}, "rate"),
        ({"rate": True}, "rate"),
        ({"rate": "1"}, "rate"),
        ({"rate": 1.0, "verdict": "undecided"}, "rate"),
        ({"scope": "both"}, "scope"),
    ],
)
def test_requirements_that_are_none(requirement: Any, name: str) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        certify.require({"W": matrix(CERTIFIED)}, executable="/no/such/certify", **requirement, **TANH)
    assert (caught.value.code, caught.value.name) == ("argument", name)


def test_the_report_says_what_the_json_line_says(
    certify_tool: Optional[str], certify_executable: str, tmp_path: pathlib.Path
) -> None:
    for rows in (CERTIFIED, REFUTED, UNDECIDED):
        path = tmp_path / "net.safetensors"
        path.unlink(missing_ok=True)
        manifest = '[network]\nform = "outside"\nrecurrent = "W"\nactivation = "tanh"\n[step]\nsize = 0.03\n'
        write_safetensors(str(path), tensors_of({"W": matrix(rows)}), {"certify.network": manifest})
        done = subprocess.run([certify_executable, "check", "--format", "json", path], capture_output=True)
        line = json.loads(done.stdout)
        report = certify.check(path, executable=certify_tool)
        for ours, theirs in ((report.continuous, line["continuous"]), (report.as_run, line["asRun"])):
            assert ours is not None
            for field, key in (
                ("verdict", "verdict"), ("rule", "rule"), ("rate", "rate"), ("factor", "factor"),
                ("overshoot", "overshoot"), ("maximum_step", "maximumStep"), ("scheme", "scheme"), ("step", "step"),
            ):  # fmt: skip
                assert getattr(ours, field) == theirs.get(key), field
        for field in ("model", "sha256", "verdict", "recognised", "units", "modules", "certificate"):
            assert getattr(report, field) == line[field], field
        if line["witness"] is None:
            assert report.witness is None
        else:
            assert report.witness is not None
            assert list(report.witness.active_units) == line["witness"]["activeUnits"]
        if line["obstruction"] is None:
            assert report.obstruction is None
        else:
            assert report.obstruction is not None
            assert list(report.obstruction.advice) == line["obstruction"]["try"]
            assert report.obstruction.largest_scale == line["obstruction"]["largestScale"]
        # The same weights as a state dictionary are the same file.
        same = certify.check({"W": matrix(rows)}, executable=certify_tool, **TANH)
        assert (same.sha256, same.continuous, same.as_run) == (report.sha256, report.continuous, report.as_run)


# Descriptions.


def test_the_only_square_tensor_is_recurrent(certify_tool: Optional[str]) -> None:
    state = {"W": matrix(CERTIFIED), "out": matrix([[1.0, 2.0]]), "b": vector([0.0, 0.0])}
    report = certify.check(state, form="outside", activation="tanh", step=0.03, executable=certify_tool)
    assert report.certified and report.manifest is not None and 'recurrent = "W"' in report.manifest
    state["L"] = matrix([[0.0, 0.0], [0.0, 0.0]])
    with pytest.raises(certify.RejectedInput, match="'W', 'L'") as caught:
        certify.check(state, form="outside", activation="tanh", executable=certify_tool)
    assert caught.value.name == "recurrent"
    assert certify.check(state, form="outside", activation="tanh", coupling="L", executable=certify_tool).certified


def test_sparse_rows_modules_and_metric(certify_tool: Optional[str]) -> None:
    state = {
        "p": vector([0, 1, 2], "i"),
        "j": vector([0, 1], "i"),
        "w": vector([0.5, 0.25]),
        "m": vector([1.0, 1.0]),
    }
    report = certify.require(
        state,
        form="outside",
        recurrent=certify.CompressedRows("p", "j", "w"),
        slopes=[0, 1],
        modules=[1, 1],
        time_constant=["1/10", Fraction(1, 5)],
        metric="m",
        step=Fraction(1, 100),
        executable=certify_tool,
    )
    assert report.modules == 2 and report.as_run is not None and report.as_run.step == 0.01


def test_a_layout_needs_no_description(certify_tool: Optional[str]) -> None:
    state = {"weight_hh_l0": matrix(CERTIFIED), "weight_ih_l0": matrix([[1.0], [1.0]])}
    report = certify.check(state, executable=certify_tool)
    assert report.certified and report.continuous is None and report.as_run is not None


def test_a_path_with_step_alone_and_with_more(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    path = str(tmp_path / "net.safetensors")
    certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
    half = certify.check(path, step=0.5, executable=certify_tool)
    assert half.as_run is not None and half.as_run.step == 0.5 and half.manifest is None
    steep = certify.check(path, form="outside", recurrent="W", slopes=[0, 3], executable=certify_tool)
    assert steep.verdict == "refuted" and steep.as_run is None and steep.model == path
    with pytest.raises(certify.RejectedInput) as caught:
        certify.check(path, step=-1, executable=certify_tool)
    assert caught.value.code == "configuration"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"form": "sideways"}, "manifest"),
        ({"activation": "gelu"}, "manifest"),
        ({"slopes": [-1, 1], "activation": None}, "manifest"),
        ({"recurrent": "V"}, "no_such_tensor"),
        ({"step": 0}, "manifest"),
        ({"step": "1/0"}, "manifest"),
        ({"scheme": "split"}, "manifest"),
        ({"modules": [5]}, "shape"),
    ],
)
def test_what_the_executable_refuses(certify_tool: Optional[str], options: Any, code: str) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        certify.check({"W": matrix(CERTIFIED)}, executable=certify_tool, **{**TANH, **options})
    assert caught.value.code == code and tempfile.gettempdir() not in str(caught.value)


def test_weights_that_are_not_finite(certify_tool: Optional[str]) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        certify.check({"W": matrix([[math.nan]])}, executable=certify_tool, **TANH)
    assert caught.value.code == "nonfinite" and '"W"' in str(caught.value)


def test_files_that_are_none(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    rubbish = tmp_path / "x.pt"
    rubbish.write_bytes(b"rubbish")
    for path, code in ((tmp_path / "absent", "io"), (tmp_path, "io"), (rubbish, "unknown_format")):
        for ask in (certify.check, certify.inspect):
            with pytest.raises(certify.RejectedInput) as caught:
                ask(path, executable=certify_tool)
            assert caught.value.code == code


# Names.


@pytest.mark.parametrize("seed", range(40))
def test_hostile_names_change_nothing(certify_tool: Optional[str], tmp_path: pathlib.Path, seed: int) -> None:
    source = random.Random(seed)
    weight, other = hostile_name(source, without="\0"), hostile_name(source) + "2"
    state = {weight: matrix(CERTIFIED), other: matrix(REFUTED)}
    report = certify.check(
        state, form="outside", recurrent=weight, activation="tanh", step=0.03, executable=certify_tool
    )
    plain = certify.check({"W": matrix(CERTIFIED)}, executable=certify_tool, **TANH)
    assert (report.continuous, report.as_run) == (plain.continuous, plain.as_run)
    assert [t.name for t in certify.inspect(state, executable=certify_tool).tensors] == sorted(
        state, key=lambda name: name.encode()
    )
    path = tmp_path / "net.safetensors"
    saved = certify.save_certified(
        state, path, form="outside", recurrent=weight, activation="tanh", step=0.03, executable=certify_tool
    )
    assert saved.certificate is not None
    assert certify.verify(saved.certificate, path, executable=certify_tool).certified


@pytest.mark.parametrize("seed", range(20))
def test_hostile_file_names(certify_tool: Optional[str], tmp_path: pathlib.Path, seed: int) -> None:
    name = hostile_name(random.Random(seed), without="\0").replace("/", "_") or "x"
    path = tmp_path / f"-{name}"
    try:
        report = certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
    except certify.RejectedInput as error:
        assert error.code == "io" and str(error).isprintable()
        return
    assert sorted(os.listdir(tmp_path)) == sorted([path.name, path.name + ".cert.json"])
    assert report.certificate is not None and certify.verify(report.certificate, path, executable=certify_tool)


# Certificates.


def test_a_certificate_goes_where_it_is_asked_for(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    target = tmp_path / "deep.cert.json"
    report = certify.check({"W": matrix(REFUTED)}, certificate=target, executable=certify_tool, **TANH)
    assert report.certificate == str(target) and os.listdir(tmp_path) == [target.name]
    verification = certify.verify(target, {"W": matrix(REFUTED)}, executable=certify_tool, **TANH)
    assert not verification.certified and {c.verdict for c in verification.claims} == {"refuted"}
    undecided = certify.check(
        {"W": matrix(UNDECIDED)}, certificate=tmp_path / "no.cert.json", executable=certify_tool, **TANH
    )
    assert undecided.certificate is None and os.listdir(tmp_path) == [target.name]


def test_long_arrays_come_along(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    # Arrays of more than 4,096 numbers lie beside the certificate: here the vectors of Theorem 1, and the rows.
    n = 4200
    state = {
        "p": vector(range(n + 1), "i"),
        "j": vector([(i + 1) % n for i in range(n)], "i"),
        "w": vector([0.5] * n),
    }
    ring: Options = {
        "form": "outside", "recurrent": certify.CompressedRows("p", "j", "w"), "activation": "tanh",
    }  # fmt: skip
    target = tmp_path / "long.cert.json"
    assert certify.check(state, certificate=target, executable=certify_tool, **ring).certified
    assert sorted(os.listdir(tmp_path)) == ["long.cert.json", "long.cert.safetensors"]
    assert certify.verify(target, state, executable=certify_tool, **ring).certified
    path = tmp_path / "net"
    certify.save_certified(state, path, executable=certify_tool, **ring)
    assert certify.verify(f"{path}.cert.json", path, executable=certify_tool).certified
    assert (tmp_path / "net.cert.safetensors").exists()
    # A pair without long arrays leaves none of the former one.
    certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
    assert certify.verify(f"{path}.cert.json", path, executable=certify_tool).certified
    assert not (tmp_path / "net.cert.safetensors").exists()


@pytest.mark.parametrize("name", ["x.json", "x.safetensors", "x.cert.json/", ""])
def test_names_that_no_certificate_has(certify_tool: Optional[str], tmp_path: pathlib.Path, name: str) -> None:
    with pytest.raises(certify.RejectedInput):
        target = f"{tmp_path}/{name}" if name else ""
        certify.check({"W": matrix(CERTIFIED)}, certificate=target, executable=certify_tool, **TANH)
    assert os.listdir(tmp_path) == []


def test_a_certificate_of_other_weights_does_not_hold(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    target = tmp_path / "x.cert.json"
    certify.check({"W": matrix(CERTIFIED)}, certificate=target, executable=certify_tool, **TANH)
    with pytest.raises(certify.RejectedInput) as caught:
        certify.verify(target, {"W": matrix(REFUTED)}, executable=certify_tool, **TANH)
    assert caught.value.code == "certificate" and caught.value.name
    with pytest.raises(certify.RejectedInput):
        certify.verify(tmp_path / "absent.cert.json", {"W": matrix(CERTIFIED)}, executable=certify_tool, **TANH)


def test_inspect_says_why_not(certify_tool: Optional[str]) -> None:
    inspection = certify.inspect({"W": matrix(CERTIFIED), "n": vector([1], "q")}, executable=certify_tool)
    assert inspection.recognised is None and inspection.reason and inspection.model is None
    assert [(t.name, t.dtype, t.shape) for t in inspection.tensors] == [
        ("W", "float64", (2, 2)),
        ("n", "int64", (1,)),
    ]
    assert certify.inspect({"W": matrix(CERTIFIED)}, executable=certify_tool, **TANH).recognised
