"""check, require, inspect and verify: a model goes to executable or library, and the answer comes back typed."""

from __future__ import annotations

import hashlib
import math
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Dict, Iterator, Mapping, Optional, Sequence, Union, cast

from .answers import Fields, Unexpected, parse_object
from .backends import Tool, choose
from .errors import RejectedInput
from .library import Library
from .network import NetworkOptions, check_known, given, manifest_text, named_tensors, number_text
from .report import (
    Inspection,
    Report,
    Scope,
    Verification,
    check_requirement,
    check_scope,
    read_inspection,
    read_report,
    read_verification,
)
from .safetensors import safetensors_bytes, write_safetensors
from .tensors import Tensor, tensors_of
from .tool import Answer, PathText, run, split_lines

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Model", "check", "inspect", "require", "verify"]

#: A path, or a state dictionary: names to tensors.
Model = Union[str, "os.PathLike[str]", Mapping[str, Any]]

#: How the contract says a verdict ends.
_STATUS = {"certified": 0, "refuted": 1, "undecided": 5}


def check(
    model: Model,
    *,
    scope: Optional[Scope] = None,
    certificate: Optional[PathText] = None,
    executable: Optional[PathText] = None,
    timeout: Optional[float] = None,
    **network: Unpack[NetworkOptions],
) -> Report:
    """Judges a network: as a flow in continuous time, and as the map that runs.

        report = check(model.state_dict(), form="outside", recurrent="W", activation="tanh", step=0.03)

    Args:
        model: a state dictionary, or the path of a checkpoint or tensor file.
        scope: judge only "continuous" or only "as-run"; both where both exist.
        certificate: write a certificate there if the model is decided; the name ends in .cert.json.
        executable: where certify is; without it `backend` says what answers.
        timeout: seconds after which the executable is stopped; with a limit the library does not answer.
        network: what the tensors mean, see `NetworkOptions`. For a path, `step` and `scheme` alone amend the
            description that comes with the file, and anything more replaces it.

    Raises:
        RejectedInput: the model, the description or an argument cannot be judged.
        ToolNotFound, ToolFailed: there is nothing to call, or no answer to believe.
    """
    check_scope(scope)
    target = None if certificate is None else _certificate_path(certificate)
    with _sent(model, network, executable, timeout) as job:
        if target is None:
            return job.check(scope)
        with staging_folder(target) as stage:
            report = job.check(scope, stage)
            if report.certificate is None:
                return report
            move_certificate(report.certificate, target)
            return replace(report, certificate=target)


def require(
    model: Model,
    *,
    verdict: str = "certified",
    rate: Optional[float] = None,
    scope: Optional[Scope] = None,
    certificate: Optional[PathText] = None,
    executable: Optional[PathText] = None,
    timeout: Optional[float] = None,
    **network: Unpack[NetworkOptions],
) -> Report:
    """As `check`, and raises with the obstruction unless the verdict is good enough.

    Args:
        verdict: the least that passes: "certified", or "undecided", which only a refutation fails.
        rate: the least rate that passes, of every scope judged.

    Raises:
        Refuted, Undecided, NotCertified: with rule, reason, by how much, and what to try.
    """
    check_requirement(verdict, rate)
    report = check(
        model,
        scope=scope,
        certificate=certificate,
        executable=executable,
        timeout=timeout,
        **network,
    )
    return report.require(verdict=verdict, rate=rate)


def inspect(
    model: Model,
    *,
    executable: Optional[PathText] = None,
    timeout: Optional[float] = None,
    **network: Unpack[NetworkOptions],
) -> Inspection:
    """Lists tensors and shapes, and what the model is taken for; judges nothing.

    Raises:
        RejectedInput: the file cannot be read. One that is read and not recognised is no error.
    """
    for name in ("step", "scheme"):
        if name in given(network) and not isinstance(model, Mapping):
            raise RejectedInput("argument", name, "the tensors of a file do not depend on it")
    with _sent(model, network, executable, timeout) as job:
        return job.inspect()


def verify(
    certificate: PathText,
    model: Model,
    *,
    executable: Optional[PathText] = None,
    timeout: Optional[float] = None,
    **network: Unpack[NetworkOptions],
) -> Verification:
    """Checks a certificate again, for this very model, with the trusted kernel alone.

    Raises:
        RejectedInput: with code `certificate` and the field as its name, if it does not hold for this model.
    """
    path = os.path.abspath(path_text(certificate, "certificate"))
    with _sent(model, network, executable, timeout) as job:
        return job.verify(path)


# MARK: One job


