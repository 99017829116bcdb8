"""Which of the two answers: the executable, or the C library."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal, Optional, Tuple, Union

from .errors import ToolNotFound
from .library import FILE_NAME, Library, LibraryFault, load_library
from .tool import PathText, find_executable

__all__ = ["Backend", "backend", "choose"]

#: An absolute path of the executable, or the library.
Tool = Union[str, Library]


@dataclass(frozen=True)
class Backend:
    """What answers, and where it is."""

    kind: Literal["executable", "library"]
    path: str


def backend(executable: Optional[PathText] = None, timeout: Optional[float] = None) -> Backend:
    """What answers a call with these arguments.

    The first of: the executable of the argument; the library that $CERTIFY_LIBRARY names; the executable that
    $CERTIFY names; libcertify-c.so in the folder of this package or beside `certify` on PATH; `certify` on PATH.
    The library cannot be stopped, and does not work in a process that was forked after it was used, nor on a thread
    that rounds otherwise than to nearest or flushes subnormal numbers to zero: with a time limit, and there, the
    executable answers.

    Raises:
        ToolNotFound: with each place and what is wrong there.
    """
    tool = choose(executable, timeout)
    return Backend("library" if isinstance(tool, Library) else "executable", tool_path(tool))


def tool_path(tool: Tool) -> str:
    """Where it is, for messages."""
    return tool.path if isinstance(tool, Library) else tool


def choose(executable: Optional[PathText], timeout: Optional[float]) -> Tool:
    """As `backend`: the path of the executable, or the library."""
    if executable is not None:
        return find_executable(executable)
    named = os.environ.get("CERTIFY_LIBRARY")
    library = _named(named) if named else _beside()
    if library is None:
        return find_executable()
    obstacle = "a call with a time limit" if timeout is not None else library.obstacle
    if obstacle is None:
        return library
    try:
        return find_executable()
    except ToolNotFound as error:
        raise ToolNotFound((f"the library {library.path} cannot answer {obstacle}", *error.tried)) from error


def _named(path: str) -> Library:
    try:
        return load_library(path)
    except LibraryFault as fault:
        raise ToolNotFound((f"$CERTIFY_LIBRARY={path} cannot be loaded: {fault}",)) from fault


def _beside() -> Optional[Library]:
    """The library that nobody named; one that cannot be loaded counts as none."""
    if os.environ.get("CERTIFY"):
        return None
    for folder in _folders():
        path = os.path.join(folder, FILE_NAME)
        if os.path.isfile(path):
            try:
                return load_library(path)
            except LibraryFault:
                continue
    return None


def _folders() -> Tuple[str, ...]:
    package = os.path.dirname(os.path.abspath(__file__))
    try:
        return package, os.path.dirname(os.path.realpath(find_executable()))
    except ToolNotFound:
        return (package,)
