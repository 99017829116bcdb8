"""What the README shows runs."""

from __future__ import annotations

import pathlib
import re
from typing import Any, Dict, List, Optional

import pytest

import certify_stability as certify

README = (pathlib.Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS: List[str] = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_quickstart_and_the_loop(
    certify_tool: Optional[str],
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    torch: Any = pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)
    if certify_tool is not None:
        monkeypatch.setenv("CERTIFY", certify_tool)
    names: Dict[str, Any] = {}
    exec(BLOCKS[0], names)
    assert capsys.readouterr().out.startswith("certified 0.")
    assert {path.name for path in tmp_path.iterdir()} == {"net.safetensors", "net.safetensors.cert.json"}
    assert len(BLOCKS[0].splitlines()) <= 10

    (tmp_path / "out").mkdir()
    model = torch.nn.Module()
    model.W = torch.nn.Parameter(names["state"]["W"])
    exec(BLOCKS[1], {**names, "epochs": 2, "train_one_epoch": lambda model: None, "model": model})
    assert len(list((tmp_path / "out").iterdir())) == 4
    made: List[Any] = []
    exec(BLOCKS[2], {**names, "Trainer": lambda callbacks: made.extend(callbacks)})
    assert len(BLOCKS) == 3 and type(made[0]).__name__ == "CertifiedCheckpoint"


def test_every_public_function_and_exception_is_in_it() -> None:
    for name in certify.__all__:
        value = getattr(certify, name)
        if name.islower() or (isinstance(value, type) and issubclass(value, Exception)):
            assert name == "__version__" or f"`{name}" in README, name


def test_every_option_is_in_it() -> None:
    for option in certify.NetworkOptions.__annotations__:
        assert f"`{option}`" in README, option
