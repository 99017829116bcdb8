"""Executables that are missing, fail, or say what cannot be believed."""

from __future__ import annotations

import copy
import os
import pathlib
import pickle
import signal
import time
from typing import Any

import pytest

import certify_stability as certify
from support import CERTIFIED, FakeTool, matrix


def ask(tool: str, **more: Any) -> certify.Report:
    return certify.check({"W": matrix(CERTIFIED)}, form="outside", activation="tanh", executable=tool, **more)


def failure(tool: str, **more: Any) -> certify.ToolFailed:
    with pytest.raises(certify.ToolFailed) as caught:
        ask(tool, **more)
    assert str(caught.value).isprintable() and caught.value.executable == tool
    return caught.value


# Finding it.


def test_argument_then_variable_then_path(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = {}
    for name in ("argument", "variable", "path"):
        folder = tmp_path / name
        folder.mkdir()
        tools[name] = folder / "certify"
        tools[name].write_text("#!/bin/sh\n")
        tools[name].chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(tools["path"].parent))
    assert certify.find_executable() == os.fspath(tools["path"])
    monkeypatch.setenv("CERTIFY", os.fspath(tools["variable"]))
    assert certify.find_executable() == os.fspath(tools["variable"])
    assert certify.find_executable(tools["argument"]) == os.fspath(tools["argument"])
    monkeypatch.setenv("CERTIFY", "")
    assert certify.find_executable() == os.fspath(tools["path"])
    assert certify.find_executable("certify") == os.fspath(tools["path"])


