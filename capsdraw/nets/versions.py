"""Which versions of the libraries a model was made with, for its card and its run. No Keras here."""

import importlib.metadata
import sys


def of(*modules: str) -> dict[str, str]:
    """{module: version} of these top-level modules, one that cannot be told left out.

    A module that is imported is asked itself, whatever package it was installed by: TensorFlow comes as
    "tensorflow", "tensorflow-cpu" or "tf-nightly". Of another one, the package that brings it is asked; nothing is
    imported for it.
    """
    told = {module: _of(module) for module in modules}
    return {module: version for module, version in told.items() if version is not None}


def _of(module: str) -> str | None:
    own = getattr(sys.modules.get(module), "__version__", None)
    if isinstance(own, str):
        return own
    try:
        return importlib.metadata.version(module)
    except importlib.metadata.PackageNotFoundError:
        packages = importlib.metadata.packages_distributions().get(module, [])
        return importlib.metadata.version(packages[0]) if packages else None
