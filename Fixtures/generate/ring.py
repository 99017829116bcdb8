#!/usr/bin/env python3
"""Makes networks/ring.safetensors: 16 units in a ring, which Theorem 1 certifies.

    tau x' = -x + W tanh(x) + u,   W[i, i+1] = 1/2, W[i, i-1] = -1/4 (indices modulo 16), tau = 1,
    run by Euler steps of 0.03.

|W| has row and column sums 3/4, so v = w = 1 gives rate 1/4. Needs nothing but Python 3; the same bytes always.
Run it from any folder: the file is written beside this one, in ../networks.
"""
import json
import pathlib
import struct

N = 16
MANIFEST = """\
[network]
form = "outside"
recurrent = "W"
activation = "tanh"
[step]
scheme = "euler"
size = 0.03
"""


def ring():
    rows = [[0.0] * N for _ in range(N)]
    for i in range(N):
        rows[i][(i + 1) % N] = 0.5
        rows[i][(i - 1) % N] = -0.25
    return [x for row in rows for x in row]


def safetensors(name, shape, values, metadata):
    data = struct.pack("<%df" % len(values), *values)
    header = {
        "__metadata__": metadata,
        name: {"dtype": "F32", "shape": shape, "data_offsets": [0, len(data)]},
    }
    text = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


if __name__ == "__main__":
    target = pathlib.Path(__file__).resolve().parent.parent / "networks" / "ring.safetensors"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(safetensors("W", [N, N], ring(), {"certify.network": MANIFEST}))
