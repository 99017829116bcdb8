"""What `certify check`, `inspect` and `verify` say, as typed values (schemas certify.verdict/v1 and so on)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Optional, Tuple

from .answers import Fields, Unexpected
from .errors import NotCertified, Refuted, RejectedInput, Undecided

__all__ = [
    "Claim",
    "Inspection",
    "Obstruction",
    "Report",
    "Scope",
    "ScopeReport",
    "TensorInfo",
    "Verdict",
    "Verification",
    "Witness",
]

#: continuous: the flow in continuous time; as-run: the map that runs.
Scope = Literal["continuous", "as-run"]
Verdict = Literal["certified", "refuted", "undecided"]

#: The worse ones first.
_VERDICTS: Tuple[Verdict, ...] = ("refuted", "undecided", "certified")
_SCOPES: Tuple[Scope, ...] = ("continuous", "as-run")


@dataclass(frozen=True)
class ScopeReport:
    """The verdict on the flow, or on the map that runs."""

    scope: Scope
    verdict: Verdict
    rule: Optional[str]
    """The rule that certifies, or refutes; None if undecided."""
    rate: Optional[float]
    """Certified: a lower bound, rounded down, per unit of time."""
    overshoot: Optional[float]
    """Certified: √κ(M), an upper bound."""
    maximum_step: Optional[float]
    """A step up to which the kernel has checked contraction."""
    scheme: Optional[str]
    step: Optional[float]
    """As run: the double nearest the step."""
    factor: Optional[float]
    """As run, certified: an upper bound on the contraction of a step, rounded up."""


@dataclass(frozen=True)
class Witness:
    """Slopes at which no metric gives a positive rate: the upper slope at `active_units`, the lower one elsewhere."""

    scope: Scope
    rule: str
    active_units: Tuple[int, ...]


@dataclass(frozen=True)
class Obstruction:
    """What stands in the way of a scope that is undecided."""

    scope: Scope
    rule: Optional[str]
    reason: str
    missed_by: Optional[float]
    largest_scale: Optional[float]
    """A number s for which s W in place of W is certified."""
    advice: Tuple[str, ...]
    checked: Tuple[str, ...]
    """Obstructions that were proved, such as no-constant-metric."""


@dataclass(frozen=True)
class Report:
    """What `certify check` says of a model."""

    model: Optional[str]
    """The path as given; None for a state dictionary."""
    sha256: str
    """Of the file judged; for a state dictionary, of the safetensors file that was written for it."""
    verdict: Verdict
    """That of the worse scope."""
    recognised: str
    """What the tensors were taken for, in one line."""
    continuous: Optional[ScopeReport]
    """None where it was not asked for, or a map has no flow."""
    as_run: Optional[ScopeReport]
    """None where it was not asked for, or nothing says how the network is run."""
    units: int
    modules: int
    seconds: float
    witness: Optional[Witness]
    """Of the first scope that is refuted."""
    obstruction: Optional[Obstruction]
    """Of the first scope that is undecided."""
    certificate: Optional[str]
    """The path of the certificate that was written."""
    manifest: Optional[str]
    """The description that was sent along, in TOML; None where the file's own counts."""

    @property
    def judged(self) -> Tuple[ScopeReport, ...]:
        """The scopes that were judged: at least one."""
        return tuple(scope for scope in (self.continuous, self.as_run) if scope is not None)

    @property
    def certified(self) -> bool:
        return self.verdict == "certified"

    @property
    def rate(self) -> Optional[float]:
        """The smallest rate of the scopes judged; None unless all are certified."""
        rates = [scope.rate for scope in self.judged if scope.rate is not None]
        return min(rates) if self.certified and len(rates) == len(self.judged) else None

    def require(self, *, verdict: str = "certified", rate: Optional[float] = None) -> Report:
        """The report itself, if it is good enough.

        Args:
            verdict: the least that passes: "certified", or "undecided", which only a refutation fails.
            rate: the least rate that passes, of every scope judged.

        Raises:
            Refuted: a scope is refuted.
            Undecided: a scope is undecided.
            NotCertified: a certified rate is too small.
            RejectedInput: a requirement that is none, or two that contradict each other.
        """
        check_requirement(verdict, rate)
        for scope in self.judged:
            if scope.verdict == "refuted":
                raise self._refuted(scope)
        for scope in self.judged:
            if scope.verdict == "undecided" and verdict == "certified":
                raise self._undecided(scope)
        if rate is not None:
            for scope in self.judged:
                # Written so that a rate that is not there fails.
                if not (scope.rate is not None and scope.rate >= rate):
                    raise self._too_slow(scope, rate)
        return self

    def _refuted(self, scope: ScopeReport) -> Refuted:
        witness = self.witness
        reason = f"{scope.rule} refutes it at some slopes"
        if witness is not None and witness.scope == scope.scope:
            reason = (
                f"{witness.rule} refutes it with the upper slope at {_units(witness.active_units, self.units)}"
                " and the lower one elsewhere"
            )
        if scope.scope == "as-run" and self.continuous is not None and self.continuous.rate is not None:
            advice: Tuple[str, ...] = ("a smaller step; the flow itself is certified",)
        else:
            advice = ("smaller weights; at these slopes no metric gives a positive rate",)
        return Refuted(self, scope.scope, scope.rule, reason, None, advice)

    def _undecided(self, scope: ScopeReport) -> Undecided:
        found = self.obstruction
        if found is None or found.scope != scope.scope:
            reason = "neither a proof nor a refutation was found"
            return Undecided(self, scope.scope, None, reason, None, ())
        return Undecided(self, scope.scope, found.rule, found.reason, found.missed_by, found.advice)

    def _too_slow(self, scope: ScopeReport, rate: float) -> NotCertified:
        found = 0.0 if scope.rate is None else scope.rate
        return NotCertified(
            self,
            scope.scope,
            scope.rule,
            f"the rate certified, {found!r}, is below the rate {rate!r} required",
            rate - found,
            (f"a rate of at most {found!r}, or smaller weights",),
        )