def test_nowhere(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(certify.ToolNotFound) as caught:
        certify.check({"W": matrix(CERTIFIED)}, form="outside", activation="tanh")
    assert all(word in str(caught.value) for word in ("executable=", "CERTIFY", "PATH"))
    assert len(caught.value.tried) == 3


def test_a_place_that_is_named_and_wrong_is_not_passed_over(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "certify"
    good.write_text("#!/bin/sh\n")
    good.chmod(0o755)
    plain = tmp_path / "plain"
    plain.write_text("")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.setenv("CERTIFY", os.fspath(tmp_path / "absent"))
    with pytest.raises(certify.ToolNotFound, match=r"\$CERTIFY=.*absent does not exist"):
        certify.find_executable()
    with pytest.raises(certify.ToolNotFound, match="not a file that can be executed"):
        certify.find_executable(plain)
    with pytest.raises(certify.ToolNotFound, match="not a file that can be executed"):
        certify.find_executable(tmp_path)
    with pytest.raises(certify.ToolNotFound, match="not on PATH"):
        certify.find_executable("no-such-program")


def test_it_cannot_be_started(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "certify"
    path.write_bytes(b"\x7fELF rubbish")
    path.chmod(0o755)
    assert failure(os.fspath(path)).status is None


# Believing it.


def test_an_honest_answer_is_believed(fake_tool: FakeTool) -> None:
    report = ask(fake_tool.answering())
    assert report.certified and report.rate == 0.25 and report.model is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("rubbish\n", 0),
        ("rubbish\n", 5),
        ("", 0),
        ("", 1),
        ("", 5),
        ("", 77),
        ("{}\n", 0),
        ("[]\n", 0),
        ("null\n", 0),
        ("{}\n{}\n", 0),
        ("[" * 100_000, 0),
        ('{"schema": "certify.verdict/v2"}\n', 0),
        ("\x00\x1b[2J\n", 0),
    ],
)
def test_rubbish(fake_tool: FakeTool, text: str, status: int) -> None:
    assert failure(fake_tool.printing(text, status)).status == status


def test_an_answer_that_is_not_text(fake_tool: FakeTool) -> None:
    failure(fake_tool.program(r"sys.stdout.buffer.write(b'\xff\xfe\n')"))


@pytest.mark.parametrize(
    "change",
    [
        "a['verdict'] = 'refuted'",
        "a['verdict'] = 'Certified'",
        "a['verdict'] = True",
        "del a['verdict']",
        "a['schema'] = 'certify.inspect/v1'",
        "a['model'] = 'another'",
        "a['sha256'] = '0' * 64",
        "a['sha256'] = None",
        "a['sha256'] = a['sha256'].upper()",
        "a['continuous'] = a['asRun'] = None",
        "a['continuous']['verdict'] = 'undecided'",
        "a['continuous']['rate'] = 0.0",
        "a['continuous']['rate'] = -1.0",
        "a['continuous']['rate'] = float('nan')",
        "a['continuous']['rate'] = float('inf')",
        "a['continuous']['rate'] = '0.5'",
        "a['continuous']['rate'] = True",
        "a['continuous']['rate'] = None",
        "a['continuous']['rate'] = 10 ** 400",
        "a['continuous']['rule'] = None",
        "a['continuous'] = [1]",
        "a['asRun']['factor'] = 1.0",
        "a['asRun']['factor'] = -0.5",
        "del a['asRun']['factor']",
        "a['asRun']['step'] = 0",
        "a['units'] = -1",
        "a['units'] = 2.0",
        "a['seconds'] = 'soon'",
        "a['witness'] = {'scope': 'continuous', 'rule': 'x', 'activeUnits': []}",
        "a['obstruction'] = {'scope': 'continuous', 'reason': 'x', 'try': [], 'checked': []}",
        "a['obstruction'] = {}",
        "a['later'] = float('nan')",
        "print(json.dumps(a).replace('\"rate\": 0.5', '\"rate\": 1e400')); sys.exit(0)",
        "a['certificate'] = '/etc/passwd'",
        "a['recognised'] = 3",
        "print('{}')",
        "print(json.dumps(a)[:-1] + ', \"verdict\": \"certified\"}'); sys.exit(0)",
    ],
)
def test_a_lie_or_a_slip_is_not_believed(fake_tool: FakeTool, change: str) -> None:
    failure(fake_tool.answering(change))


@pytest.mark.parametrize("status", [1, 2, 3, 4, 5, 6, 255])
def test_certified_with_another_exit_status(fake_tool: FakeTool, status: int) -> None:
    assert failure(fake_tool.answering(status=status)).status == status


def test_a_certificate_that_is_not_there(fake_tool: FakeTool, tmp_path: pathlib.Path) -> None:
    target = tmp_path / "x.cert.json"
    for claimed in ("'/etc/passwd'", "None", "sys.argv[4].partition('=')[2] + '/absent'"):
        tool = fake_tool.answering(f"a['certificate'] = {claimed}")
        failure(tool, certificate=target)
    assert not target.exists()


def test_fields_of_a_later_version_are_passed_over(fake_tool: FakeTool) -> None:
    assert ask(fake_tool.answering("a['more'] = a['asRun']['more'] = [1]")).certified


# Its end.


def test_a_signal(fake_tool: FakeTool) -> None:
    error = failure(fake_tool.program("os.kill(os.getpid(), 11)"))
    assert error.status == -11 and "SIGSEGV" in str(error)


def test_internal_error_shows_what_it_said(fake_tool: FakeTool) -> None:
    error = failure(fake_tool.printing("", 2, "certify: internal error:\x1b[2J out of luck\n"))
    assert "out of luck" in str(error) and error.status == 2


def test_a_usage_error_of_an_option_is_the_caller_s(fake_tool: FakeTool) -> None:
    with pytest.raises(certify.RejectedInput, match="--step -1: expected") as caught:
        ask(fake_tool.printing("", 4, "certify: --step -1: expected a positive number\n"))
    assert caught.value.code == "configuration"
    # What its parser does not know is a matter of versions.
    failure(fake_tool.printing("", 4, "Error: Unknown option '--format'\n"))


def test_it_is_stopped(fake_tool: FakeTool) -> None:
    start = time.monotonic()
    error = failure(fake_tool.program("import subprocess; subprocess.run(['sleep', '60'])"), timeout=0.5)
    assert time.monotonic() - start < 20
    assert error.status is None and "0.5 s" in str(error)


def test_it_ends_with_its_caller(fake_tool: FakeTool, tmp_path: pathlib.Path) -> None:
    class Interrupted(BaseException):
        pass

    def interrupt(*_: Any) -> None:
        raise Interrupted

    seen = tmp_path / "pid"
    tool = fake_tool.program(
        f"open({os.fspath(seen)!r} + '~', 'w').write(str(os.getpid()))\n"
        f"os.rename({os.fspath(seen)!r} + '~', {os.fspath(seen)!r})\n"
        "time.sleep(60)"
    )
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 2)
        with pytest.raises(Interrupted):
            ask(tool)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(ProcessLookupError):
        os.kill(int(seen.read_text()), 0)