@dataclass(frozen=True)
class Job:
    """A model as the executable or the library is given it."""

    tool: Tool
    path: str
    """What the answer calls the model; its path, unless the library is given its bytes."""
    timeout: Optional[float] = None
    folder: Optional[str] = None
    """Where the executable runs, if what is sent lies in a private folder."""
    data: Optional[bytes] = None
    """The model itself, for the library."""
    model: Optional[str] = None
    """The path as the caller gave it."""
    options: Mapping[str, str] = field(default_factory=dict)
    """The options that describe the model, by their names on the command line."""
    manifest: Optional[str] = None
    sha256: Optional[str] = None
    """Of the file that a state dictionary makes."""

    def run(self, command: str, **more: str) -> Answer:
        options = {**self.options, **more}
        if isinstance(self.tool, Library):
            if "manifest" in options and self.manifest is not None:
                options.update(manifest=self.manifest, manifestName=options["manifest"])
            return self.tool.call(command, self.data, {"model": self.path, **options})
        scope = options.pop("scope", None)
        files = [options.pop("certificate"), self.path] if "certificate" in options else [self.path]
        arguments = [command, "--format", "json", *(f"--{name}={value}" for name, value in options.items())]
        if scope is not None:
            arguments.append(f"--{scope}")
        return run(self.tool, [*arguments, "--", *files], folder=self.folder, timeout=self.timeout)

    def check(self, scope: Optional[Scope], stage: Optional[str] = None) -> Report:
        more: Dict[str, str] = {}
        if scope is not None:
            more["scope"] = scope
        if stage is not None:
            more["certificates"] = stage
        answer = self.run("check", **more)
        fields = self.line(answer, "certify.verdict/v1")
        try:
            written = fields.optional("certificate", fields.text)
            report = read_report(
                fields, model=self.model, certificate=written, manifest=self.manifest
            )
            self.check_bound(report, stage)
        except Unexpected as error:
            raise answer.failed(f"its answer is not as the contract says: {error}") from error
        if answer.status != _STATUS[report.verdict]:
            raise answer.failed(f"its verdict is {report.verdict}, its exit status another one")
        return report

    def check_bound(self, report: Report, stage: Optional[str]) -> None:
        """What is judged is what was sent, and a certificate is where it was asked for."""
        if self.sha256 is not None and report.sha256 != self.sha256:
            raise Unexpected(f"it judged a file of SHA-256 {report.sha256}, not {self.sha256}")
        wants = stage is not None and any(s.verdict != "undecided" for s in report.judged)
        if wants != (report.certificate is not None):
            raise Unexpected(f"its certificate is {report.certificate!r}")
        if stage is not None and report.certificate is not None:
            inside = os.path.commonpath([stage, os.path.abspath(report.certificate)]) == stage
            if not inside or not os.path.isfile(report.certificate):
                raise Unexpected(f"its certificate is {report.certificate!r}, not a file under {stage!r}")

    def inspect(self) -> Inspection:
        answer = self.run("inspect")
        fields = self.line(answer, "certify.inspect/v1")
        try:
            inspection = read_inspection(fields, model=self.model)
        except Unexpected as error:
            raise answer.failed(f"its answer is not as the contract says: {error}") from error
        if answer.status != 0:
            raise answer.failed("it read the file, and failed")
        return inspection

    def verify(self, certificate: str) -> Verification:
        answer = self.run("verify", certificate=certificate)
        fields = self.line(answer, "certify.verification/v1")
        try:
            if not fields.boolean("verified"):
                if answer.status == 0:
                    raise Unexpected("verified is false, and the exit status is 0")
                name = fields.optional("field", fields.text)
                raise RejectedInput("certificate", name, fields.text("reason"))
            verification = read_verification(fields, certificate=certificate, model=self.model)
        except Unexpected as error:
            raise answer.failed(f"its answer is not as the contract says: {error}") from error
        if answer.status != 0:
            raise answer.failed("it accepted the certificate, and failed")
        return verification

    def line(self, answer: Answer, schema: str) -> Fields:
        """The one line of an answer, of this schema and about this model.

        Raises:
            RejectedInput: the line is a rejection, or the arguments were refused.
            ToolFailed: it is anything else.
        """
        lines = split_lines(answer)
        if answer.status == 4 and not lines and answer.stderr.startswith("certify: "):
            said = answer.stderr[len("certify: ") :].strip()
            raise RejectedInput("configuration", None, said)
        if len(lines) != 1:
            raise answer.failed(f"{len(lines)} lines where one was expected")
        try:
            fields = parse_object(lines[0])
            found = fields.word("schema", schema, "certify.verdict/v1")
            if fields.text("model") != self.path:
                raise Unexpected(f"it speaks of the model {fields.text('model')!r}")
            is_rejection = found == "certify.verdict/v1" and fields.text("verdict") == "rejected"
            if not is_rejection and found != schema:
                raise Unexpected(f"its schema is {found}")
            if is_rejection:
                if answer.status not in (3, 4):
                    raise Unexpected("it rejects the model, and its exit status says otherwise")
                raise RejectedInput(fields.text("code"), None, fields.text("reason"))
        except Unexpected as error:
            raise answer.failed(f"its answer is not as the contract says: {error}") from error
        return fields


