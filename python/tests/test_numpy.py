"""Arrays of numpy, where it is installed."""

from __future__ import annotations

from typing import Any, Optional

import pytest

import certify_stability as certify
from certify_stability.tensors import tensors_of

numpy: Any = pytest.importorskip("numpy")


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        ("float16", "F16"),
        ("float32", "F32"),
        ("float64", "F64"),
        ("int8", "I8"),
        ("int16", "I16"),
        ("int32", "I32"),
        ("int64", "I64"),
        ("uint8", "U8"),
        ("uint16", "U16"),
        ("uint32", "U32"),
        ("uint64", "U64"),
        ("bool", "BOOL"),
    ],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_element_types_in_both_byte_orders(dtype: str, name: str, order: str) -> None:
    values = numpy.array([[0, 1, 2], [3, 4, 5]], dtype=dtype).astype(numpy.dtype(dtype).newbyteorder(order))
    (tensor,) = tensors_of({"x": values})
    assert (tensor.dtype, tensor.shape) == (name, (2, 3))
    assert tensor.data == values.astype(numpy.dtype(dtype).newbyteorder("<")).tobytes()


@pytest.mark.parametrize("view", ["T", "reverse", "every second", "broadcast", "read-only", "fortran", "empty", "0-d"])
def test_layouts_in_memory(view: str) -> None:
    base = numpy.arange(16.0).reshape(4, 4)
    locked = base.copy()
    locked.flags.writeable = False
    values = {
        "T": base.T,
        "reverse": base[::-1, ::-1],
        "every second": base[::2, 1::2],
        "broadcast": numpy.broadcast_to(numpy.float64(3), (2, 2)),
        "read-only": locked,
        "fortran": numpy.asfortranarray(base),
        "empty": base[:0],
        "0-d": numpy.array(2.5),
    }[view]
    (tensor,) = tensors_of({"x": values})
    assert tensor.shape == values.shape
    assert tensor.data == numpy.ascontiguousarray(values).tobytes()


@pytest.mark.parametrize(
    "values",
    [
        numpy.array([1j]),
        numpy.array(["a"]),
        numpy.array([object()]),
        numpy.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        numpy.array(["2020-01-01"], dtype="datetime64[D]"),
        numpy.array([1], dtype="longdouble"),
    ],
    ids=lambda values: str(values.dtype),
)
def test_other_elements_are_refused(values: Any) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        tensors_of({"x": values})
    assert (caught.value.code, caught.value.name) == ("wrong_dtype", "x")


def test_hidden_elements_are_refused() -> None:
    with pytest.raises(certify.RejectedInput, match="hides"):
        tensors_of({"x": numpy.ma.masked_array([1.0, 2.0], mask=[True, False])})


def test_bfloat16() -> None:
    kinds = pytest.importorskip("ml_dtypes")
    (tensor,) = tensors_of({"x": numpy.array([[1.0, -2.5]], dtype=kinds.bfloat16)})
    assert (tensor.dtype, tensor.shape, tensor.data) == ("BF16", (1, 2), b"\x80\x3f\x20\xc0")
    with pytest.raises(certify.RejectedInput, match="float8"):
        tensors_of({"x": numpy.zeros(2, dtype=kinds.float8_e4m3)})


def test_numbers_of_numpy_as_options(certify_tool: Optional[str]) -> None:
    report = certify.check(
        {"W": numpy.diag(numpy.float32([0.5, 0.25]))},
        form="outside",
        slopes=[numpy.float32(0), numpy.float64(1)],
        modules=list(numpy.array([1, 1])),
        step=numpy.float32(0.03),
        executable=certify_tool,
    )
    assert report.certified and report.modules == 2
    assert report.as_run is not None and report.as_run.step == float(numpy.float32(0.03))
