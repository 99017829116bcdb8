"""What counts as a tensor, and what is refused by name."""

from __future__ import annotations

import array
import random
import struct
from typing import Any

import pytest

import certify_stability as certify
from certify_stability.safetensors import write_safetensors
from certify_stability.tensors import Tensor, tensors_of
from support import hostile_name, matrix, read_safetensors


class OnDevice:
    """What a tensor on an accelerator looks like from outside."""

    class Device:
        type = "cuda"

        def __str__(self) -> str:
            return "cuda:1"

    device = Device()
    shape = (2, 2)


class OnCuda:
    __cuda_array_interface__ = {"version": 3}


class Sparse:
    def todense(self) -> None:
        raise AssertionError("nothing is made dense unasked")


def refusal(state: Any) -> certify.RejectedInput:
    with pytest.raises(certify.RejectedInput) as caught:
        tensors_of(state)
    return caught.value


@pytest.mark.parametrize(
    ("code", "dtype", "values"),
    [
        ("f", "F32", [0.5, -0.0, 2.0**-149, 3.0]),
        ("d", "F64", [0.1, -0.0, 5e-324, 3.0]),
        ("b", "I8", [-128, 127, 0, 1]),
        ("h", "I16", [-32768, 32767, 0, 1]),
        ("i", "I32", [-(1 << 31), (1 << 31) - 1, 0, 1]),
        ("q", "I64", [-(1 << 63), (1 << 63) - 1, 0, 1]),
        ("Q", "U64", [0, (1 << 64) - 1, 2, 1]),
    ],
)
def test_arrays_of_the_standard_library(code: str, dtype: str, values: Any) -> None:
    (flat,) = tensors_of({"x": array.array(code, values)})
    assert (flat.dtype, flat.shape) == (dtype, (4,))
    assert struct.unpack(f"<4{code}", flat.data) == tuple(values)
    (square,) = tensors_of({"x": matrix([values[:2], values[2:]], code)})
    assert (square.dtype, square.shape, square.data) == (dtype, (2, 2), flat.data)


def test_truth_values() -> None:
    truth = memoryview(bytes([1, 0])).cast("?")
    assert tensors_of({"x": truth})[0] == Tensor("x", "BOOL", (2,), b"\x01\x00")


def test_the_bytes_are_copies() -> None:
    values = array.array("d", [1.0])
    (tensor,) = tensors_of({"x": values})
    values[0] = 2.0
    assert struct.unpack("<d", tensor.data) == (1.0,)


@pytest.mark.parametrize(
    ("value", "code", "word"),
    [
        ([[1.0]], "not_a_tensor", "nested list"),
        (((1.0,),), "not_a_tensor", "nested tuple"),
        (1.0, "not_a_tensor", "float"),
        (None, "not_a_tensor", "NoneType"),
        ("W", "not_a_tensor", "str"),
        (b"1234", "not_a_tensor", "bytes"),
        ({"W": 1}, "not_a_tensor", "dict"),
        (OnDevice(), "device_tensor", "cuda:1"),
        (OnCuda(), "device_tensor", "cuda"),
        (Sparse(), "sparse_tensor", "Sparse"),
        (memoryview(b"ab").cast("c"), "wrong_dtype", "'c'"),
        (array.array, "not_a_tensor", "type"),
    ],
)
def test_what_is_no_tensor_is_refused_by_name(value: Any, code: str, word: str) -> None:
    error = refusal({"fine": array.array("d", [1.0]), "layer.\x1b[2J": value})
    assert (error.code, error.name) == (code, "layer.\x1b[2J")
    assert word in str(error) and str(error).isprintable()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (3, "bad_name"),
        (b"W", "bad_name"),
        ("\ud800", "bad_name"),
        ("__metadata__", "bad_name"),
        ("n" * 1025, "bad_name"),
        ("é" * 513, "bad_name"),
    ],
)
def test_names_that_cannot_be_written(name: Any, code: str) -> None:
    error = refusal({name: array.array("d", [1.0])})
    assert error.code == code and str(error).isprintable()


def test_names_that_differ_only_in_composition() -> None:
    error = refusal({"\u00e9": array.array("d", [1.0]), "e\u0301": array.array("d", [2.0])})
    assert (error.code, error.name) == ("duplicate_key", "e\u0301")


def test_an_empty_state_and_too_many_tensors() -> None:
    assert refusal({}).name == "state"
    one = array.array("d", [1.0])
    assert refusal({str(i): one for i in range(100_001)}).code == "limit"


def test_too_many_dimensions() -> None:
    nine = memoryview(bytes(1)).cast("B", shape=[1] * 9)
    assert refusal({"x": nine}).code == "limit"


@pytest.mark.parametrize("seed", range(100))
def test_any_names_are_written_and_read_back(seed: int, tmp_path: Any) -> None:
    source = random.Random(seed)
    state = {hostile_name(source): array.array("d", [source.random()]) for _ in range(5)}
    try:
        tensors = tensors_of(state)
    except certify.RejectedInput as error:
        assert error.code == "duplicate_key"
        return
    path = str(tmp_path / "x.safetensors")
    note = hostile_name(source)
    write_safetensors(path, tensors, {"note": note})
    with open(path, "rb") as file:
        metadata, found = read_safetensors(file.read())
    assert metadata == {"note": note}
    assert found == {name: ("F64", [1], value.tobytes()) for name, value in state.items()}


def test_the_file_depends_on_nothing_but_its_content(tmp_path: Any) -> None:
    a, b, c = array.array("d", [1.0]), array.array("f", [2.0]), array.array("q", [3])
    first, second = str(tmp_path / "1"), str(tmp_path / "2")
    digest = write_safetensors(first, tensors_of({"b": b, "a": a, "c": c}), {"x": "1", "y": "2"})
    again = write_safetensors(second, tensors_of({"c": c, "a": a, "b": b}), {"y": "2", "x": "1"})
    assert digest == again
    with open(first, "rb") as file, open(second, "rb") as other:
        assert file.read() == other.read()
    with pytest.raises(OSError):
        write_safetensors(first, [], {})


def test_the_reference_implementation_reads_it(tmp_path: Any) -> None:
    reference = pytest.importorskip("safetensors.numpy")
    path = str(tmp_path / "x.safetensors")
    name = 'quote " and \n newline'
    write_safetensors(path, tensors_of({name: matrix([[1.0, 2.0], [3.0, 4.0]]), "i": array.array("q", [7])}), {})
    found = reference.load_file(path)
    assert found[name].tolist() == [[1.0, 2.0], [3.0, 4.0]] and found["i"].tolist() == [7]


def test_size_and_shape_agree() -> None:
    with pytest.raises(certify.RejectedInput):
        Tensor("x", "F64", (2,), b"12345678")
