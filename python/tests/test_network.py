"""Options of Python as TOML."""

from __future__ import annotations

import random
import sys
from fractions import Fraction
from typing import Any, Dict

import pytest

import certify_stability as certify
from certify_stability.network import manifest_text, toml_text
from support import hostile_name


def parsed(text: str) -> Dict[str, Any]:
    """What a TOML reader that is not ours makes of a text."""
    if sys.version_info < (3, 11):
        pytest.skip("needs tomllib, of Python 3.11")
    import tomllib

    return tomllib.loads(text)


@pytest.mark.parametrize("seed", range(200))
def test_any_name_arrives_unchanged(seed: int) -> None:
    source = random.Random(seed)
    names = [hostile_name(source, without="\0") for _ in range(6)]
    text = manifest_text(
        {
            "form": names[0],
            "recurrent": names[1],
            "coupling": certify.CompressedRows(names[2], names[3], names[4]),
            "metric": names,
            "leak": names[5],
        }
    )
    assert text.isascii() and text.isprintable() is False and "\r" not in text
    assert parsed(text) == {
        "network": {
            "form": names[0],
            "recurrent": names[1],
            "coupling": {"indptr": names[2], "indices": names[3], "values": names[4]},
        },
        "metric": {"blocks": names},
        "step": {"leak": names[5]},
    }


def test_every_scalar_value_is_written() -> None:
    every = "".join(chr(c) for c in range(1, 0x3000)) + "".join(
        chr(c) for c in (0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF)
    )
    assert parsed(f"x = {toml_text(every)}")["x"] == every


@pytest.mark.parametrize("seed", range(100))
def test_a_float_is_the_double_it_is(seed: int) -> None:
    source = random.Random(seed)
    number = source.choice([source.random(), source.uniform(-1, 1) * 2.0 ** source.randrange(-1060, 1000)])
    assert parsed(manifest_text({"step": number}))["step"]["size"] == number


def test_exact_numbers_are_texts() -> None:
    text = manifest_text({"step": Fraction(3, 10), "time_constant": [1, "0x1.8p-2"], "slopes": [0, 0.25]})
    assert parsed(text) == {
        "network": {"time-constant": ["1", "0x1.8p-2"], "slopes": ["0", 0.25]},
        "step": {"size": "3/10"},
    }


def test_everything_at_once() -> None:
    text = manifest_text(
        {
            "form": "outside",
            "recurrent": "W",
            "coupling": "L",
            "nonlinear_coupling": "K",
            "parametrisation": "sym",
            "activation": "leaky-relu",
            "negative_slope": 0.01,
            "coupling_slopes": (0.0, 1.0),
            "modules": [2, 3],
            "workspace": 1,
            "time_constant": 0.5,
            "metric": "m",
            "scheme": "split",
            "step": 0.03,
            "leak": "a",
        }
    )
    assert parsed(text) == {
        "network": {
            "form": "outside",
            "recurrent": "W",
            "coupling": "L",
            "nonlinear-coupling": "K",
            "parametrisation": "sym",
            "activation": "leaky-relu",
            "negative-slope": 0.01,
            "coupling-slopes": [0.0, 1.0],
            "modules": [2, 3],
            "workspace": 1,
            "time-constant": 0.5,
        },
        "metric": {"diagonal": "m"},
        "step": {"scheme": "split", "size": 0.03, "leak": "a"},
    }


def test_a_manifest_is_sent_as_it_is() -> None:
    assert manifest_text({"manifest": "# mine\n"}) == "# mine\n"


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"form": 3}, "form"),
        ({"recurrent": ["W"]}, "recurrent"),
        ({"recurrent": "W\0"}, "recurrent"),
        ({"recurrent": "\ud800"}, "recurrent"),
        ({"coupling": certify.CompressedRows("a", 1, "b")}, "coupling.indices"),  # type: ignore[arg-type]
        ({"step": float("nan")}, "step"),
        ({"step": float("inf")}, "step"),
        ({"step": True}, "step"),
        ({"step": [0.1]}, "step"),
        ({"slopes": "01"}, "slopes"),
        ({"slopes": [0, None]}, "slopes[1]"),
        ({"modules": [2, 2.0]}, "modules[1]"),
        ({"modules": 4}, "modules"),
        ({"workspace": True}, "workspace"),
        ({"time_constant": {}}, "time_constant"),
        ({"metric": [1]}, "metric[0]"),
        ({"manifest": "x", "form": "map"}, "form"),
        ({"manifest": 1}, "manifest"),
    ],
)
def test_a_wrong_kind_is_refused_by_name(options: Any, name: str) -> None:
    with pytest.raises(certify.RejectedInput) as caught:
        manifest_text(options)
    assert (caught.value.code, caught.value.name) == ("argument", name)


def test_an_unknown_option_is_a_type_error() -> None:
    options: Any = {"activaton": "tanh"}
    with pytest.raises(TypeError, match="activaton"):
        certify.check({}, **options)