@contextmanager
def _sent(
    model: Model,
    network: NetworkOptions,
    executable: Optional[PathText],
    timeout: Optional[float],
) -> Iterator[Job]:
    """The job for a model; what is written for it is private, and removed at the end."""
    check_known(network)
    check_timeout(timeout)
    if isinstance(model, Mapping):
        tensors = tensors_of(model)
        text = state_manifest(tensors, network)
        tool = choose(executable, timeout)
        if isinstance(tool, Library):
            data = safetensors_bytes(tensors, state_metadata(text))
            digest = hashlib.sha256(data).hexdigest()
            yield Job(tool, STATE, data=data, manifest=text, sha256=digest)
            return
        with tempfile.TemporaryDirectory(prefix="certify-") as folder:
            digest = write_state(os.path.join(folder, STATE), tensors, text)
            yield Job(tool, STATE, timeout, folder, manifest=text, sha256=digest)
        return
    path = path_text(model, "model")
    manifest, options = _for_path(network)
    tool = choose(executable, timeout)
    if manifest is None:
        yield Job(tool, path, timeout, model=path, options=options)
        return
    options = {"manifest": MANIFEST}
    described = Job(tool, os.path.abspath(path), timeout, model=path, options=options, manifest=manifest)
    if isinstance(tool, Library):
        yield described
        return
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        with open(os.path.join(folder, MANIFEST), "x", encoding="utf-8") as file:
            file.write(manifest)
        yield replace(described, folder=folder)


#: The files that are written for a state dictionary, and for the description of a file.
STATE = "state.safetensors"
MANIFEST = "network.toml"


def _for_path(network: NetworkOptions) -> "tuple[Optional[str], Dict[str, str]]":
    """The manifest that replaces the file's own, or the options that amend it."""
    options = given(network)
    if set(options) <= {"step", "scheme"}:
        return None, {name: number_text(name, value) for name, value in options.items()}
    return manifest_text(network), {}


def state_manifest(tensors: Sequence[Tensor], network: NetworkOptions) -> str:
    """The description of a state dictionary; with the form given, the one square tensor is the recurrent one."""
    if network.get("form") is not None and network.get("recurrent") is None:
        named = named_tensors(network) or []
        square = [
            t.name
            for t in tensors
            if len(t.shape) == 2 and t.shape[0] == t.shape[1] and t.name not in named
        ]
        if len(square) != 1:
            raise RejectedInput(
                "argument",
                "recurrent",
                f"name the n × n tensor of recurrent weights; square are {', '.join(map(repr, square)) or 'none'}",
            )
        network = cast(NetworkOptions, {**network, "recurrent": square[0]})
    return manifest_text(network)


def write_state(path: str, tensors: Sequence[Tensor], manifest: str) -> str:
    """Writes a state with its description; the SHA-256 of the file."""
    try:
        return write_safetensors(path, tensors, state_metadata(manifest))
    except OSError as error:
        raise RejectedInput("io", error.filename, f"cannot be written: {error.strerror}") from error


def state_metadata(manifest: str) -> Dict[str, str]:
    """What a file of tensors says of itself."""
    return {"certify.network": manifest}


def path_text(path: object, name: str) -> str:
    if not isinstance(path, (str, os.PathLike)):
        hint = "; pass its state_dict()" if hasattr(path, "state_dict") else ""
        raise RejectedInput(
            "argument", name, f"expected a path or a state dictionary, not {type(path).__name__}{hint}"
        )
    text: object = os.fspath(path)
    if not isinstance(text, str):
        raise RejectedInput("argument", name, "expected a path that is text, not bytes")
    if not text:
        raise RejectedInput("argument", name, "an empty path")
    if "\0" in text:
        raise RejectedInput("argument", name, "a NUL character in the path")
    return text


def check_timeout(timeout: Optional[float]) -> None:
    if timeout is None:
        return
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < math.inf:
        raise RejectedInput("argument", "timeout", f"{timeout!r}: expected seconds above 0")


# MARK: Certificates


def _certificate_path(certificate: PathText) -> str:
    path = path_text(certificate, "certificate")
    # Long arrays lie beside it, with .safetensors for .json: they must not replace a model.
    if not path.endswith(".cert.json"):
        raise RejectedInput("argument", "certificate", f"{path!r} does not end in .cert.json")
    return path


def arrays_path(certificate: str) -> str:
    """Where the long arrays of a certificate lie."""
    return certificate[: -len(".json")] + ".safetensors"


@contextmanager
def staging_folder(target: str) -> Iterator[str]:
    """A private folder beside a file, so that what is in it can be renamed into place; removed at the end."""
    folder = os.path.dirname(os.path.abspath(target))
    try:
        stage = tempfile.mkdtemp(prefix=".certify-", dir=folder)
    except OSError as error:
        raise RejectedInput("io", target, f"nothing can be written there: {error.strerror}") from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def move_certificate(written: str, target: str) -> None:
    """Puts a certificate in place, its arrays before it."""
    try:
        if os.path.exists(arrays_path(written)):
            os.replace(arrays_path(written), arrays_path(target))
        os.replace(written, target)
    except OSError as error:
        raise RejectedInput("io", target, f"cannot be replaced: {error.strerror}") from error
    sync_folder(target)


def sync_folder(target: str) -> None:
    """Makes a rename last, where the file system can."""
    descriptor = os.open(os.path.dirname(os.path.abspath(target)), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


