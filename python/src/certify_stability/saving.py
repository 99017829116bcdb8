"""Saves weights that are certified, and no others."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Iterator, List, Mapping, Optional, Tuple

from .backends import choose, tool_path
from .checking import (
    Job,
    arrays_path,
    check_timeout,
    path_text,
    staging_folder,
    state_manifest,
    sync_folder,
    write_state,
)
from .errors import RejectedInput, ToolFailed
from .library import Library
from .network import NetworkOptions, check_known
from .report import Report, Scope, Verification, check_requirement, check_scope
from .tensors import tensors_of
from .tool import PathText

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["save_certified"]


def save_certified(
    state: Mapping[str, Any],
    path: PathText,
    *,
    rate: Optional[float] = None,
    scope: Optional[Scope] = None,
    executable: Optional[PathText] = None,
    timeout: Optional[float] = None,
    **network: Unpack[NetworkOptions],
) -> Report:
    """Writes a state dictionary as safetensors with its certificate beside it, or nothing.

        save_certified(model.state_dict(), "out/net.safetensors", form="outside", activation="tanh", step=0.03)

    The file carries its description (`certify.network`); the certificate is PATH.cert.json. Both are written to a
    folder beside their place, judged there, and the certificate checked again by the kernel against the file that is
    about to be moved; only then are they renamed, the certificate before the model. A file that is there before is
    kept, together with its certificate, unless both new ones are in place.

    Args:
        rate, scope: as for `require`; the verdict must be certified.

    Raises:
        Refuted, Undecided, NotCertified: nothing is written.
        RejectedInput, ToolNotFound, ToolFailed: nothing is written either.
    """
    check_requirement("certified", rate)
    check_scope(scope)
    check_known(network)
    check_timeout(timeout)
    target = path_text(path, "path")
    if os.path.isdir(target) or not os.path.basename(target):
        raise RejectedInput("io", target, "a folder is no name for a file")
    if not isinstance(state, Mapping):
        hint = "; pass its state_dict()" if hasattr(state, "state_dict") else ""
        raise RejectedInput(
            "argument", "state", f"expected a state dictionary, not {type(state).__name__}{hint}"
        )
    tensors = tensors_of(state)
    manifest = state_manifest(tensors, network)
    tool = choose(executable, timeout)
    name = os.path.basename(target)
    with staging_folder(target) as stage:
        written = os.path.join(stage, name)
        digest = write_state(written, tensors, manifest)
        job = stored = Job(tool, name, timeout, stage, manifest=manifest, sha256=digest)
        if isinstance(tool, Library):
            # This process does not move to the folder, so the library is given what is there.
            job, stored = replace(job, data=_content(written)), replace(job, path=written)
        report = job.check(scope, stage).require(rate=rate)
        _check_claims(tool_path(tool), report, stored.verify(written + ".cert.json"))
        _move_pair(stage, name, target)
    return replace(report, model=target, certificate=target + ".cert.json")


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise RejectedInput("io", path, f"cannot be read again: {error.strerror}") from error


def _check_claims(tool: str, report: Report, verification: Verification) -> None:
    """What the certificate claims is what the report says: the same scopes, the same rates."""
    claimed = sorted((c.scope, c.verdict, c.rate) for c in verification.claims)
    reported = sorted((s.scope, s.verdict, s.rate) for s in report.judged)
    if claimed != reported:
        raise ToolFailed(
            tool, 0, f"its certificate claims {claimed}, its report {reported}", ""
        )


def _move_pair(stage: str, name: str, target: str) -> None:
    """Renames arrays, certificate and model into place; if one cannot be, puts back what was there."""
    written = os.path.join(stage, name)
    moves: List[Tuple[str, str]] = [
        (arrays_path(written + ".cert.json"), arrays_path(target + ".cert.json")),
        (written + ".cert.json", target + ".cert.json"),
        (written, target),
    ]
    stale = None if os.path.exists(moves[0][0]) else moves.pop(0)[1]
    try:
        for new, old in moves:
            _sync(new)
            if os.path.exists(old):
                # A file that is replaced keeps its permissions.
                shutil.copymode(old, new)
        with _kept([old for _, old in moves], stage):
            for new, old in moves:
                os.replace(new, old)
    except OSError as error:
        place = error.filename2 or error.filename
        raise RejectedInput("io", place, f"cannot be put in place: {error.strerror}") from error
    if stale is not None:
        # Arrays of the former certificate, which nothing speaks of any more.
        with suppress(OSError):
            os.unlink(stale)
    sync_folder(target)


@contextmanager
def _kept(places: List[str], stage: str) -> Iterator[None]:
    """On any exception what was at these places is put back, and what was not there goes."""
    copies: List[Tuple[str, Optional[str]]] = []
    for number, place in enumerate(places):
        copy = os.path.join(stage, f"before-{number}")
        if os.path.lexists(place):
            shutil.copy2(place, copy, follow_symlinks=False)
            copies.append((place, copy))
        else:
            copies.append((place, None))
    try:
        yield
    except BaseException:
        for place, former in reversed(copies):
            if former is not None:
                os.replace(former, place)
            elif os.path.lexists(place):
                os.unlink(place)
        raise


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
