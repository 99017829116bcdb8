"""What the tensors mean: arguments of Python as the TOML of `certify.network`.

Nothing is checked here that the executable checks: it alone knows which forms, activations and schemes there are.
What is made sure is that any name and any number arrives there as what it is in Python.
"""

from __future__ import annotations

import math
import numbers
import operator
from fractions import Fraction
from typing import Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple, TypedDict, Union

from .errors import RejectedInput

__all__ = ["CompressedRows", "NetworkOptions", "Number", "manifest_text"]

#: A float means the double it is; an int, a Fraction and a text such as "3/10" or "0x1.8p-2" are exact.
Number = Union[int, float, Fraction, str]


class CompressedRows(NamedTuple):
    """Three tensors that hold a sparse matrix by rows (CSR), named."""

    indptr: str
    indices: str
    values: str


class NetworkOptions(TypedDict, total=False):
    """The description of a network; every key may be left out where the layout of the file says it.

        outside  τ x' = −x + W φ(x) + L x + K ψ(x) + u
        inside   τ h' = −h + φ(W h + u) + L h
        map      h⁺ = φ(W h + u)
    """

    form: str
    """outside, inside or map."""
    recurrent: Union[str, CompressedRows]
    """The tensor W, n × n; W[i, j] is from unit j to unit i. May be left out if a state has only one square tensor."""
    coupling: Union[str, CompressedRows]
    """The tensor L, n × n."""
    nonlinear_coupling: Union[str, CompressedRows]
    """The tensor K, n × n; with coupling_slopes."""
    parametrisation: str
    """How a tensor stored in pieces is put together, where names alone do not tell."""
    activation: str
    """relu, tanh, sigmoid, softplus, leaky-relu (with negative_slope), hard-tanh or identity."""
    negative_slope: Number
    slopes: Sequence[Number]
    """[l, g] with 0 ≤ l ≤ g, in place of activation."""
    coupling_slopes: Sequence[Number]
    """[l, g] of ψ."""
    modules: Sequence[int]
    """Sizes of the modules, in order."""
    workspace: int
    """Index of the hub among the modules."""
    time_constant: Union[Number, Sequence[Number]]
    """τ: one for all units, or one a module."""
    metric: Union[str, Sequence[str]]
    """A metric to try: the tensor of its diagonal, or a list of tensors, one block a module. Never believed."""
    step: Number
    """The step of the map that runs; without one only the flow is judged."""
    scheme: str
    """euler, semi-implicit, exponential, implicit or split (with leak)."""
    leak: str
    """The tensor of the leaks of a split step."""
    manifest: str
    """All of this as one TOML text instead; nothing else may be given with it."""


_KNOWN = frozenset(NetworkOptions.__annotations__)


def check_known(options: NetworkOptions) -> None:
    """TypeError for a name that is none of the options, as for any keyword argument."""
    for name in options:
        if name not in _KNOWN:
            raise TypeError(f"unexpected argument {name!r}; known are {', '.join(sorted(_KNOWN))}")


def given(options: NetworkOptions) -> Dict[str, object]:
    """The options that are not None."""
    check_known(options)
    return {name: value for name, value in options.items() if value is not None}


def manifest_text(options: NetworkOptions) -> str:
    """The TOML that says what the options say.

    Raises:
        RejectedInput: an option of the wrong kind, or one that contradicts another.
    """
    left = given(options)
    manifest = left.pop("manifest", None)
    if manifest is not None:
        if left:
            name = min(left)
            raise _fault(name, "given together with manifest; say it there")
        return _checked_text("manifest", manifest)
    lines = ["[network]"]
    for name, write in _NETWORK.items():
        if name in left:
            lines.append(f"{name.replace('_', '-')} = {write(name, left.pop(name))}")
    if "metric" in left:
        lines += ["[metric]", _metric(left.pop("metric"))]
    if left:
        # What is left belongs to the step.
        lines.append("[step]")
        for name, key, write in _STEP:
            if name in left:
                lines.append(f"{key} = {write(name, left.pop(name))}")
    return "\n".join(lines) + "\n"


def number_text(name: str, value: object) -> str:
    """A number for the command line, exact."""
    if isinstance(value, str):
        return _checked_text(name, value)
    text = _number(name, value)
    return text[1:-1] if text.startswith('"') else text


