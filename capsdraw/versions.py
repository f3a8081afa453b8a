"""Versions of the libraries that a net was made with, none of them imported for it."""

import sys
from importlib import metadata

from capsdraw import __version__


def of(*libraries: str) -> dict[str, str]:
    """The version of each library by the name it is imported by; one that is not there is left out.

    A library may be installed under other names than its own: TensorFlow as `tensorflow-cpu`, or as nightly.
    One that is imported already says its version itself.
    """
    known = {"capsdraw": __version__}
    for library in libraries:
        said = getattr(sys.modules.get(library), "__version__", None)
        if isinstance(said, str):
            known[library] = said
    missing = [library for library in libraries if library not in known]
    installed = metadata.packages_distributions() if missing else {}
    for library in missing:
        for distribution in installed.get(library, []):
            known[library] = metadata.version(distribution)
            break
    return {library: known[library] for library in libraries if library in known}
