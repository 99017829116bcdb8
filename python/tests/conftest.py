"""What the tests share. Those that need the executable take it from $CERTIFY, those that need the C library take it
from $CERTIFY_LIBRARY, and without it they are skipped by name."""

from __future__ import annotations

import os
import pathlib
from typing import Optional

import pytest

from support import CERTIFY, CERTIFY_LIBRARY, FakeTool


@pytest.fixture
def certify_executable() -> str:
    if not CERTIFY:
        pytest.skip("needs the executable: set CERTIFY to its path")
    return CERTIFY


@pytest.fixture
def certify_library() -> str:
    if not CERTIFY_LIBRARY:
        pytest.skip("needs the C library: set CERTIFY_LIBRARY to its path")
    return CERTIFY_LIBRARY


@pytest.fixture(params=["executable", "library"])
def certify_tool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Optional[str]:
    """What a test gives as `executable=`: once the executable, and once nothing, when the library answers."""
    if request.param == "executable":
        path: str = request.getfixturevalue("certify_executable")
        return path
    monkeypatch.setenv("CERTIFY_LIBRARY", request.getfixturevalue("certify_library"))
    return None


@pytest.fixture(autouse=True)
def _no_other_executable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test names is called."""
    monkeypatch.delenv("CERTIFY", raising=False)
    monkeypatch.delenv("CERTIFY_LIBRARY", raising=False)


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
