"""Tensors of a state dictionary as bytes, without importing what they come from.

Accepted are PyTorch tensors in main memory, and what offers its elements through the buffer protocol with a shape:
numpy arrays, `array.array`, `memoryview`. Everything else is refused by name. The bytes are copies.
"""

from __future__ import annotations

import array
import sys
import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .errors import RejectedInput
from .text import printable, quoted

__all__ = ["Tensor", "tensors_of"]

#: Limits of the reader (`Limits` in Sources/Checkpoints); refused here by name instead of there by number.
LONGEST_NAME = 1024
LARGEST_RANK = 8
MOST_TENSORS = 100_000

#: Element types by kind and size, as safetensors names them.
_FLOATS = {2: "F16", 4: "F32", 8: "F64"}
_SIGNED = {1: "I8", 2: "I16", 4: "I32", 8: "I64"}
_UNSIGNED = {1: "U8", 2: "U16", 4: "U32", 8: "U64"}
ITEM_SIZE = {
    **{name: size for sizes in (_FLOATS, _SIGNED, _UNSIGNED) for size, name in sizes.items()},
    "BF16": 2,
    "BOOL": 1,
}

_TORCH_NAMES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint64": "U64",
    "uint32": "U32",
    "uint16": "U16",
    "uint8": "U8",
    "bool": "BOOL",
}


@dataclass(frozen=True)
class Tensor:
    """A tensor as safetensors stores it: little endian, last index fastest."""

    name: str
    dtype: str
    shape: Tuple[int, ...]
    data: bytes

    def __post_init__(self) -> None:
        count = 1
        for size in self.shape:
            count *= size
        if count * ITEM_SIZE[self.dtype] != len(self.data):
            raise RejectedInput(
                "not_a_tensor",
                self.name,
                f"{len(self.data)} bytes for shape {list(self.shape)} of {self.dtype}",
            )


def tensors_of(state: Mapping[str, object]) -> List[Tensor]:
    """The tensors of a state dictionary, copied.

    Raises:
        RejectedInput: for the first key that is no name of a tensor, or whose value is no tensor in main memory.
    """
    if not state:
        raise RejectedInput("argument", "state", "no tensors: the state dictionary is empty")
    if len(state) > MOST_TENSORS:
        raise RejectedInput("limit", None, f"{len(state)} tensors; at most {MOST_TENSORS} are read")
    seen: Dict[str, str] = {}
    tensors: List[Tensor] = []
    for name, value in state.items():
        _check_name(name, seen)
        tensor = _tensor(name, value)
        if len(tensor.shape) > LARGEST_RANK:
            raise RejectedInput(
                "limit", name, f"{len(tensor.shape)} dimensions; at most {LARGEST_RANK} are read"
            )
        tensors.append(tensor)
    return tensors


