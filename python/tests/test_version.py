from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import certify_stability as certify


def test_version_is_that_of_the_wheel() -> None:
    assert metadata.version("certify-stability") == certify.__version__


def test_wheel_needs_nothing_and_brings_its_types() -> None:
    assert metadata.requires("certify-stability") is None
    files = [str(file) for file in metadata.files("certify-stability") or []]
    assert "certify_stability/py.typed" in files


def test_import_imports_no_framework() -> None:
    code = (
        "import sys, certify_stability;"
        "heavy = {'torch', 'numpy', 'lightning', 'pytorch_lightning', 'pickle'} & set(sys.modules);"
        "print(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_every_public_name_is_there() -> None:
    for name in certify.__all__:
        assert getattr(certify, name) is not None
    assert not hasattr(certify, "no_such_name")