def check_requirement(verdict: str, rate: Optional[float]) -> None:
    """Refuses a requirement that nothing could meet, or that says two things."""
    if verdict not in ("certified", "undecided"):
        raise RejectedInput(
            "argument", "verdict", f"expected certified or undecided, not {verdict!r}"
        )
    if rate is None:
        return
    if isinstance(rate, bool) or not isinstance(rate, (int, float)):
        raise RejectedInput("argument", "rate", f"expected a number, not {type(rate).__name__}")
    if not (0 < rate < math.inf):
        raise RejectedInput("argument", "rate", f"{rate!r}: a rate is positive and finite")
    if verdict != "certified":
        raise RejectedInput(
            "argument", "rate", f"a rate needs verdict certified; {verdict} asks for less"
        )


def check_scope(scope: Optional[str]) -> None:
    """Refuses a scope there is none of."""
    if scope is not None and scope not in _SCOPES:
        raise RejectedInput(
            "argument", "scope", f"expected {' or '.join(_SCOPES)}, not {scope!r}"
        )


def _units(active: Tuple[int, ...], units: int) -> str:
    if not active:
        return "no unit"
    if len(active) == units:
        return "every unit"
    if len(active) > 8:
        return f"{len(active)} of {units} units"
    return f"unit{'' if len(active) == 1 else 's'} {', '.join(map(str, active))}"


@dataclass(frozen=True)
class TensorInfo:
    name: str
    dtype: str
    shape: Tuple[int, ...]


@dataclass(frozen=True)
class Inspection:
    """What is in a file, and what it is taken for."""

    model: Optional[str]
    format: str
    tensors: Tuple[TensorInfo, ...]
    recognised: Optional[str]
    reason: Optional[str]
    """Why it is not recognised."""


@dataclass(frozen=True)
class Claim:
    """A claim of a certificate that the kernel has accepted."""

    scope: Scope
    verdict: Literal["certified", "refuted"]
    rule: str
    rate: Optional[float]
    factor: Optional[float]
    overshoot: Optional[float]


@dataclass(frozen=True)
class Verification:
    """A certificate that belongs to its model, and what it claims: that may also be a refutation."""

    certificate: str
    model: Optional[str]
    claims: Tuple[Claim, ...]

    @property
    def certified(self) -> bool:
        """Whether every claim certifies. A scope that nothing is claimed of is not spoken of."""
        return all(claim.verdict == "certified" for claim in self.claims)


# MARK: Reading