def toml_text(text: str) -> str:
    """A basic string of TOML 1.0: whatever is not plain ASCII is written by its number.

    Source: TOML 1.0.0, "String": \\uXXXX and \\UXXXXXXXX stand for any Unicode scalar value.
    """
    return '"' + "".join(_toml_character(c) for c in text) + '"'


def _toml_character(character: str) -> str:
    code = ord(character)
    if 0x20 <= code < 0x7F and character not in '"\\':
        return character
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _fault(name: str, reason: str) -> RejectedInput:
    return RejectedInput("argument", name, reason)


def _kind(value: object) -> str:
    return type(value).__name__


def _checked_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _fault(name, f"expected a text, not {_kind(value)}")
    if "\0" in value:
        raise _fault(name, "a NUL character")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _fault(name, f"not Unicode text: {error.reason} at {error.start}") from error
    return value


def _text(name: str, value: object) -> str:
    return toml_text(_checked_text(name, value))


def _source(name: str, value: object) -> str:
    if isinstance(value, CompressedRows):
        fields = (f"{key} = {_text(f'{name}.{key}', item)}" for key, item in value._asdict().items())
        return "{ " + ", ".join(fields) + " }"
    if not isinstance(value, str):
        raise _fault(name, f"expected the name of a tensor or CompressedRows, not {_kind(value)}")
    return _text(name, value)


def _number(name: str, value: object) -> str:
    if isinstance(value, str):
        return _text(name, value)
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise _fault(name, f"expected a number or an exact text, not {_kind(value)}")
    if isinstance(value, numbers.Rational):
        exact = Fraction(int(value.numerator), int(value.denominator))
        return toml_text(str(exact))
    number = float(value)
    if not math.isfinite(number):
        raise _fault(name, f"{number} is not finite")
    # The shortest text that reads back as this double; TOML wants a digit on either side of a point.
    return repr(number)


def _integer(name: str, value: object) -> str:
    if isinstance(value, bool):
        raise _fault(name, "expected an integer, not bool")
    try:
        return str(operator.index(value))  # type: ignore[arg-type]
    except TypeError:
        raise _fault(name, f"expected an integer, not {_kind(value)}") from None


def _items(name: str, value: object, what: str) -> List[object]:
    if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__iter__"):
        raise _fault(name, f"expected {what}, not {_kind(value)}")
    return list(value)


def _list(name: str, value: object, what: str, write: Callable[[str, object], str]) -> str:
    items = _items(name, value, what)
    return "[" + ", ".join(write(f"{name}[{i}]", item) for i, item in enumerate(items)) + "]"


def _slopes(name: str, value: object) -> str:
    return _list(name, value, "two numbers [l, g]", _number)


def _sizes(name: str, value: object) -> str:
    return _list(name, value, "a list of sizes", _integer)


def _times(name: str, value: object) -> str:
    if isinstance(value, (str, numbers.Real)):
        return _number(name, value)
    return _list(name, value, "a number, or one a module", _number)


def _metric(value: object) -> str:
    if isinstance(value, str):
        return f"diagonal = {_text('metric', value)}"
    return f"blocks = {_list('metric', value, 'a name, or a list of names', _text)}"


_Writer = Callable[[str, object], str]

_NETWORK: Dict[str, _Writer] = {
    "form": _text,
    "recurrent": _source,
    "coupling": _source,
    "nonlinear_coupling": _source,
    "parametrisation": _text,
    "activation": _text,
    "negative_slope": _number,
    "slopes": _slopes,
    "coupling_slopes": _slopes,
    "modules": _sizes,
    "workspace": _integer,
    "time_constant": _times,
}

_STEP: Tuple[Tuple[str, str, _Writer], ...] = (
    ("scheme", "scheme", _text),
    ("step", "size", _number),
    ("leak", "leak", _text),
)


def named_tensors(options: NetworkOptions) -> Optional[List[str]]:
    """The tensors that the options name, apart from `recurrent`; None under a manifest."""
    if options.get("manifest") is not None:
        return None
    names: List[str] = []
    for value in (options.get("coupling"), options.get("nonlinear_coupling")):
        if isinstance(value, CompressedRows):
            names += value
        elif isinstance(value, str):
            names.append(value)
    metric = options.get("metric")
    if isinstance(metric, str):
        names.append(metric)
    elif metric is not None:
        names += [name for name in metric if isinstance(name, str)]
    leak = options.get("leak")
    return names + ([leak] if isinstance(leak, str) else [])
