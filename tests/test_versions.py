"""Which versions made a net is known whatever the libraries are installed as, and nothing is imported for it."""

import subprocess
import sys
from importlib import metadata
from types import ModuleType

import pytest

from capsdraw import __version__, versions
from capsdraw.fit import runs
from capsdraw.fit.recipe import Recipe


@pytest.fixture
def other_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """TensorFlow is installed as `tensorflow-cpu`, capsdraw runs from a checkout."""
    real = metadata.version

    def version(name: str) -> str:
        if name in ("tensorflow", "capsdraw"):
            raise metadata.PackageNotFoundError(name)
        return "2.99.1" if name == "tensorflow-cpu" else real(name)

    known = metadata.packages_distributions() | {"tensorflow": ["tensorflow-cpu"]}
    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(metadata, "packages_distributions", lambda: known)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)


@pytest.mark.usefixtures("other_name")
def test_a_run_is_made_where_tensorflow_has_another_name() -> None:
    folder = runs.create(Recipe(name="mlp", title="MLP", family="mlp"))
    assert runs.read(folder).recipe.name == "mlp"
    assert versions.of("tensorflow", "capsdraw") == {"tensorflow": "2.99.1", "capsdraw": __version__}


def test_a_library_that_is_imported_says_its_version_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ModuleType("tensorflow")
    library.__version__ = "3.0-nightly"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tensorflow", library)
    assert versions.of("tensorflow", "no-such-library") == {"tensorflow": "3.0-nightly"}


def test_nothing_is_imported_for_it() -> None:
    code = (
        "import sys; from capsdraw import versions; known = versions.of('keras', 'tensorflow'); "
        "print(len(known), 'tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told.split() == ["2", "False", "False"]
