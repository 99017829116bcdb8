"""Text that came from outside, made safe to print."""


def printable(text: str, limit: int = 2000) -> str:
    """`text` on one line: what a terminal or a log could interpret is written as an escape."""
    shown = text if len(text) <= limit else text[:limit] + "…"
    if shown.isprintable():
        return shown
    return "".join(c if c.isprintable() else _escape(c) for c in shown)


def quoted(text: str, limit: int = 120) -> str:
    """`text` in double quotes, on one line; quotes and backslashes in it are escaped."""
    return '"' + printable(text.replace("\\", "\\\\").replace('"', '\\"'), limit) + '"'


def _escape(character: str) -> str:
    return "\\u{%x}" % ord(character)
