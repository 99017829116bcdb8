"""Matrices without numpy, names that try to break a format, and executables that answer as they are told."""

from __future__ import annotations

import array
import json
import os
import pathlib
import random
import stat
import struct
import sys
from typing import Any, Dict, List, Sequence, Tuple

#: The executable to test with, kept from before the tests hide it.
CERTIFY = os.path.abspath(os.environ["CERTIFY"]) if os.environ.get("CERTIFY") else ""
#: The C library to test with.
CERTIFY_LIBRARY = os.environ.get("CERTIFY_LIBRARY", "") and os.path.abspath(os.environ["CERTIFY_LIBRARY"])

#: One network each, of form outside and slopes in [0, 1].
CERTIFIED = ((0.5, 0.0), (0.0, 0.25))
REFUTED = ((3.0, 0.0), (0.0, 0.5))
#: 5/2 of a rotation: it contracts, but no constant metric shows it.
UNDECIDED = ((0.0, -2.5), (2.5, 0.0))


def matrix(rows: Sequence[Sequence[float]], code: Any = "d") -> Any:
    """A matrix of the standard library: an array with a shape."""
    flat = array.array(code, [x for row in rows for x in row])
    return memoryview(flat).cast("B").cast(code, shape=[len(rows), len(rows[0])])


def vector(values: Sequence[float], code: str = "d") -> array.array[Any]:
    return array.array(code, values)


def read_safetensors(data: bytes) -> Tuple[Dict[str, str], Dict[str, Tuple[str, List[int], bytes]]]:
    """A second reading of the format, for tests: metadata, and name to dtype, shape and bytes."""
    (length,) = struct.unpack_from("<Q", data)
    pairs = json.loads(data[8 : 8 + length], object_pairs_hook=list)
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names)
    assert (8 + length) % 8 == 0
    metadata: Dict[str, str] = {}
    tensors: Dict[str, Tuple[str, List[int], bytes]] = {}
    end = 0
    for name, value in pairs:
        fields = dict(value)
        if name == "__metadata__":
            metadata = fields
            continue
        begin, after = fields["data_offsets"]
        assert begin == end, "a hole or an overlap"
        end = after
        data_of = data[8 + length + begin : 8 + length + after]
        tensors[name] = (fields["dtype"], fields["shape"], data_of)
    assert 8 + length + end == len(data)
    return metadata, tensors


_PIECES = (
    '"', "'", "\\", "\n", "\r", "\t", "\x00", "\x01", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e", "#", "=", "[",
    "]", "{", "}", ".", ",", "\"\"\"", "'''", "\\u0022", "\\", "</script>", "&", "é", "e\u0301", "Ω", "𝕏",
    "\U0010ffff", "\ufeff", "weight", "_l0", " ", "-", "\n[step]\nsize = 9\n", '"\nform = "map', "$(id)", "%s", "{0}", "../", "",
)  # fmt: skip


def hostile_name(random_source: random.Random, *, without: str = "") -> str:
    """A name made of what could break JSON, TOML, a shell, a terminal or a line."""
    pieces = [p for p in _PIECES if not any(c in p for c in without)]
    return "".join(random_source.choice(pieces) for _ in range(random_source.randrange(1, 8)))


class FakeTool:
    """Executables that are small Python programs."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder

    def program(self, body: str) -> str:
        """An executable that runs `body`."""
        path = self._folder / "certify-fake"
        path.write_text(f"#!{sys.executable}\nimport hashlib, json, os, sys, time\n{body}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return os.fspath(path)

    def printing(self, text: str, status: int = 0, stderr: str = "") -> str:
        return self.program(
            f"sys.stdout.write({text!r}); sys.stderr.write({stderr!r}); sys.stdout.flush(); sys.exit({status})"
        )

    def answering(self, change: str = "", status: int = 0) -> str:
        """Answers `check` as the contract says for a certified network, after `change` of the line `a`."""
        return self.program(_ANSWER.format(change=change, status=status))


_ANSWER = """
path = sys.argv[-1]
a = {{
  "schema": "certify.verdict/v1", "model": path,
  "sha256": hashlib.sha256(open(path, "rb").read()).hexdigest(), "verdict": "certified", "recognised": "x",
  "continuous": {{"verdict": "certified", "rule": "triangular", "rate": 0.5, "overshoot": 1.0, "maximumStep": None}},
  "asRun": {{"verdict": "certified", "scheme": "euler", "step": 0.03, "rule": "triangular", "factor": 0.99,
            "rate": 0.25, "overshoot": 1.0, "maximumStep": 1.9}},
  "units": 2, "modules": 1, "seconds": 0.1, "witness": None, "obstruction": None, "certificate": None}}
{change}
print(json.dumps(a))
sys.exit({status})
"""
