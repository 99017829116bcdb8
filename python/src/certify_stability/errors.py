"""What can go wrong, one type each; all are `CertifyError`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, Tuple

from .text import printable, quoted

if TYPE_CHECKING:
    from .report import Obstruction, Report, Scope, Witness

__all__ = [
    "CertifyError",
    "NotCertified",
    "Refuted",
    "RejectedInput",
    "ToolFailed",
    "ToolNotFound",
    "Undecided",
]


class CertifyError(Exception):
    """Any refusal or failure of this package."""


class NotCertified(CertifyError):
    """What was required is not certified: refuted, undecided, or certified with too small a rate.

    Attributes:
        report: everything the tool said.
        scope: "continuous" or "as-run", the one that fails.
        rule: the rule that came nearest, that refutes, or whose rate is too small; None if none applies.
        reason: what failed, in one line.
        missed_by: by how much: the distance from a positive rate, from a factor below 1, or from the rate
            required; None where no number says it.
        advice: what to try.
    """

    def __init__(
        self,
        report: Report,
        scope: Scope,
        rule: Optional[str],
        reason: str,
        missed_by: Optional[float],
        advice: Tuple[str, ...],
    ) -> None:
        super().__init__(report, scope, rule, reason, missed_by, advice)
        self.report = report
        self.scope = scope
        self.rule = rule
        self.reason = reason
        self.missed_by = missed_by
        self.advice = advice

    word = "not certified"

    def __str__(self) -> str:
        text = f"{self.word} ({self.scope}): {printable(self.reason)}"
        if self.missed_by is not None:
            text += f"; missed by {self.missed_by:.6g}"
        if self.advice:
            text += "; try: " + "; ".join(printable(line) for line in self.advice)
        return text


class Refuted(NotCertified):
    """Proved: at some slopes no metric gives a positive rate. `witness` says at which."""

    word = "refuted"

    @property
    def witness(self) -> Optional[Witness]:
        """The slopes; None if they belong to the other scope."""
        witness = self.report.witness
        return witness if witness is not None and witness.scope == self.scope else None


class Undecided(NotCertified):
    """Neither proved nor refuted. `obstruction` says what failed, by how much and what to try."""

    word = "undecided"

    @property
    def obstruction(self) -> Optional[Obstruction]:
        """The obstruction; None if it belongs to the other scope."""
        obstruction = self.report.obstruction
        return obstruction if obstruction is not None and obstruction.scope == self.scope else None


class RejectedInput(CertifyError, ValueError):
    """A model, a description or an argument that cannot be judged.

    Attributes:
        code: stable: the tool's own (`nonfinite`, `shape`, `no_such_tensor`, `manifest`, `configuration`, …),
            or of this package: `not_a_tensor`, `device_tensor`, `sparse_tensor`, `wrong_dtype`, `bad_name`,
            `duplicate_key`, `limit`, `argument`, `certificate`, `io`.
        name: the tensor, argument or path concerned; None where the reason names it.
        reason: one line.
    """

    def __init__(self, code: str, name: Optional[str], reason: str) -> None:
        super().__init__(code, name, reason)
        self.code = code
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        subject = "" if self.name is None else f"{quoted(self.name)}: "
        return f"rejected ({printable(self.code)}): {subject}{printable(self.reason)}"


class ToolNotFound(CertifyError):
    """There is neither executable nor library to call. `tried` lists where they were looked for, and what was wrong."""

    def __init__(self, tried: Tuple[str, ...]) -> None:
        super().__init__(tried)
        self.tried = tried

    def __str__(self) -> str:
        return (
            "certify was not found: "
            + "; ".join(printable(line) for line in self.tried)
            + '; give executable="…", set CERTIFY or CERTIFY_LIBRARY to its path, or put it on PATH'
        )


class ToolFailed(CertifyError):
    """The executable did not give an answer that can be believed.

    Attributes:
        executable: its path.
        status: its exit status, negative for a signal; None if it was stopped or could not be started.
        reason: what is wrong, in one line.
        stderr: the end of what it wrote to standard error.
    """

    def __init__(self, executable: str, status: Optional[int], reason: str, stderr: str) -> None:
        super().__init__(executable, status, reason, stderr)
        self.executable = executable
        self.status = status
        self.reason = reason
        self.stderr = stderr

    def __str__(self) -> str:
        ended = "" if self.status is None else f" (exit status {self.status})"
        said = f"; it said: {printable(self.stderr.strip())}" if self.stderr.strip() else ""
        return f"{printable(self.executable)}{ended}: {printable(self.reason)}{said}"
