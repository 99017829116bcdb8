"""A stand-in for PyTorch where it is not installed: `tensor` and `save`, nothing more.

`save` writes a dictionary of float32 tensors in the zip format of torch.save: a pickle of protocol 2 that rebuilds
each tensor from a storage, and one record of bytes for each storage. The program that writes the checkpoint of the
tutorial runs unchanged with this module and with the real one; run-tutorial says which of them it was. Of no use for
anything else.
"""
import struct
import zipfile

__version__ = "stand-in"


class Tensor:
    def __init__(self, shape, values):
        self.shape, self.values = shape, values


def tensor(data):
    """A float32 tensor of nested lists of numbers."""
    if not isinstance(data, list):
        return Tensor((), [float(data)])
    if not data or not isinstance(data[0], list):
        return Tensor((len(data),), [float(x) for x in data])
    rows = [tensor(row) for row in data]
    if len({row.shape for row in rows}) != 1:
        raise ValueError("rows of different lengths")
    return Tensor((len(rows), *rows[0].shape), [x for row in rows for x in row.values])


def _string(text):
    data = text.encode("utf-8")
    return b"X" + struct.pack("<I", len(data)) + data


def _integer(value):
    return b"K" + bytes([value]) if value < 256 else b"J" + struct.pack("<i", value)


def _tuple(values):
    return b"(" + b"".join(_integer(value) for value in values) + b"t"


def _pickle(state):
    """The dictionary as torch._utils._rebuild_tensor_v2 of storages that are named by their place."""
    text = b"\x80\x02}("
    for place, (name, value) in enumerate(state.items()):
        strides = [1] * len(value.shape)
        for i in range(len(value.shape) - 2, -1, -1):
            strides[i] = strides[i + 1] * value.shape[i + 1]
        text += _string(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(("
        text += _string("storage") + b"ctorch\nFloatStorage\n" + _string(str(place)) + _string("cpu")
        text += _integer(len(value.values)) + b"tQ"
        text += _integer(0) + _tuple(value.shape) + _tuple(strides)
        text += b"\x89ccollections\nOrderedDict\n)RtR"
    return text + b"u."


def save(state, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:

        def record(name, data):
            archive.writestr(zipfile.ZipInfo(f"archive/{name}"), data)

        record("data.pkl", _pickle(state))
        record("byteorder", b"little")
        for place, value in enumerate(state.values()):
            record(f"data/{place}", struct.pack(f"<{len(value.values)}f", *value.values))
        record("version", b"3\n")
