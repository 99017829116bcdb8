"""The C library: the answers of the executable, byte for byte, from any thread and for any bytes."""

from __future__ import annotations

import ctypes
import json
import os
import pathlib
import platform
import random
import re
import resource
import subprocess
import sys
import threading
from typing import Any, Dict, List, Optional

import pytest

import certify_stability as certify
from certify_stability.library import FILE_NAME, Library, load_library
from certify_stability.safetensors import safetensors_bytes
from certify_stability.tensors import tensors_of
from support import CERTIFIED, REFUTED, UNDECIDED, hostile_name, matrix, vector

TANH: certify.NetworkOptions = {"form": "outside", "recurrent": "W", "activation": "tanh", "step": 0.03}
MANIFEST = '[network]\nform = "outside"\nrecurrent = "W"\nactivation = "tanh"\n[step]\nsize = 0.03\n'


@pytest.fixture
def library(certify_library: str) -> Library:
    return load_library(certify_library)


def model(rows: Any, manifest: Optional[str] = MANIFEST) -> bytes:
    metadata = {} if manifest is None else {"certify.network": manifest}
    return safetensors_bytes(tensors_of({"W": matrix(rows)}), metadata)


def timeless(line: bytes) -> bytes:
    return re.sub(rb'"seconds":[0-9.e-]+', b'"seconds":0', line)


# The same answers.


def same(library: Library, executable: str, folder: pathlib.Path, command: str, data: bytes, **options: str) -> int:
    """Asks both for a model in memory and in a file; the exit status, which both agree on."""
    name = options.pop("model", "net.safetensors")
    (folder / name).write_bytes(data)
    arguments = [f"--{key}={value}" for key, value in options.items() if key not in ("scope", "certificate")]
    if "scope" in options:
        arguments.append("--" + options["scope"])
    files = [options["certificate"]] if "certificate" in options else []
    done = subprocess.run(
        [executable, command, "--format", "json", *arguments, "--", *files, name], cwd=folder, capture_output=True
    )
    if files:
        options["certificate"] = os.fspath(folder / files[0])
    answer = library.call(command, data, {"model": name, **options})
    expected = timeless(done.stdout)
    if files:
        expected = expected.replace(json.dumps(files[0]).encode(), json.dumps(options["certificate"]).encode(), 1)
        expected = expected.replace(b"\\/", b"/")
    assert timeless(answer.stdout) == expected
    assert (answer.status, answer.stderr) == (done.returncode, done.stderr.decode())
    return answer.status


@pytest.mark.parametrize(
    ("rows", "options", "status"),
    [
        (CERTIFIED, {}, 0),
        (REFUTED, {}, 1),
        (UNDECIDED, {}, 5),
        (CERTIFIED, {"scope": "continuous"}, 0),
        (CERTIFIED, {"scope": "as-run", "step": "5"}, 1),
        (CERTIFIED, {"step": "1/3", "scheme": "exponential"}, 0),
        (CERTIFIED, {"tube": "float32"}, 0),
        (CERTIFIED, {"rate": "0.4"}, 0),
        (CERTIFIED, {"rate": "0.6"}, 1),
        (CERTIFIED, {"step": "-1"}, 4),
        (CERTIFIED, {"step": "1e999"}, 4),
        (CERTIFIED, {"scheme": "leapfrog\x1b[2J"}, 4),
        (CERTIFIED, {"scheme": "split"}, 4),
        (CERTIFIED, {"tube": "float8"}, 4),
        ([[float("nan")]], {}, 3),
    ],
)
def test_every_byte_is_the_executable_s(
    library: Library, certify_executable: str, tmp_path: pathlib.Path, rows: Any, options: Dict[str, Any], status: int
) -> None:
    data = model(rows)
    if "rate" in options:
        # A number here, a text there.
        (tmp_path / "net").write_bytes(data)
        command = [certify_executable, "check", "--format", "json", f"--rate={options['rate']}", "net"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True)
        answer = library.call("check", data, {"model": "net", "rate": float(options["rate"])})
        assert timeless(answer.stdout) == timeless(done.stdout)
        assert answer.status == done.returncode == status
        return
    assert same(library, certify_executable, tmp_path, "check", data, **options) == status


