"""What the tests share. Those that need the executable take it from $CERTIFY and are skipped by name without it."""

from __future__ import annotations

import os
import pathlib

import pytest

from support import CERTIFY, FakeTool


@pytest.fixture
def certify_tool() -> str:
    if not CERTIFY:
        pytest.skip("needs the executable: set CERTIFY to its path")
    return CERTIFY


@pytest.fixture(autouse=True)
def _no_other_executable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test names is called."""
    monkeypatch.delenv("CERTIFY", raising=False)


@pytest.fixture
def fake_tool(tmp_path: pathlib.Path) -> FakeTool:
    return FakeTool(tmp_path)


@pytest.fixture
def private_temporary(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """An empty folder that temporary files go to, so that a test sees what is left of them."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", os.fspath(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder
