"""save_certified: a certified pair, or nothing."""

from __future__ import annotations

import os
import pathlib
import stat
import subprocess
import sys
from typing import Any, Dict, Optional

import pytest

import certify_stability as certify
from support import CERTIFIED, REFUTED, UNDECIDED, FakeTool, matrix

TANH: certify.NetworkOptions = {"form": "outside", "recurrent": "W", "activation": "tanh", "step": 0.03}


def content(folder: pathlib.Path) -> Dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_pair_is_written(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "net.safetensors"
    report = certify.save_certified({"W": matrix(CERTIFIED)}, path, rate=0.4, executable=certify_tool, **TANH)
    assert (report.model, report.certificate) == (str(path), f"{path}.cert.json")
    assert sorted(content(tmp_path)) == ["net.safetensors", "net.safetensors.cert.json"]
    again = certify.check(path, executable=certify_tool)
    assert (again.sha256, again.rate) == (report.sha256, report.rate)
    claims = certify.verify(f"{path}.cert.json", path, executable=certify_tool).claims
    assert {claim.scope for claim in claims} == {"continuous", "as-run"}


@pytest.mark.parametrize(
    ("rows", "kind"),
    [(REFUTED, certify.Refuted), (UNDECIDED, certify.Undecided), ([[1.0, 0.0], [0.0, 1.0]], certify.NotCertified)],
)
@pytest.mark.parametrize("exists", [True, False])
def test_uncertified_weights_are_not_saved(
    certify_tool: Optional[str], tmp_path: pathlib.Path, rows: Any, kind: Any, exists: bool
) -> None:
    path = tmp_path / "net.safetensors"
    if exists:
        certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
    before = content(tmp_path)
    with pytest.raises(kind):
        certify.save_certified({"W": matrix(rows)}, path, executable=certify_tool, **TANH)
    assert content(tmp_path) == before


def test_a_rate_that_is_too_small(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    with pytest.raises(certify.NotCertified):
        certify.save_certified(
            {"W": matrix(CERTIFIED)}, tmp_path / "net.safetensors", rate=0.6, executable=certify_tool, **TANH
        )
    assert content(tmp_path) == {}


def test_permissions(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "net.safetensors"
    before = os.umask(0o027)
    try:
        certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.parametrize("moves", [0, 1])
@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_replacement_puts_back_what_was_there(
    certify_tool: Optional[str],
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    moves: int,
    exists: bool,
    fault: BaseException,
) -> None:
    path = tmp_path / "net.safetensors"
    if exists:
        certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
    before = content(tmp_path)
    replace = os.replace
    done = 0

    def failing(source: Any, target: Any) -> None:
        nonlocal done
        done += 1
        if done == moves + 1:
            raise fault
        replace(source, target)

    monkeypatch.setattr("os.replace", failing)
    with pytest.raises((certify.RejectedInput, KeyboardInterrupt)):
        certify.save_certified({"W": matrix([[0.25]])}, path, executable=certify_tool, **TANH)
    assert done > moves and content(tmp_path) == before


def test_the_certificate_is_in_place_before_the_model(
    certify_tool: Optional[str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = []
    replace = os.replace

    def noting(source: Any, target: Any) -> None:
        order.append(os.path.basename(target))
        replace(source, target)

    monkeypatch.setattr("os.replace", noting)
    certify.save_certified({"W": matrix(CERTIFIED)}, tmp_path / "net", executable=certify_tool, **TANH)
    assert order == ["net.cert.json", "net"]


@pytest.mark.parametrize("moves", [0, 1])
def test_a_process_that_is_killed_leaves_no_pair_that_lies(
    certify_tool: Optional[str], tmp_path: pathlib.Path, moves: int
) -> None:
    path = tmp_path / "net"
    certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
    old = path.read_bytes()
    program = f"""
import os, sys
sys.path.insert(0, {os.path.dirname(__file__)!r})
import certify_stability as certify
from support import matrix
replace, done = os.replace, 0
def killed(source, target):
    global done
    done += 1
    if done > {moves}:
        os._exit(9)
    replace(source, target)
os.replace = killed
certify.save_certified({{"W": matrix([[0.125]])}}, {str(path)!r}, executable={certify_tool!r}, **{TANH!r})
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == 9
    assert path.read_bytes() == old
    if moves == 0:
        assert certify.verify(f"{path}.cert.json", path, executable=certify_tool).certified
    else:
        with pytest.raises(certify.RejectedInput):
            certify.verify(f"{path}.cert.json", path, executable=certify_tool)
    # The next save goes on as if nothing had happened.
    certify.save_certified({"W": matrix([[0.125]])}, path, executable=certify_tool, **TANH)
    assert certify.verify(f"{path}.cert.json", path, executable=certify_tool).certified


def test_places_that_cannot_be_written(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    blocked = tmp_path / "blocked"
    (tmp_path / "blocked.cert.json").mkdir()
    for path in (taken, blocked, tmp_path / "absent" / "net", f"{tmp_path}/new/", tmp_path / ("n" * 300)):
        with pytest.raises(certify.RejectedInput) as caught:
            certify.save_certified({"W": matrix(CERTIFIED)}, path, executable=certify_tool, **TANH)
        assert caught.value.code == "io"
    assert sorted(os.listdir(tmp_path)) == ["blocked.cert.json", "taken"]


def test_a_description_beside_the_place_means_nothing(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "net.safetensors"
    (tmp_path / "net.safetensors.certify.toml").write_text("not TOML")
    state = {"weight_hh_l0": matrix(CERTIFIED), "weight_ih_l0": matrix([[1.0], [1.0]])}
    certify.save_certified(state, path, executable=certify_tool)
    assert certify.verify(f"{path}.cert.json", path, executable=certify_tool).certified


def test_a_liar_saves_nothing(fake_tool: FakeTool, tmp_path: pathlib.Path) -> None:
    # It says certified and writes rubbish for a certificate: its own verification then has to lie as well.
    folder = tmp_path / "out"
    folder.mkdir()
    liar = fake_tool.answering(
        """
if sys.argv[1] == 'verify':
    print(json.dumps({'schema': 'certify.verification/v1', 'model': path, 'verified': True, 'claims': [
        {'scope': 'continuous', 'verdict': 'certified', 'rule': 'x', 'rate': 0.5}]}))
    sys.exit(0)
a['certificate'] = os.getcwd() + '/' + path + '.cert.json'
open(a['certificate'], 'w').write('rubbish')
"""
    )
    with pytest.raises(certify.ToolFailed, match="its certificate claims"):
        certify.save_certified({"W": matrix(CERTIFIED)}, folder / "net", executable=liar, **TANH)
    assert os.listdir(folder) == []


@pytest.mark.parametrize("state", [[1], "path", None])
def test_only_a_state_dictionary_is_saved(state: Any, tmp_path: pathlib.Path) -> None:
    with pytest.raises(certify.RejectedInput):
        certify.save_certified(state, tmp_path / "net", **TANH)
