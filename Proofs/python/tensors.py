#!/usr/bin/env python3
"""The tensors of a model file: safetensors, npz, or the zip file of torch.save. Nothing in a file is executed.

    tensors.py MODEL OUT.safetensors     writes them again, with the same names, element types and bytes

`load` gives a dictionary of tensors by name. Their bytes are those that certificates digest: C order, little endian,
in the stored type. What a container does wrong, such as a hole or a name twice, is not looked for. `rebuild` puts
parametrised weights together, by the definition binary32-left-to-right/v1.
"""
import ast
import collections
import json
import math
import pickle
import struct
import sys
import zipfile

# Name in certificates: letter of struct, size, name in safetensors. A bfloat16 is the upper half of a float32.
TYPES = {
    "float64": ("d", 8, "F64"), "float32": ("f", 4, "F32"), "float16": ("e", 2, "F16"), "bfloat16": ("H", 2, "BF16"),
    "int64": ("q", 8, "I64"), "int32": ("i", 4, "I32"), "int16": ("h", 2, "I16"), "int8": ("b", 1, "I8"),
    "uint64": ("Q", 8, "U64"), "uint32": ("I", 4, "U32"), "uint16": ("H", 2, "U16"), "uint8": ("B", 1, "U8"),
    "bool": ("?", 1, "BOOL")}
STORAGES = {
    "Double": "float64", "Float": "float32", "Half": "float16", "BFloat16": "bfloat16", "Long": "int64",
    "Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8", "Bool": "bool"}


class Tensor(collections.namedtuple("Tensor", "dtype shape bytes")):
    """An element type, a shape, and the elements."""
    __slots__ = ()

    def numbers(self):
        """The elements as Python numbers, exactly."""
        letter, size, _ = TYPES[self.dtype]
        values = struct.unpack(f"<{len(self.bytes) // size}{letter}", self.bytes)
        if self.dtype == "bfloat16":
            return [struct.unpack("<f", struct.pack("<I", bits << 16))[0] for bits in values]
        return list(values)


def make(dtype, shape, data):
    if any(size < 0 for size in shape) or len(data) != math.prod(shape) * TYPES[dtype][1]:
        raise ValueError(f"{len(data)} bytes for {list(shape)} of {dtype}")
    return Tensor(dtype, tuple(shape), data)


def load(path):
    """The tensors of a file by name."""
    with open(path, "rb") as file:
        if file.read(4) != b"PK\3\4":
            file.seek(0)
            return safetensors(file.read())
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if all(name.endswith(".npy") for name in names):
            return {name[:-4]: numpy(archive.read(name)) for name in names}
        return torch(archive, next(name for name in names if name.endswith("/data.pkl")))


def safetensors(data):
    (length,) = struct.unpack("<Q", data[:8])
    types = {short: name for name, (_, _, short) in TYPES.items()}
    found, start = {}, 8 + length
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            found[name] = make(types[entry["dtype"]], entry["shape"], data[start + first:start + last])
    return found


def write(tensors, path, metadata=None):
    """Writes a safetensors file."""
    header, end = {"__metadata__": metadata} if metadata else {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": TYPES[tensor.dtype][2], "shape": list(tensor.shape),
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
    letter, size, _ = TYPES[dtype]
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
        data, size = archive.read(f"{root}data/{int(key)}"), TYPES[dtype][1]
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


def rounded(values):
    """Each number as the nearest float32; a sum or product of two floats comes out as if computed in float32."""
    return struct.unpack(f"<{len(values)}f", struct.pack(f"<{len(values)}f", *values))


def rebuild(definition, pieces):
    """The rows of a weight A that is stored in pieces; every operation in float32, sums from +0 and left to right."""
    n = pieces[0].shape[0]
    a = [pieces[0].numbers()[i * n:(i + 1) * n] for i in range(n)]
    if definition == "spectral-norm":  # A / (u . (A v))
        u, v = (piece.numbers() for piece in pieces[1:])
        products = [0.0] * n
        for j in range(n):
            terms = rounded([a[i][j] * v[j] for i in range(n)])
            products = rounded([x + y for x, y in zip(products, terms)])
        norm = 0.0
        for term in rounded([x * y for x, y in zip(u, products)]):
            (norm,) = rounded([norm + term])
        return [list(rounded([x / norm for x in row])) for row in a]
    if definition not in ("symmetric", "matsuoka"):
        raise ValueError(f"{definition} is not known")
    identity = [pieces[1].numbers()[i * n:(i + 1) * n] for i in range(n)]
    (small,) = rounded([1e-5])
    w = []
    for i in range(n):  # (Id - A^T A) - small Id
        squares = [0.0] * n
        for k in range(n):
            squares = rounded([s + t for s, t in zip(squares, rounded([a[k][i] * x for x in a[k]]))])
        differences = rounded([one - s for one, s in zip(identity[i], squares)])
        w.append(rounded([d - t for d, t in zip(differences, rounded([small * one for one in identity[i]]))]))
    if definition == "matsuoka":  # (... + A) - A^T
        w = [rounded([x + y for x, y in zip(*rows)]) for rows in zip(w, a)]
        w = [rounded([x - a[j][i] for j, x in enumerate(row)]) for i, row in enumerate(w)]
    return [list(row) for row in w]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(load(sys.argv[1]), sys.argv[2])
