"""Calls certify as a C library, in this process: `certify.h` of the repository says what its functions take."""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
from typing import Dict, Mapping, Optional, Tuple

from .errors import ToolFailed
from .tool import Answer

__all__ = ["FILE_NAME", "Library", "LibraryFault", "load_library"]

#: How the file is called that the product `certify-c` builds.
FILE_NAME = "libcertify-c.so"


class LibraryFault(Exception):
    """A file that is not this library, or cannot be loaded."""


class Library:
    """The library at a path. Calls may come from several threads; none can be stopped before its end."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            functions = ctypes.CDLL(path)
            self._judge = {name: getattr(functions, f"certify_{name}") for name in ("check", "inspect", "verify")}
            self._free = functions.certify_free
            version = functions.certify_version
        except (OSError, AttributeError) as error:
            raise LibraryFault(str(error)) from error
        for function in self._judge.values():
            function.argtypes = [
                ctypes.c_char_p,
                ctypes.c_size_t,
                ctypes.c_char_p,
                ctypes.POINTER(ctypes.c_int32),
            ]
            function.restype = ctypes.c_void_p
        self._free.argtypes = [ctypes.c_void_p]
        self._free.restype = None
        version.argtypes = []
        version.restype = ctypes.c_char_p
        self.version = str(version(), "ascii")
        self._process: Optional[int] = None

    @property
    def obstacle(self) -> Optional[str]:
        """Where it cannot answer: after a fork, which its threads do not survive, and in other arithmetic."""
        if self._process not in (None, os.getpid()):
            return "a process that was forked after its first use"
        if not _default_arithmetic():
            return "a thread that rounds otherwise than to nearest, or flushes subnormal numbers to zero"
        return None

    def call(self, command: str, model: Optional[bytes], options: Mapping[str, object]) -> Answer:
        """What the executable would have answered to `command`.

        Args:
            model: the bytes of a model; None for the file that the option `model` names.

        Raises:
            ToolFailed: no memory, or an obstacle.
        """
        obstacle = self.obstacle
        if obstacle is not None:
            raise ToolFailed(self.path, None, f"it cannot answer {obstacle}", "")
        self._process = os.getpid()
        status = ctypes.c_int32(-1)
        size = 0 if model is None else len(model)
        reply = self._judge[command](model, size, json.dumps(dict(options)).encode("ascii"), ctypes.byref(status))
        if not reply:
            raise ToolFailed(self.path, None, "no memory for an answer", "")
        try:
            line = ctypes.string_at(reply)
        finally:
            self._free(reply)
        return _as_executable(Answer(self.path, status.value, line + b"\n", ""))


def _default_arithmetic() -> bool:
    one, small, least = float(len(FILE_NAME) > 0), 2.0**-60, sys.float_info.min
    return one + small == one and one - small == one and -one - small == -one and least / 2 > 0


def _as_executable(answer: Answer) -> Answer:
    """An error goes where the executable writes it, to standard error."""
    if answer.status not in (2, 4):
        return answer
    try:
        fields = json.loads(answer.stdout)
        is_error = fields["schema"] == "certify.error/v1"
        message = fields["message"] if is_error else ""
    except (ValueError, TypeError, KeyError, RecursionError):
        return answer
    if not is_error or not isinstance(message, str):
        return answer
    return Answer(answer.executable, answer.status, b"", f"certify: {message}\n")


_loaded: Dict[Tuple[str, int, int], Library] = {}
_lock = threading.Lock()


def load_library(path: str) -> Library:
    """The library at a path, loaded once.

    Raises:
        LibraryFault: it cannot be loaded, or is another one.
    """
    try:
        found = os.stat(path)
    except OSError as error:
        raise LibraryFault(error.strerror or str(error)) from error
    key = (os.path.realpath(path), found.st_ino, found.st_mtime_ns)
    with _lock:
        if key not in _loaded:
            _loaded[key] = Library(os.path.abspath(path))
        return _loaded[key]
