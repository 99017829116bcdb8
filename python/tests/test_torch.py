"""Tensors of PyTorch, where it is installed."""

from __future__ import annotations

import struct
from typing import Any, Optional

import pytest

import certify_stability as certify
from certify_stability.tensors import tensors_of

torch: Any = pytest.importorskip("torch")


@pytest.mark.parametrize(
    ("dtype", "name", "code"),
    [
        ("float16", "F16", "e"),
        ("float32", "F32", "f"),
        ("float64", "F64", "d"),
        ("int8", "I8", "b"),
        ("int16", "I16", "h"),
        ("int32", "I32", "i"),
        ("int64", "I64", "q"),
        ("uint8", "U8", "B"),
        ("bool", "BOOL", "?"),
    ],
)
@pytest.mark.parametrize("has_numpy", [True, False])
def test_element_types(dtype: str, name: str, code: str, has_numpy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_numpy:
        monkeypatch.setattr(torch.Tensor, "numpy", _no_numpy)
    values = torch.tensor([[0, 1, 2], [3, 4, 5]]).to(getattr(torch, dtype))
    (tensor,) = tensors_of({"x": values})
    assert (tensor.dtype, tensor.shape) == (name, (2, 3))
    assert list(struct.unpack(f"<6{code}", tensor.data)) == values.reshape(-1).tolist()


def _no_numpy(_: Any) -> None:
    raise RuntimeError("Numpy is not available")


@pytest.mark.parametrize("has_numpy", [True, False])
def test_bfloat16(has_numpy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_numpy:
        monkeypatch.setattr(torch.Tensor, "numpy", _no_numpy)
    (tensor,) = tensors_of({"x": torch.tensor([[1.0, -2.5]], dtype=torch.bfloat16)})
    assert (tensor.dtype, tensor.shape, tensor.data) == ("BF16", (1, 2), b"\x80\x3f\x20\xc0")


def test_layouts_in_memory() -> None:
    base = torch.arange(16.0, dtype=torch.float64).reshape(4, 4)
    cases = [base.T, base[::2, 1::2], base[:0], torch.tensor(2.5).double(), base[0, 0].expand(2, 2)]
    cases.append(torch.nn.Parameter(base))
    # A view whose elements are to be negated when read.
    negated = torch.tensor([1 + 2j], dtype=torch.complex128).conj().imag
    assert negated.is_neg()
    cases.append(negated)
    for values in cases:
        (tensor,) = tensors_of({"x": values})
        expected = values.detach().resolve_neg().contiguous()
        assert tensor.shape == tuple(values.shape)
        assert list(struct.unpack(f"<{expected.numel()}d", tensor.data)) == expected.reshape(-1).tolist()


def test_not_a_number_keeps_its_bits() -> None:
    bits = torch.tensor([0x7FC12345, -1], dtype=torch.int32)
    (tensor,) = tensors_of({"x": bits.view(torch.float32)})
    assert tensor.data == struct.pack("<2i", 0x7FC12345, -1)


class Kind(torch.Tensor):  # type: ignore[misc]
    pass


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (torch.zeros(2, 2, device="meta"), "device_tensor"),
        (torch.eye(2).to_sparse(), "sparse_tensor"),
        (torch.eye(2).to_sparse_csr(), "sparse_tensor"),
        (torch.zeros(2, dtype=torch.complex64), "wrong_dtype"),
        (torch.zeros(2).to(torch.float8_e4m3fn), "wrong_dtype"),
        (torch.zeros(2).as_subclass(Kind), "not_a_tensor"),
        (torch.nn.UninitializedParameter(), "not_a_tensor"),
        (torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8), "wrong_dtype"),
    ],
)
def test_what_is_refused_by_name(values: Any, code: str) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        tensors_of({"layer.weight": values})
    assert (caught.value.code, caught.value.name) == (code, "layer.weight")


def test_a_module_of_pytorch(certify_tool: Optional[str]) -> None:
    torch.manual_seed(0)
    rnn = torch.nn.RNN(3, 8)
    with torch.no_grad():
        rnn.weight_hh_l0.mul_(0.5)
    report = certify.require(rnn.state_dict(), executable=certify_tool)
    assert report.units == 8 and report.continuous is None and "nn.RNN" in report.recognised
    with pytest.raises(certify.RejectedInput, match="state_dict"):
        certify.check(rnn, executable=certify_tool)


def test_a_checkpoint_of_pytorch(certify_tool: Optional[str], tmp_path: Any) -> None:
    path = tmp_path / "net.pt"
    torch.save({"W": torch.eye(3) / 2}, path)
    report = certify.check(path, form="outside", recurrent="W", activation="tanh", step=0.1, executable=certify_tool)
    assert report.certified and report.model == str(path)
    same = certify.check(
        {"W": torch.eye(3) / 2}, form="outside", activation="tanh", step=0.1, executable=certify_tool
    )
    assert (same.continuous, same.as_run) == (report.continuous, report.as_run)


def test_extra_state_is_refused_by_name() -> None:
    class Layer(torch.nn.Linear):  # type: ignore[misc]
        def get_extra_state(self) -> Any:
            return {"version": 1}

        def set_extra_state(self, state: Any) -> None:
            pass

    with pytest.raises(certify.RejectedInput) as caught:
        certify.check(Layer(2, 2).state_dict())
    assert caught.value.name == "_extra_state"