@pytest.mark.parametrize("seed", range(30))
def test_hostile_names_in_the_options(
    library: Library, certify_executable: str, tmp_path: pathlib.Path, seed: int
) -> None:
    name = hostile_name(random.Random(seed), without="\0/") or "x"
    same(library, certify_executable, tmp_path, "check", model(CERTIFIED), model="m" + name)
    same(library, certify_executable, tmp_path, "inspect", model(REFUTED), model="m" + name)


def test_inspect_and_verify(library: Library, certify_executable: str, tmp_path: pathlib.Path) -> None:
    data = model(CERTIFIED)
    assert same(library, certify_executable, tmp_path, "inspect", data) == 0
    assert same(library, certify_executable, tmp_path, "inspect", b"rubbish") == 3
    assert same(library, certify_executable, tmp_path, "inspect", model(CERTIFIED, None)) == 0
    written = library.call("check", data, {"model": "net.safetensors", "certificates": os.fspath(tmp_path)})
    certificate = tmp_path / "net.safetensors.cert.json"
    assert written.status == 0 and certificate.exists()
    ours = certificate.read_bytes()
    command = [certify_executable, "check", "--certificates", ".", "net.safetensors"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 3
    (tmp_path / "net.safetensors").write_bytes(data)
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    assert certificate.read_bytes() == ours
    assert same(library, certify_executable, tmp_path, "verify", data, certificate=certificate.name) == 0
    assert same(library, certify_executable, tmp_path, "verify", model(REFUTED), certificate=certificate.name) == 3


def test_damaged_models(library: Library, certify_executable: str, tmp_path: pathlib.Path) -> None:
    source = random.Random(7)
    data = model(CERTIFIED)
    statuses = set()
    for _ in range(25):
        damaged = bytearray(data)
        for _ in range(source.randrange(1, 4)):
            damaged[source.randrange(len(damaged))] = source.randrange(256)
        cut = bytes(damaged[: source.randrange(len(data) + 1)]) if source.random() < 0.3 else bytes(damaged)
        statuses.add(same(library, certify_executable, tmp_path, "check", cut))
    assert 3 in statuses and statuses <= {0, 1, 3, 5}


# Whatever it is given.


@pytest.mark.parametrize(
    "magic", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"\x80\x02", b"\x10\0\0\0\0\0\0\0{", b"\xff" * 9]
)
def test_rubbish_is_rejected_and_nothing_else(library: Library, magic: bytes) -> None:
    source = random.Random(3)
    for command in ("check", "inspect"):
        for size in (0, 1, 7, 300):
            data = magic + bytes(source.randrange(256) for _ in range(size))
            answer = library.call(command, data, {})
            assert answer.status == 3 and json.loads(answer.stdout)["verdict"] == "rejected"


@pytest.mark.parametrize(
    "options",
    [
        b"", b"{", b"[]", b"null", b"1", b'{"model": 1}', b'{"model": null}', b'{"sense": "x"}', b'{"step": "x"}',
        b'{"step": true}', b'{"step": 0}', b'{"step": -1e400}', b'{"rate": 0}', b'{"rate": "1"}', b'{"rate": 1e400}',
        b'{"scope": "both"}', b'{"scheme": ""}', b'{"model": "a\\u0000b"}', b'{"model": "\xff"}',
        b'{"model": "\\ud800"}',
        b'{"manifestName": "x"}', b'{"model": "a", "model": "b"}', b'{"certificates": "/proc/nowhere"}',
        b'{"certificate": "x"}', b'{"tube": "float32", "scope": "continuous"}', b"[" * 100_000,
        b'{"manifest": "\\u0000"}', b'{"manifest": "[network]\\nform = 1"}',
    ],
)  # fmt: skip
def test_requests_that_are_none(certify_library: str, library: Library, options: bytes) -> None:
    status = ctypes.c_int32(-1)
    functions = ctypes.CDLL(certify_library)
    functions.certify_check.restype = ctypes.c_void_p
    functions.certify_check.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_void_p]
    data = model(CERTIFIED, None)
    reply = functions.certify_check(data, len(data), options, ctypes.addressof(status))
    fields = json.loads(ctypes.string_at(reply))
    functions.certify_free(ctypes.c_void_p(reply))
    assert status.value == 4
    if fields["schema"] == "certify.error/v1":
        assert (fields["kind"], fields["status"]) == ("usage", 4) and fields["message"].isprintable()
    else:
        assert (fields["verdict"], fields["code"]) == ("rejected", "configuration")


