"""A callback for PyTorch Lightning that lets no uncertified weights be saved.

Lightning is optional: where neither `lightning` nor `pytorch_lightning` can be imported, the callback is a plain
object with the same hooks.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional

from .checking import require
from .errors import RejectedInput
from .network import NetworkOptions, manifest_text
from .report import Report, Scope, check_requirement, check_scope
from .saving import save_certified
from .tool import PathText

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["CertifiedCheckpoint"]

_FRAMEWORKS = ("lightning.pytorch", "pytorch_lightning")


def callback_base() -> type:
    """`Callback` of the Lightning that is imported already, else of the first that can be."""
    for name in sorted(_FRAMEWORKS, key=lambda name: name not in sys.modules):
        try:
            base = importlib.import_module(name).Callback
        except ImportError:
            continue
        if isinstance(base, type):
            return base
    return object


# Of any type, so that a Trainer of either Lightning takes the callback.
_Base: Any = callback_base()


class CertifiedCheckpoint(_Base):  # type: ignore[misc]
    """Saves certified pairs while training, and keeps Lightning from saving anything else.

        Trainer(callbacks=[CertifiedCheckpoint("out", form="outside", recurrent="W", activation="tanh", step=0.03)])

    After every `every_n_epochs` epochs of training the weights are saved with `save_certified`; with `guard`, a
    checkpoint that Lightning itself is about to write is judged first. Weights that are not certified raise
    `Refuted`, `Undecided` or `NotCertified`, and nothing is written. Tensors on a device are copied to main memory.
    Every process judges, so that all of them stop; the first one writes.

    Args:
        folder: where the pairs go; made if it is not there.
        filename: with {epoch} and {step}; the certificate adds .cert.json.
        every_n_epochs: 0 saves none, and leaves the guard.
        prefix: of the names of the tensors that are meant, such as "rnn."; saved without it. Any other tensor is
            left out.
        guard: whether checkpoints of Lightning are judged.
        rate, scope, executable, timeout, network: as for `save_certified`.

    Attributes:
        last_report: of the weights judged last.
        last_path: of the pair saved last.
    """

    def __init__(
        self,
        folder: PathText,
        *,
        filename: str = "epoch={epoch}-step={step}.safetensors",
        every_n_epochs: int = 1,
        prefix: str = "",
        guard: bool = True,
        rate: Optional[float] = None,
        scope: Optional[Scope] = None,
        executable: Optional[PathText] = None,
        timeout: Optional[float] = None,
        **network: Unpack[NetworkOptions],
    ) -> None:
        super().__init__()
        check_requirement("certified", rate)
        check_scope(scope)
        # Faults of the description show before training, not after the first epoch.
        self._network: NetworkOptions = network
        manifest_text(self._network)
        if isinstance(every_n_epochs, bool) or not isinstance(every_n_epochs, int) or every_n_epochs < 0:
            raise RejectedInput("argument", "every_n_epochs", f"{every_n_epochs!r}: expected 0 or more")
        self._folder = os.fspath(folder)
        self._filename = filename
        self._name(0, 0)
        self._every = every_n_epochs
        self._prefix = prefix
        self._guard = guard
        self._rate = rate
        self._scope = scope
        self._executable = executable
        self._timeout = timeout
        self.last_report: Optional[Report] = None
        self.last_path: Optional[str] = None

    def _name(self, epoch: int, step: int) -> str:
        try:
            name = self._filename.format(epoch=epoch, step=step)
        except (KeyError, IndexError, ValueError) as error:
            raise RejectedInput(
                "argument", "filename", f"only {{epoch}} and {{step}} are filled in: {error}"
            ) from error
        if not name or os.path.basename(name) != name:
            raise RejectedInput("argument", "filename", f"{name!r} is not the name of a file")
        return name

    # MARK: Hooks of Lightning

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Saves the weights of the epoch that ends."""
        if self._every == 0 or getattr(trainer, "sanity_checking", False):
            return
        epoch, step = int(trainer.current_epoch), int(trainer.global_step)
        if (epoch + 1) % self._every == 0:
            self.save(pl_module.state_dict(), epoch, step, writes=_is_first(trainer))

    def on_save_checkpoint(self, trainer: Any, pl_module: Any, checkpoint: Mapping[str, Any]) -> None:
        """Judges the weights that Lightning is about to write; an exception here keeps it from writing."""
        if self._guard:
            weights = checkpoint.get("state_dict")
            if not isinstance(weights, Mapping):
                raise RejectedInput("argument", "state_dict", "the checkpoint has no state dictionary")
            self._require(self._chosen(weights))

    # MARK: Without Lightning

    def save(self, state: Mapping[str, Any], epoch: int, step: int, *, writes: bool = True) -> Report:
        """Saves a state dictionary as the callback does after an epoch, or raises and writes nothing."""
        chosen = self._chosen(state)
        if not writes:
            return self._require(chosen)
        path = os.path.join(self._folder, self._name(epoch, step))
        try:
            os.makedirs(self._folder, exist_ok=True)
        except OSError as error:
            raise RejectedInput("io", self._folder, f"cannot be made: {error.strerror}") from error
        self.last_report = save_certified(
            chosen,
            path,
            rate=self._rate,
            scope=self._scope,
            executable=self._executable,
            timeout=self._timeout,
            **self._network,
        )
        self.last_path = path
        return self.last_report

    def _require(self, state: Mapping[str, Any]) -> Report:
        self.last_report = require(
            state,
            rate=self._rate,
            scope=self._scope,
            executable=self._executable,
            timeout=self._timeout,
            **self._network,
        )
        return self.last_report

    def _chosen(self, state: Mapping[str, Any]) -> Dict[str, Any]:
        """The tensors under the prefix, in main memory."""
        chosen: Dict[str, Any] = {}
        for name, value in state.items():
            if not self._prefix:
                chosen[name] = _in_main_memory(value)
            elif isinstance(name, str) and name.startswith(self._prefix):
                chosen[name[len(self._prefix) :]] = _in_main_memory(value)
        if self._prefix and not chosen:
            raise RejectedInput("argument", "prefix", f"no tensor has a name that begins with {self._prefix!r}")
        return chosen


def _in_main_memory(value: Any) -> Any:
    """The value, copied from its device where it has one and says how."""
    kind = getattr(getattr(value, "device", None), "type", "cpu")
    return value.detach().cpu() if kind not in ("cpu", "meta") and hasattr(value, "cpu") else value


def _is_first(trainer: Any) -> bool:
    return bool(getattr(trainer, "is_global_zero", True))