def read_report(
    fields: Fields, *, model: Optional[str], certificate: Optional[str], manifest: Optional[str]
) -> Report:
    """The report of a line of certify.verdict/v1 that is not a rejection.

    Raises:
        Unexpected: a field is missing, or contradicts another.
    """
    verdict = fields.word("verdict", *_VERDICTS)
    continuous = fields.optional("continuous", lambda key: _scope(fields.child(key), "continuous"))
    as_run = fields.optional("asRun", lambda key: _scope(fields.child(key), "as-run"))
    verdicts = [scope.verdict for scope in (continuous, as_run) if scope is not None]
    if not verdicts or min(verdicts, key=_VERDICTS.index) != verdict:
        raise Unexpected(f"verdict is {verdict}, its scopes are {verdicts}")
    witness = fields.optional("witness", lambda key: _witness(fields.child(key)))
    obstruction = fields.optional("obstruction", lambda key: _obstruction(fields.child(key)))
    if ("refuted" in verdicts) != (witness is not None):
        raise Unexpected(f"the scopes are {verdicts}, the witness is {witness}")
    if ("undecided" in verdicts) != (obstruction is not None):
        raise Unexpected(f"the scopes are {verdicts}, the obstruction is {obstruction}")
    sha256 = fields.text("sha256")
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise Unexpected(f"sha256 is {sha256!r}")
    return Report(
        model=model,
        sha256=sha256,
        verdict=verdict,
        recognised=fields.text("recognised"),
        continuous=continuous,
        as_run=as_run,
        units=fields.count("units"),
        modules=fields.count("modules"),
        seconds=fields.number("seconds"),
        witness=witness,
        obstruction=obstruction,
        certificate=certificate,
        manifest=manifest,
    )


def _scope(fields: Fields, scope: Scope) -> ScopeReport:
    verdict = fields.word("verdict", *_VERDICTS)
    is_certified = verdict == "certified"
    is_map = scope == "as-run"
    factor = fields.number("factor") if is_certified and is_map else None
    if factor is not None and not 0 <= factor < 1:
        raise Unexpected(f"certified with the factor {factor!r}")
    return ScopeReport(
        scope=scope,
        verdict=verdict,
        rule=None if verdict == "undecided" else fields.text("rule"),
        rate=fields.positive("rate") if is_certified else None,
        overshoot=fields.optional("overshoot", fields.positive),
        maximum_step=fields.optional("maximumStep", fields.positive),
        scheme=fields.text("scheme") if is_map else None,
        step=fields.positive("step") if is_map else None,
        factor=factor,
    )


def _witness(fields: Fields) -> Witness:
    return Witness(
        scope=fields.word("scope", *_SCOPES),
        rule=fields.text("rule"),
        active_units=fields.counts("activeUnits"),
    )


def _obstruction(fields: Fields) -> Obstruction:
    return Obstruction(
        scope=fields.word("scope", *_SCOPES),
        rule=fields.optional("rule", fields.text),
        reason=fields.text("reason"),
        missed_by=fields.optional("missedBy", fields.number),
        largest_scale=fields.optional("largestScale", fields.number),
        advice=fields.texts("try"),
        checked=fields.texts("checked"),
    )


def read_inspection(fields: Fields, *, model: Optional[str]) -> Inspection:
    """The inspection of a line of certify.inspect/v1. Raises: Unexpected."""
    tensors = tuple(
        TensorInfo(tensor.text("name"), tensor.text("dtype"), tensor.counts("shape"))
        for tensor in fields.objects("tensors")
    )
    recognised = fields.optional("recognised", fields.text)
    reason = fields.optional("reason", fields.text)
    if (recognised is None) == (reason is None):
        raise Unexpected(f"recognised is {recognised!r}, reason is {reason!r}")
    return Inspection(model, fields.text("format"), tensors, recognised, reason)


def read_verification(fields: Fields, *, certificate: str, model: Optional[str]) -> Verification:
    """The verification of a line of certify.verification/v1 that says verified. Raises: Unexpected."""
    claims = tuple(_claim(claim) for claim in fields.objects("claims"))
    if not claims:
        raise Unexpected("verified, without a claim")
    return Verification(certificate, model, claims)


_CLAIMED: Tuple[Literal["certified", "refuted"], ...] = ("certified", "refuted")


def _claim(fields: Fields) -> Claim:
    verdict = fields.word("verdict", *_CLAIMED)
    return Claim(
        scope=fields.word("scope", *_SCOPES),
        verdict=verdict,
        rule=fields.text("rule"),
        rate=fields.positive("rate") if verdict == "certified" else None,
        factor=fields.optional("factor", fields.number),
        overshoot=fields.optional("overshoot", fields.number),
    )