def test_no_bytes_no_path_no_status(certify_library: str) -> None:
    functions = ctypes.CDLL(certify_library)
    functions.certify_check.restype = ctypes.c_void_p
    functions.certify_check.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_void_p]
    functions.certify_free.argtypes = [ctypes.c_void_p]
    functions.certify_free(None)
    for data, size in ((None, 0), (None, 5), (b"", 1 << 63), (b"x", 0)):
        reply = functions.certify_check(data, size, None, None)
        fields = json.loads(ctypes.string_at(reply))
        assert fields["schema"] == ("certify.verdict/v1" if data == b"x" else "certify.error/v1")
        functions.certify_free(reply)


def test_what_fails_says_what(library: Library) -> None:
    answer = library.call("verify", b"", {})
    assert (answer.status, answer.stdout) == (4, b"") and '"certificate" is needed' in answer.stderr
    assert library.call("check", None, {"model": "/absent"}).status == 3
    assert library.version == certify.__version__


# From many threads, in a process that has other things to do.


def test_threads(library: Library) -> None:
    models = [model(rows) for rows in (CERTIFIED, REFUTED, UNDECIDED)] + [b"rubbish"]
    ring = vector([0.5] * 300)
    rows = [[0.0] * 300 for _ in range(300)]
    for i, weight in enumerate(ring):
        rows[i][(i + 1) % 300] = weight
    models.append(model(rows))
    alone = [timeless(library.call("check", data, {}).stdout) for data in models]
    wrong: List[object] = []

    def work(seed: int) -> None:
        # A thread of the caller may have little stack; the library has its own.
        source = random.Random(seed)
        for _ in range(6):
            k = source.randrange(len(models))
            if timeless(library.call("check", models[k], {}).stdout) != alone[k]:
                wrong.append(k)

    before = threading.stack_size(64 << 10)
    try:
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
    finally:
        threading.stack_size(before)
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_is_judged_where_rounding_is_another(library: Library) -> None:
    upward = {"x86_64": 0x800, "aarch64": 0x400000}.get(platform.machine())
    if upward is None:
        pytest.skip(f"which number rounds upwards on {platform.machine()} is not known here")
    libm = ctypes.CDLL("libm.so.6")
    data = model([[0.3, 0.1], [0.7, -0.4]])
    usual = library.call("check", data, {}).stdout
    raw, status = ctypes.CDLL(library.path).certify_check, ctypes.c_int32()
    raw.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_void_p]
    raw.restype = ctypes.c_char_p
    before = libm.fegetround()
    assert libm.fesetround(upward) == 0
    try:
        obstacle = library.obstacle
        with pytest.raises(certify.ToolFailed):
            library.call("check", data, {})
        reply = raw(data, len(data), b"{}", ctypes.byref(status))
        after = libm.fegetround()
    finally:
        libm.fesetround(before)
    assert obstacle is not None and "rounds" in obstacle
    assert status.value == 4 and json.loads(reply)["kind"] == "usage" and b"rounds otherwise" in reply
    assert after == upward and library.obstacle is None
    assert timeless(library.call("check", data, {}).stdout) == timeless(usual)


def test_the_caller_keeps_its_threads_of_openblas(library: Library) -> None:
    try:
        blas = ctypes.CDLL("libopenblas.so.0")
    except OSError as error:
        pytest.skip(str(error))
    before = blas.openblas_get_num_threads()
    blas.openblas_set_num_threads(2)
    try:
        if blas.openblas_get_num_threads() != 2:
            pytest.skip("OpenBLAS has one thread here")
        assert library.call("check", model(UNDECIDED), {}).status == 5
        assert blas.openblas_get_num_threads() == 2
    finally:
        blas.openblas_set_num_threads(before)