def _check_name(name: object, seen: Dict[str, str]) -> None:
    if not isinstance(name, str):
        raise RejectedInput("bad_name", repr(name), f"the name of a tensor is a str, not {_kind(name)}")
    if name == "__metadata__":
        raise RejectedInput("bad_name", name, "safetensors keeps this name for its metadata")
    try:
        length = len(name.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise RejectedInput(
            "bad_name", name, f"not Unicode text: {error.reason} at {error.start}"
        ) from error
    if length > LONGEST_NAME:
        raise RejectedInput("bad_name", name, f"{length} bytes of UTF-8; at most {LONGEST_NAME} are read")
    # The executable compares names as Swift does, by canonical equivalence (Unicode Annex 15).
    other = seen.setdefault(unicodedata.normalize("NFC", name), name)
    if other != name:
        raise RejectedInput(
            "duplicate_key", name, f"the same text as the name {quoted(ascii(other)[1:-1])}, composed differently"
        )


def _kind(value: object) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _tensor(name: str, value: Any) -> Tensor:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _from_torch(name, value, torch)
    if isinstance(value, (list, tuple)):
        raise RejectedInput(
            "not_a_tensor",
            name,
            f"a nested {_kind(value)} has no element type; make an array of it, such as numpy.asarray(…)",
        )
    device = _foreign_device(value)
    if device is not None:
        raise _on_device(name, device)
    if hasattr(value, "todense") or hasattr(value, "to_dense"):
        raise RejectedInput(
            "sparse_tensor",
            name,
            f"{_kind(value)} is sparse; give its arrays as three tensors (CompressedRows) or make it dense",
        )
    if isinstance(value, (array.array, memoryview)) or hasattr(value, "__array_interface__"):
        return _from_buffer(name, value)
    hint = "; numpy.asarray(…) makes one of it" if hasattr(value, "__array__") else ""
    raise RejectedInput("not_a_tensor", name, f"{_kind(value)} is not a tensor{hint}")


def _foreign_device(value: Any) -> Optional[str]:
    """The device of a value that does not lie in main memory."""
    if hasattr(value, "__cuda_array_interface__"):
        return str(getattr(value, "device", "cuda"))
    device = getattr(value, "device", None)
    kind = getattr(device, "type", device)
    if isinstance(kind, str) and kind != "cpu":
        return str(device)
    return None


def _on_device(name: str, device: str) -> RejectedInput:
    return RejectedInput(
        "device_tensor", name, f"lies on device {printable(device, 80)}; pass a copy in main memory, .cpu()"
    )


# MARK: PyTorch


def _from_torch(name: str, value: Any, torch: Any) -> Tensor:
    if type(value) not in (torch.Tensor, torch.nn.Parameter):
        raise RejectedInput(
            "not_a_tensor",
            name,
            f"{_kind(value)} is a kind of tensor whose elements are not known; make it a plain one",
        )
    if value.device.type != "cpu":
        raise _on_device(name, str(value.device))
    if value.layout != torch.strided or getattr(value, "is_nested", False):
        raise RejectedInput(
            "sparse_tensor",
            name,
            f"layout {value.layout}; make it dense, or give CSR as three tensors (CompressedRows)",
        )
    dtype = _TORCH_NAMES.get(str(value.dtype).rpartition(".")[2])
    if dtype is None:
        raise _wrong_dtype(name, str(value.dtype))
    try:
        # Copies bits only: no element is converted.
        plain = value.detach().resolve_neg().contiguous()
        bits = plain.reshape(-1).view(_torch_bits(torch, ITEM_SIZE[dtype]))
        data = _torch_bytes(bits)
    except (RuntimeError, TypeError, ValueError) as error:
        raise RejectedInput("not_a_tensor", name, f"its elements cannot be read: {error}") from error
    return Tensor(name, dtype, tuple(int(size) for size in value.shape), data)


def _torch_bits(torch: Any, size: int) -> Any:
    return {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[size]


def _torch_bytes(bits: Any) -> bytes:
    size = int(bits.element_size())
    try:
        native = memoryview(bits.numpy()).tobytes()
    except RuntimeError:
        # PyTorch runs without numpy, and then goes through lists, a piece at a time.
        code = {1: "B", 2: "h", 4: "i", 8: "q"}[size]
        native = b"".join(
            array.array(code, piece.tolist()).tobytes() for piece in bits.split(1 << 16) if len(piece)
        )
    return _little(native, size, sys.byteorder)


# MARK: The buffer protocol


def _from_buffer(name: str, value: Any) -> Tensor:
    if hasattr(value, "mask") and hasattr(value, "fill_value"):
        raise RejectedInput("not_a_tensor", name, f"{_kind(value)} hides some of its elements; fill them in")
    # numpy has no format for bfloat16; its bits have one.
    is_brain = str(getattr(value, "dtype", "")) == "bfloat16"
    try:
        view = memoryview(value.view("int16") if is_brain else value)
    except (TypeError, ValueError, BufferError) as error:
        dtype = getattr(value, "dtype", None)
        if dtype is not None:
            raise _wrong_dtype(name, str(dtype)) from error
        raise RejectedInput("not_a_tensor", name, f"its elements cannot be read: {error}") from error
    with view:
        dtype, order = ("BF16", sys.byteorder) if is_brain else _format(name, view)
        data = _little(view.tobytes(), view.itemsize, order)
        return Tensor(name, dtype, tuple(view.shape or ()), data)


def _format(name: str, view: memoryview) -> Tuple[str, str]:
    """Element type and byte order of a format of the module struct."""
    text = view.format
    order: str = sys.byteorder
    if text[:1] in ("<", ">", "!", "=", "@"):
        order = {"<": "little", ">": "big", "!": "big"}.get(text[0], sys.byteorder)
        text = text[1:]
    kinds = (("efd", _FLOATS), ("bhilq", _SIGNED), ("BHILQ", _UNSIGNED), ("?", {1: "BOOL"}))
    for letters, sizes in kinds:
        if len(text) == 1 and text in letters and view.itemsize in sizes:
            return sizes[view.itemsize], order
    raise _wrong_dtype(name, f"format {view.format!r}")


def _little(data: bytes, size: int, order: str) -> bytes:
    if order == "little" or size == 1:
        return data
    swapped = array.array({2: "h", 4: "i", 8: "q"}[size], data)
    swapped.byteswap()
    return swapped.tobytes()


def _wrong_dtype(name: str, found: str) -> RejectedInput:
    return RejectedInput(
        "wrong_dtype", name, f"elements of {printable(found, 80)} are not read; known: {', '.join(ITEM_SIZE)}"
    )
