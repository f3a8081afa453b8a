"""Versions of the libraries that a net was made with, none of them imported for it."""

import sys

from capsdraw import __version__


def of(*libraries: str) -> dict[str, str]:
    """The version of each library by the name it is imported by; one that is not there is left out.

    A library may be installed under other names than its own: TensorFlow as `tensorflow-cpu`, or as nightly.
    One that is imported already says its version itself.
    """
    from importlib import metadata  # which takes as long as the window's first picture may

    versions = {"capsdraw": __version__}
    for library in libraries:
        version = getattr(sys.modules.get(library), "__version__", None)
        if isinstance(version, str):
            versions[library] = version
    missing = [library for library in libraries if library not in versions]
    installed = metadata.packages_distributions() if missing else {}
    for library in missing:
        for distribution in installed.get(library, []):
            versions[library] = metadata.version(distribution)
            break
    return {library: versions[library] for library in libraries if library in versions}