def test_replies_are_given_back(library: Library) -> None:
    data = model(CERTIFIED)[:40] + b"x" * (1 << 20)
    for _ in range(20):
        library.call("check", data, {})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        library.call("check", data, {})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 << 10


# Which of the two answers.


def test_an_order_of_places(
    certify_executable: str, certify_library: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(certify.ToolNotFound):
        certify.backend()
    tool = tmp_path / "certify"
    tool.write_text(f'#!/bin/sh\nexec "{certify_executable}" "$@"\n')
    tool.chmod(0o755)
    assert certify.backend() == certify.Backend("executable", os.fspath(tool))
    beside = tmp_path / FILE_NAME
    beside.write_text("not a library")
    assert certify.backend().kind == "executable"
    beside.unlink()
    beside.symlink_to(certify_library)
    found = certify.backend()
    assert found.kind == "library" and os.path.samefile(found.path, certify_library)
    assert certify.check({"W": matrix(CERTIFIED)}, **TANH).certified
    # What can be stopped is a process.
    assert certify.backend(timeout=60).kind == "executable"
    assert certify.check({"W": matrix(CERTIFIED)}, timeout=60, **TANH).certified
    assert certify.backend(tool).kind == "executable"
    # An executable that is named stands before a library that is not.
    monkeypatch.setenv("CERTIFY", os.fspath(tool))
    assert certify.backend().kind == "executable"
    monkeypatch.setenv("CERTIFY_LIBRARY", certify_library)
    assert certify.backend().kind == "library" and certify.backend(tool).kind == "executable"


def test_a_library_that_is_named_and_wrong(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "text.so"
    text.write_text("not a library")
    other = tmp_path / "other.so"
    other.symlink_to("/proc/self/exe")
    for path in (tmp_path / "absent.so", tmp_path, text, other):
        monkeypatch.setenv("CERTIFY_LIBRARY", os.fspath(path))
        with pytest.raises(certify.ToolNotFound, match="CERTIFY_LIBRARY="):
            certify.check({"W": matrix(CERTIFIED)}, **TANH)


def test_a_time_limit_without_an_executable(
    certify_library: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.setenv("CERTIFY_LIBRARY", certify_library)
    assert certify.check({"W": matrix(CERTIFIED)}, **TANH).certified
    with pytest.raises(certify.ToolNotFound, match="time limit"):
        certify.check({"W": matrix(CERTIFIED)}, timeout=60, **TANH)


def test_a_forked_process_calls_the_executable(certify_executable: str, certify_library: str) -> None:
    program = f"""
import os, sys
sys.path.insert(0, {os.path.dirname(__file__)!r})
import certify_stability as certify
from support import CERTIFIED, matrix
assert certify.backend().kind == "library"
if os.fork() == 0:
    # Nothing was called before: it works here.
    assert certify.check({{"W": matrix(CERTIFIED)}}, **{TANH!r}).certified
    os._exit(0 if certify.backend().kind == "library" else 3)
assert os.wait()[1] == 0
assert certify.check({{"W": matrix(CERTIFIED)}}, **{TANH!r}).certified
if os.fork() == 0:
    assert certify.backend().kind == "executable"
    assert certify.check({{"W": matrix(CERTIFIED)}}, **{TANH!r}).certified
    os.environ["CERTIFY"] = os.environ["PATH"] = ""
    try:
        certify.check({{"W": matrix(CERTIFIED)}}, **{TANH!r})
    except certify.ToolNotFound as error:
        os._exit(0 if "forked" in str(error) else 4)
    os._exit(5)
assert os.wait()[1] == 0
assert certify.backend().kind == "library"
"""
    environment = {**os.environ, "CERTIFY": certify_executable, "CERTIFY_LIBRARY": certify_library}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
