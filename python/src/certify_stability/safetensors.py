"""Writes safetensors: header length (uint64), JSON header, data.

Source: the safetensors README, "Format". The bytes depend on nothing but tensors and metadata: tensors are ordered
by element size, largest first, then by the UTF-8 bytes of their names, and the header is padded with spaces, so that
each tensor starts at a multiple of its element size. Nothing is ever pickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from typing import Dict, List, Mapping, Sequence

from .errors import RejectedInput
from .tensors import ITEM_SIZE, Tensor

__all__ = ["safetensors_bytes", "write_safetensors"]

#: The longest header the executable reads, in bytes.
LONGEST_HEADER = 16 << 20


def write_safetensors(path: str, tensors: Sequence[Tensor], metadata: Mapping[str, str]) -> str:
    """Writes a new file, synced, and gives the SHA-256 of its bytes.

    Raises:
        RejectedInput: the header is longer than is read.
        OSError: the file exists, or cannot be written.
    """
    digest = hashlib.sha256()
    with open(path, "xb") as file:
        for piece in _pieces(tensors, metadata):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def safetensors_bytes(tensors: Sequence[Tensor], metadata: Mapping[str, str]) -> bytes:
    """The bytes of the file that `write_safetensors` writes. Raises: RejectedInput, as there."""
    return b"".join(_pieces(tensors, metadata))


def _pieces(tensors: Sequence[Tensor], metadata: Mapping[str, str]) -> List[bytes]:
    ordered = sorted(tensors, key=lambda t: (-ITEM_SIZE[t.dtype], t.name.encode("utf-8")))
    header: Dict[str, object] = {}
    if metadata:
        header["__metadata__"] = dict(sorted(metadata.items()))
    offset = 0
    for tensor in ordered:
        end = offset + len(tensor.data)
        header[tensor.name] = {
            "dtype": tensor.dtype,
            "shape": list(tensor.shape),
            "data_offsets": [offset, end],
        }
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    if len(text) > LONGEST_HEADER:
        raise RejectedInput("limit", None, f"a header of {len(text)} bytes; at most {LONGEST_HEADER} are read")
    return [struct.pack("<Q", len(text)), text, *(tensor.data for tensor in ordered)]
