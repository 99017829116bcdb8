#!/usr/bin/env python3
"""Prints the seconds that numpy.linalg.eigvals(|W|) takes, and with which libraries.

Usage: eigvals.py FILE     a safetensors file with one float64 matrix W; reading it is not counted.
"""
import ctypes
import glob
import json
import os
import struct
import sys
import time

import numpy as np


def matrix(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        entry = json.loads(file.read(length))["W"]
        return np.frombuffer(file.read(), dtype="<f8").reshape(entry["shape"]).copy()


def kernel():
    """The OpenBLAS kernels that numpy's own library picked."""
    folder = os.path.join(os.path.dirname(np.__file__), "..", "numpy.libs")
    for path in glob.glob(os.path.join(folder, "*openblas*")):
        library = ctypes.CDLL(path)
        for name in ("scipy_openblas_get_corename64_", "scipy_openblas_get_corename", "openblas_get_corename"):
            if hasattr(library, name):
                function = getattr(library, name)
                function.restype = ctypes.c_char_p
                return function().decode()
    return "unknown"


absolute = np.abs(matrix(sys.argv[1]))
start = time.monotonic()
np.linalg.eigvals(absolute)
print(time.monotonic() - start)
print(f"numpy {np.__version__}, OpenBLAS kernel {kernel()}")
