"""A card says what its model was made with, however the libraries were installed."""

import importlib.metadata
import sys
from types import ModuleType

import pytest

import capsdraw
from capsdraw.nets import versions


def test_a_library_that_is_imported_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """TensorFlow for processors alone is installed as tensorflow-cpu: a package "tensorflow" is not there."""

    def missing(package: str) -> str:
        raise importlib.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {})
    module = ModuleType("tensorflow")
    module.__version__ = "2.99.0"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tensorflow", module)
    assert versions.of("capsdraw", "tensorflow") == {"capsdraw": capsdraw.__version__, "tensorflow": "2.99.0"}


def test_one_that_is_not_imported_is_looked_up_by_the_package_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"tensorflow-cpu": "2.98.0"}

    def version(package: str) -> str:
        if package not in known:
            raise importlib.metadata.PackageNotFoundError(package)
        return known[package]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {"tensorflow": ["tensorflow-cpu"]})
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert versions.of("tensorflow") == {"tensorflow": "2.98.0"}
    assert "tensorflow" not in sys.modules


def test_one_that_is_not_installed_is_left_out() -> None:
    assert versions.of("nobody-has-this") == {}
