"""Proves from Python that a recurrent network contracts.

    import certify_stability as certify

    report = certify.check(model.state_dict(), form="outside", recurrent="W", activation="tanh", step=0.03)
    certify.require(model.state_dict(), rate=0.1, form="outside", recurrent="W", activation="tanh", step=0.03)

The executable `certify` does the work, or the same code as a C library in this process where there is one: this package
hands over the weights as safetensors and reads the answer. `backend()` says which of the two it is.
"""

from typing import TYPE_CHECKING, Any

from .backends import Backend, backend
from .checking import Model, check, inspect, require, verify
from .errors import (
    CertifyError,
    NotCertified,
    Refuted,
    RejectedInput,
    ToolFailed,
    ToolNotFound,
    Undecided,
)
from .network import CompressedRows, NetworkOptions
from .report import (
    Claim,
    Inspection,
    Obstruction,
    Report,
    Scope,
    ScopeReport,
    TensorInfo,
    Verdict,
    Verification,
    Witness,
)
from .saving import save_certified
from .tool import find_executable
from .version import VERSION as __version__

if TYPE_CHECKING:
    from .lightning import CertifiedCheckpoint

__all__ = [
    "Backend",
    "CertifiedCheckpoint",
    "CertifyError",
    "Claim",
    "CompressedRows",
    "Inspection",
    "Model",
    "NetworkOptions",
    "NotCertified",
    "Obstruction",
    "Refuted",
    "RejectedInput",
    "Report",
    "Scope",
    "ScopeReport",
    "TensorInfo",
    "ToolFailed",
    "ToolNotFound",
    "Undecided",
    "Verdict",
    "Verification",
    "Witness",
    "__version__",
    "backend",
    "check",
    "find_executable",
    "inspect",
    "require",
    "save_certified",
    "verify",
]


def __getattr__(name: str) -> Any:
    # Lightning takes seconds to import, and only the callback needs it.
    if name == "CertifiedCheckpoint":
        from .lightning import CertifiedCheckpoint

        return CertifiedCheckpoint
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
