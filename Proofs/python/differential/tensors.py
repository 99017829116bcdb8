#!/usr/bin/env python3
"""The tensors of a model file: safetensors, npz, or the zip file of torch.save. Nothing in a file is executed.

    tensors.py MODEL OUT.safetensors     writes them again, with the same names, element types and bytes

The checker reads safetensors; this is for models in another container. `load` gives a dictionary of tensors by name.
Their bytes are those that certificates digest: C order, little endian, in the stored type. What an npz or torch file
does wrong, such as a hole or a name twice, is not looked for.
"""
import ast
import collections
import json
import math
import os
import pickle
import struct
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
import document  # noqa: E402
from document import TYPES, Tensor  # noqa: E402

STORAGES = {
    "Double": "float64", "Float": "float32", "Half": "float16", "BFloat16": "bfloat16", "Long": "int64",
    "Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8", "Bool": "bool"}


def width(dtype): return struct.calcsize(TYPES[dtype][1])


def make(dtype, shape, data):
    if any(size < 0 for size in shape) or len(data) != math.prod(shape) * width(dtype):
        raise ValueError(f"{len(data)} bytes for {list(shape)} of {dtype}")
    return Tensor(dtype, tuple(shape), data)


def load(path):
    """The tensors of a file by name."""
    with open(path, "rb") as file:
        if file.read(4) != b"PK\3\4":
            return document.load(path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if all(name.endswith(".npy") for name in names):
            return {name[:-4]: numpy(archive.read(name)) for name in names}
        return torch(archive, next(name for name in names if name.endswith("/data.pkl")))


def write(tensors, path, metadata=None):
    """Writes a safetensors file."""
    header, end = {"__metadata__": metadata} if metadata else {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": TYPES[tensor.dtype][0], "shape": list(tensor.shape),
                        "data_offsets": [end, end + len(tensor.bytes)]}
        end += len(tensor.bytes)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(tensor.bytes for tensor in tensors.values()))


def numpy(data):
    """One array of an npz file; its header is a literal of Python and read as such."""
    wide = data[6] > 1
    (length,) = struct.unpack("<I" if wide else "<H", data[8:12 if wide else 10])
    start = (12 if wide else 10) + length
    header = ast.literal_eval(data[start - length:start].decode("latin-1").strip())
    order, kind, shape = header["descr"][0], header["descr"][1:], header["shape"]
    words = {"f": "float", "i": "int", "u": "uint", "b": "bool"}
    dtype = "bool" if kind == "b1" else f"{words[kind[0]]}{8 * int(kind[1:])}"
    letter, size = TYPES[dtype][1], width(dtype)
    count = math.prod(shape)
    values = struct.unpack(f"{'>' if order == '>' else '<'}{count}{letter}", data[start:start + count * size])
    if header["fortran_order"]:
        strides = [math.prod(shape[:axis]) for axis in range(len(shape))]
        values = [values[place] for place in places(0, shape, strides)]
    return make(dtype, shape, struct.pack(f"<{count}{letter}", *values))


def places(offset, shape, strides):
    """Where the elements lie, in C order."""
    found = [offset]
    for size, stride in zip(shape, strides):
        found = [place + index * stride for place in found for index in range(size)]
    return found


def torch(archive, pickled):
    """The tensors of a state dictionary; the unpickler knows tensors and dictionaries, and refuses the rest."""
    root = pickled[:-len("data.pkl")]

    def tensor(storage, offset, shape, strides, *_):
        dtype, key, count = storage
        data, size = archive.read(f"{root}data/{int(key)}"), width(dtype)
        where = places(offset, shape, strides)
        if len(data) != count * size or where and not 0 <= min(where) <= max(where) < count:
            raise ValueError("a tensor outside its storage")
        return make(dtype, shape, b"".join(data[size * k:size * k + size] for k in where))

    known = {("collections", "OrderedDict"): collections.OrderedDict, ("torch", "Size"): tuple,
             ("torch._utils", "_rebuild_tensor_v2"): tensor, ("torch._utils", "_rebuild_parameter"): lambda t, *_: t}
    known.update({("torch", f"{name}Storage"): dtype for name, dtype in STORAGES.items()})

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) not in known:
                raise pickle.UnpicklingError(f"{module}.{name} is not read")
            return known[module, name]

        def persistent_load(self, identity):
            word, dtype, key, _, count = identity
            if word != "storage":
                raise pickle.UnpicklingError(f"{word} is not read")
            return dtype, key, count

    with archive.open(pickled) as file:
        found = Reader(file).load()
    for name in ["state_dict", "model_state_dict", "model"]:
        if isinstance(found.get(name), dict):
            found = found[name]
            break
    return {name: value for name, value in found.items() if isinstance(value, Tensor)}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(load(sys.argv[1]), sys.argv[2])