def test_endless_answers(fake_tool: FakeTool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certify_stability.tool.LONGEST_ANSWER", 1 << 16)
    endless = "while True: sys.stdout.write('x' * 4096)"
    assert "longer than" in str(failure(fake_tool.program(endless)))


def test_much_on_standard_error_blocks_nothing(fake_tool: FakeTool) -> None:
    noisy = fake_tool.answering("sys.stderr.write('x' * (1 << 20) + 'END'); sys.stderr.flush()")
    assert ask(noisy).certified
    error = failure(fake_tool.program("sys.stderr.write('x' * (1 << 20) + 'END'); sys.exit(2)"))
    assert error.stderr.endswith("END") and len(error.stderr) <= 8192


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), True, "1"])
def test_times_that_are_none(fake_tool: FakeTool, timeout: Any) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        ask(fake_tool.answering(), timeout=timeout)
    assert caught.value.name == "timeout"


# What is left behind, and what the program sees.


@pytest.mark.parametrize("status", [0, 2])
def test_temporary_files_are_private_and_removed(
    fake_tool: FakeTool, private_temporary: pathlib.Path, tmp_path: pathlib.Path, status: int
) -> None:
    seen = tmp_path / "seen"
    spy = f"open({os.fspath(seen)!r}, 'w').write(os.getcwd() + ' ' + oct(os.stat('.').st_mode & 0o777))"
    tool = fake_tool.answering(spy, status)
    if status == 0:
        ask(tool)
    else:
        failure(tool)
    folder, mode = seen.read_text().split()
    assert mode == "0o700" and folder.startswith(os.fspath(private_temporary))
    assert list(private_temporary.iterdir()) == []


def test_no_shell_and_no_option_from_a_name(fake_tool: FakeTool, tmp_path: pathlib.Path) -> None:
    seen = tmp_path / "seen"
    tool = fake_tool.program(f"open({os.fspath(seen)!r}, 'w').write(json.dumps(sys.argv[1:]))")
    with pytest.raises(certify.ToolFailed):
        certify.check("--exit-zero $(id)\n", step="1/3", executable=tool)
    assert seen.read_text() == '["check", "--format", "json", "--step=1/3", "--", "--exit-zero $(id)\\n"]'


@pytest.mark.parametrize("model", ["", "a\0b", b"bytes", 3, None, object()])
def test_models_that_are_none(fake_tool: FakeTool, model: Any) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        certify.check(model, executable=fake_tool.answering())
    assert (caught.value.code, caught.value.name) == ("argument", "model")


# The exceptions themselves.


def test_exceptions_travel_between_processes(fake_tool: FakeTool) -> None:
    report = ask(fake_tool.answering())
    errors = [
        certify.Refuted(report, "as-run", "unstable-vertex", "x", None, ("y",)),
        certify.RejectedInput("code", "name", "reason"),
        certify.ToolNotFound(("here",)),
        certify.ToolFailed("certify", 2, "reason", "said"),
    ]
    for error in errors:
        for same in (copy.copy(error), pickle.loads(pickle.dumps(error))):
            assert type(same) is type(error) and str(same) == str(error)
    assert issubclass(certify.Refuted, certify.NotCertified)
    assert issubclass(certify.Undecided, certify.NotCertified)
    assert not issubclass(certify.RejectedInput, certify.NotCertified)
