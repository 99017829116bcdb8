"""Reads the JSON the executable prints, strictly: what is not as the contract says is an error, never a default."""

from __future__ import annotations

import json
import math
from typing import Callable, Dict, List, NoReturn, Optional, Tuple, TypeVar

from .text import printable

__all__ = ["Fields", "Unexpected", "parse_object"]

T = TypeVar("T")
Word = TypeVar("Word", bound=str)


class Unexpected(ValueError):
    """An answer that is not as the contract says."""


def parse_object(line: str) -> Fields:
    """One JSON object; duplicate names, NaN and infinities are errors."""
    try:
        value = json.loads(line, object_pairs_hook=_unique, parse_constant=_not_a_number)
    except RecursionError as error:
        raise Unexpected("it is nested too deeply") from error
    except ValueError as error:
        start = printable(line, 80)
        raise Unexpected(f"it is not JSON ({printable(str(error), 120)}): {start}") from error
    if not isinstance(value, dict):
        raise Unexpected(f"it is not a JSON object: {printable(line, 80)}")
    return Fields(value, "")


def _unique(pairs: List[Tuple[str, object]]) -> Dict[str, object]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise Unexpected("a name occurs twice in an object")
    return names


def _not_a_number(text: str) -> NoReturn:
    raise Unexpected(f"{text} is not a number of JSON")


class Fields:
    """The fields of an object, each read as one type."""

    def __init__(self, values: Dict[str, object], path: str) -> None:
        self._values = values
        self._path = path

    def _wrong(self, key: str, expected: str) -> Unexpected:
        found = self._values[key] if key in self._values else "nothing"
        return Unexpected(f"{self._path}{key} is {printable(repr(found), 80)}, expected {expected}")

    def has(self, key: str) -> bool:
        return self._values.get(key) is not None

    def text(self, key: str) -> str:
        value = self._values.get(key)
        if not isinstance(value, str):
            raise self._wrong(key, "a text")
        return value

    def word(self, key: str, *known: Word) -> Word:
        value = self._values.get(key)
        for word in known:
            if value == word:
                return word
        raise self._wrong(key, " or ".join(known))

    def boolean(self, key: str) -> bool:
        value = self._values.get(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def number(self, key: str) -> float:
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._wrong(key, "a number")
        try:
            number = float(value)
        except OverflowError:
            raise self._wrong(key, "a number that a double holds") from None
        if not math.isfinite(number):
            raise self._wrong(key, "a finite number")
        return number

    def positive(self, key: str) -> float:
        number = self.number(key)
        if not number > 0:
            raise self._wrong(key, "a number above 0")
        return number

    def count(self, key: str) -> int:
        return self._count(self._values.get(key), key)

    def _count(self, value: object, key: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong(key, "a count")
        return value

    def optional(self, key: str, read: Callable[[str], T]) -> Optional[T]:
        """None where the field is null or not there."""
        return read(key) if self.has(key) else None

    def child(self, key: str) -> Fields:
        value = self._values.get(key)
        if not isinstance(value, dict):
            raise self._wrong(key, "an object")
        return Fields(value, f"{self._path}{key}.")

    def _list(self, key: str) -> List[object]:
        value = self._values.get(key)
        if not isinstance(value, list):
            raise self._wrong(key, "an array")
        return value

    def objects(self, key: str) -> List[Fields]:
        items: List[Fields] = []
        for i, item in enumerate(self._list(key)):
            if not isinstance(item, dict):
                raise self._wrong(key, "an array of objects")
            items.append(Fields(item, f"{self._path}{key}[{i}]."))
        return items

    def texts(self, key: str) -> Tuple[str, ...]:
        texts: List[str] = []
        for item in self._list(key):
            if not isinstance(item, str):
                raise self._wrong(key, "an array of texts")
            texts.append(item)
        return tuple(texts)

    def counts(self, key: str) -> Tuple[int, ...]:
        return tuple(self._count(item, key) for item in self._list(key))
