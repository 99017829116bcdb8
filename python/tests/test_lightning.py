"""The callback, with a Lightning that is not there, with a small one, and with the real one where it is installed."""

from __future__ import annotations

import importlib
import os
import pathlib
import sys
import types
from typing import Any, Dict, Iterator, Optional

import pytest

import certify_stability as certify
from support import CERTIFIED, REFUTED, matrix

TANH: certify.NetworkOptions = {"form": "outside", "activation": "tanh", "step": 0.03}
MODULES = ("lightning", "lightning.pytorch", "pytorch_lightning")


@pytest.fixture
def without_lightning(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No Lightning can be imported, and the callback is imported anew; afterwards as before."""
    for name in MODULES:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "certify_stability.lightning", raising=False)
    monkeypatch.delattr(certify, "lightning", raising=False)
    yield monkeypatch
    sys.modules.pop("certify_stability.lightning", None)
    if hasattr(certify, "lightning"):
        delattr(certify, "lightning")


class Trainer:
    """What of a Trainer the hooks use."""

    def __init__(self, epoch: int = 0, *, first: bool = True) -> None:
        self.current_epoch = epoch
        self.global_step = 10 * (epoch + 1)
        self.is_global_zero = first
        self.sanity_checking = False


class Module:
    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def state_dict(self) -> Dict[str, Any]:
        return {"rnn.W": matrix(self.rows), "loss": [1]}


def callback(folder: pathlib.Path, tool: Optional[str], **more: Any) -> Any:
    options = {"prefix": "rnn.", "executable": tool, **TANH, **more}
    return certify.CertifiedCheckpoint(folder, **options)


@pytest.mark.parametrize("name", ["lightning.pytorch", "pytorch_lightning"])
def test_it_is_a_callback_of_the_lightning_there_is(without_lightning: pytest.MonkeyPatch, name: str) -> None:
    module: Any = types.ModuleType(name)
    module.Callback = type("Callback", (), {})
    if "." in name:
        without_lightning.setitem(sys.modules, "lightning", types.ModuleType("lightning"))
    without_lightning.setitem(sys.modules, name, module)
    assert certify.CertifiedCheckpoint.__mro__[1] is module.Callback


def test_without_lightning_it_is_a_plain_object(without_lightning: pytest.MonkeyPatch) -> None:
    assert certify.CertifiedCheckpoint.__mro__[1] is object


def test_epochs_are_saved(certify_tool: Optional[str], tmp_path: pathlib.Path, without_lightning: Any) -> None:
    saver = callback(tmp_path / "out", certify_tool, every_n_epochs=2)
    for epoch in range(4):
        saver.on_train_epoch_end(Trainer(epoch), Module(CERTIFIED))
    names = ["epoch=1-step=20.safetensors", "epoch=3-step=40.safetensors"]
    assert sorted(os.listdir(tmp_path / "out")) == sorted(names + [name + ".cert.json" for name in names])
    assert saver.last_path == str(tmp_path / "out" / names[1])
    assert certify.check(saver.last_path, executable=certify_tool).rate == saver.last_report.rate
    assert [t.name for t in certify.inspect(saver.last_path, executable=certify_tool).tensors] == ["W"]


def test_uncertified_epochs_raise(certify_tool: Optional[str], tmp_path: pathlib.Path, without_lightning: Any) -> None:
    saver = callback(tmp_path / "out", certify_tool)
    with pytest.raises(certify.Refuted):
        saver.on_train_epoch_end(Trainer(), Module(REFUTED))
    assert os.listdir(tmp_path / "out") == [] and saver.last_path is None
    # Every process judges, only the first one writes.
    with pytest.raises(certify.Refuted):
        saver.on_train_epoch_end(Trainer(first=False), Module(REFUTED))
    saver.on_train_epoch_end(Trainer(first=False), Module(CERTIFIED))
    assert os.listdir(tmp_path / "out") == [] and saver.last_report.certified
    slow = callback(tmp_path / "out", certify_tool, rate=5.0)
    with pytest.raises(certify.NotCertified):
        slow.on_train_epoch_end(Trainer(), Module(CERTIFIED))
    assert os.listdir(tmp_path / "out") == []


def test_checkpoints_of_lightning_are_judged(
    certify_tool: Optional[str], tmp_path: pathlib.Path, without_lightning: Any
) -> None:
    saver = callback(tmp_path, certify_tool, every_n_epochs=0)
    saver.on_train_epoch_end(Trainer(), Module(REFUTED))
    saver.on_save_checkpoint(Trainer(), None, {"state_dict": Module(CERTIFIED).state_dict()})
    with pytest.raises(certify.Refuted):
        saver.on_save_checkpoint(Trainer(), None, {"state_dict": Module(REFUTED).state_dict()})
    with pytest.raises(certify.RejectedInput):
        saver.on_save_checkpoint(Trainer(), None, {})
    callback(tmp_path, certify_tool, guard=False).on_save_checkpoint(Trainer(), None, {})
    assert os.listdir(tmp_path) == []


def test_tensors_on_a_device_are_copied(
    certify_tool: Optional[str], tmp_path: pathlib.Path, without_lightning: Any
) -> None:
    class OnDevice:
        device = types.SimpleNamespace(type="cuda")

        def detach(self) -> OnDevice:
            return self

        def cpu(self) -> Any:
            return matrix(CERTIFIED)

    saver = callback(tmp_path, certify_tool, prefix="")
    saver.save({"W": OnDevice()}, 0, 0)
    assert saver.last_report.certified


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"filename": "{loss}"}, "filename"),
        ({"filename": "../{epoch}"}, "filename"),
        ({"filename": ""}, "filename"),
        ({"every_n_epochs": -1}, "every_n_epochs"),
        ({"every_n_epochs": True}, "every_n_epochs"),
        ({"rate": -1.0}, "rate"),
        ({"scope": "x"}, "scope"),
        ({"step": float("nan")}, "step"),
    ],
)
def test_faults_show_before_training(tmp_path: pathlib.Path, options: Any, name: str, without_lightning: Any) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        callback(tmp_path, "/no/such/certify", **options)
    assert caught.value.name == name


def test_a_prefix_that_nothing_has(certify_tool: Optional[str], tmp_path: pathlib.Path, without_lightning: Any) -> None:
    with pytest.raises(certify.RejectedInput, match="'gru.'"):
        callback(tmp_path, certify_tool, prefix="gru.").save(Module(CERTIFIED).state_dict(), 0, 0)


def test_the_real_lightning(certify_tool: Optional[str], tmp_path: pathlib.Path) -> None:
    torch: Any = pytest.importorskip("torch")
    if importlib.util.find_spec("lightning") is None:
        pytest.skip("needs lightning")
    pl: Any = importlib.import_module("lightning.pytorch")

    class Net(pl.LightningModule):  # type: ignore[misc]
        def __init__(self, growth: float) -> None:
            super().__init__()
            self.W = torch.nn.Parameter(torch.eye(3) / 4)
            self.growth = growth

        def training_step(self, batch: Any, _: int) -> Any:
            return -self.growth * torch.diagonal(self.W).sum() + 0 * batch[0].sum()

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.zeros(4, 1)))

    def train(growth: float, folder: pathlib.Path, guard_only: bool) -> None:
        saver = certify.CertifiedCheckpoint(
            folder / "pairs", every_n_epochs=0 if guard_only else 1, executable=certify_tool, **TANH
        )
        own = pl.callbacks.ModelCheckpoint(dirpath=folder / "own", save_top_k=-1, every_n_epochs=1)
        trainer = pl.Trainer(
            max_epochs=2, callbacks=[saver, own], accelerator="cpu", logger=False, enable_progress_bar=False,
            enable_model_summary=False,
        )  # fmt: skip
        trainer.fit(Net(growth), data)

    train(0.1, tmp_path / "good", False)
    assert len(list((tmp_path / "good" / "pairs").glob("*.cert.json"))) == 2
    assert len(list((tmp_path / "good" / "own").glob("*.ckpt"))) == 2
    for guard_only in (True, False):
        folder = tmp_path / f"bad-{guard_only}"
        with pytest.raises(certify.Refuted):
            train(5.0, folder, guard_only)
        assert not list(folder.rglob("*.ckpt")) and not list(folder.rglob("*.safetensors"))
