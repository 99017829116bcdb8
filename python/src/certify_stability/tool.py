"""Finds and runs the executable."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass
from typing import IO, List, Optional, Sequence, Tuple, Union

from .errors import RejectedInput, ToolFailed, ToolNotFound

__all__ = ["Answer", "find_executable", "run"]

#: The longest answer that is read, in bytes.
LONGEST_ANSWER = 256 << 20
#: How much of standard error is kept, in bytes.
KEPT_OF_STDERR = 8 << 10

PathText = Union[str, "os.PathLike[str]"]


def find_executable(executable: Optional[PathText] = None) -> str:
    """The absolute path of the executable: the argument, else $CERTIFY, else `certify` on PATH.

    A place that is named and wrong is an error; the next one is not tried in its stead.

    Raises:
        ToolNotFound: with each place and what is wrong there.
    """
    if executable is not None:
        return _named(os.fspath(executable), "executable=")
    variable = os.environ.get("CERTIFY")
    if variable:
        return _named(variable, "$CERTIFY=")
    found = shutil.which("certify")
    if found is None:
        raise ToolNotFound(("no argument executable", "CERTIFY is not set", "no certify on PATH"))
    return os.path.abspath(found)


def _named(name: str, origin: str) -> str:
    if os.path.dirname(name):
        if not os.path.exists(name):
            raise ToolNotFound((f"{origin}{name} does not exist",))
        if not os.path.isfile(name) or not os.access(name, os.X_OK):
            raise ToolNotFound((f"{origin}{name} is not a file that can be executed",))
        return os.path.abspath(name)
    found = shutil.which(name)
    if found is None:
        raise ToolNotFound((f"{origin}{name} is not on PATH",))
    return os.path.abspath(found)


@dataclass(frozen=True)
class Answer:
    """What one run of the executable gave."""

    executable: str
    status: int
    stdout: bytes
    stderr: str

    def failed(self, reason: str) -> ToolFailed:
        return ToolFailed(self.executable, self.status, reason, self.stderr)


def run(
    executable: str,
    arguments: Sequence[str],
    *,
    folder: Optional[str] = None,
    timeout: Optional[float] = None,
) -> Answer:
    """Runs the executable to its end, without a shell.

    It is stopped, together with what it started, when it takes longer than `timeout` seconds, when it answers
    endlessly, and when the caller is interrupted.

    Raises:
        ToolFailed: it could not be started, was stopped, or ended by a signal.
        RejectedInput: an argument that no program can be given.
    """
    for argument in arguments:
        if "\0" in argument:
            raise RejectedInput("argument", argument, "a NUL character in an argument")
    try:
        process = subprocess.Popen(
            [executable, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ToolFailed(executable, None, f"cannot be started: {error}", "") from error
    assert process.stdout is not None and process.stderr is not None
    tail: List[bytes] = []
    drain = threading.Thread(target=_keep_tail, args=(process.stderr, tail), daemon=True)
    drain.start()
    expired = threading.Event()
    timer: Optional[threading.Timer] = None
    if timeout is not None:
        timer = threading.Timer(timeout, _expire, (process, expired))
        timer.daemon = True
        timer.start()
    try:
        stdout = process.stdout.read(LONGEST_ANSWER + 1)
        too_long = len(stdout) > LONGEST_ANSWER
        if too_long:
            _stop(process)
        status = process.wait()
    except BaseException:
        _stop(process)
        process.wait()
        raise
    finally:
        if timer is not None:
            timer.cancel()
        drain.join(timeout=5)
        process.stdout.close()
        process.stderr.close()
    stderr = b"".join(tail).decode("utf-8", "replace")
    if expired.is_set():
        raise ToolFailed(executable, None, f"stopped after {timeout:g} s", stderr)
    if too_long:
        raise ToolFailed(executable, None, f"its answer is longer than {LONGEST_ANSWER} bytes", stderr)
    if status < 0:
        raise ToolFailed(executable, status, f"ended by {_signal_name(-status)}", stderr)
    return Answer(executable, status, stdout, stderr)


def _keep_tail(stream: IO[bytes], tail: List[bytes]) -> None:
    kept = b""
    try:
        while True:
            chunk = stream.read1(1 << 16)  # type: ignore[attr-defined]
            if not chunk:
                break
            kept = (kept + chunk)[-KEPT_OF_STDERR:]
            tail[:] = [kept]
    except ValueError:
        # Closed meanwhile by the reader of standard output.
        pass


def _expire(process: "subprocess.Popen[bytes]", expired: threading.Event) -> None:
    if process.poll() is None:
        expired.set()
        _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends the session that was started for the executable."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def split_lines(answer: Answer) -> Tuple[str, ...]:
    """The lines of the answer; ToolFailed if it is not UTF-8."""
    try:
        text = answer.stdout.decode("utf-8")
    except UnicodeDecodeError as error:
        raise answer.failed(f"its answer is not UTF-8: {error}") from error
    return tuple(line for line in text.split("\n") if line)
