"""The forms that models are exported in, and what they need. No Keras here."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards

# By the ending of the file, in words for a dialog.
FORMS: Final = {
    ".tflite": "LiteRT, for telephones and small machines",
    ".onnx": "ONNX, for other programs",
    ".keras": "Keras, without CapsDraw's own layers",
}
# What ONNX needs, and the command that brings it.
_FOR_ONNX: Final = ("onnx", "tf2onnx", "onnxruntime")
_INSTALL: Final = 'python -m pip install "capsdraw[export]"'


def require_form(path: Path) -> str:
    """The form that a file's ending names.

    Raises:
        CapsDrawError: it names none, a library that it needs is missing, or the file would lie among the models, whose
            files their cards tell by their hashes; one line that says what to do.
    """
    form = path.suffix.lower()
    if form not in FORMS:
        raise CapsDrawError(f"cannot export to '{path.name}': its name must end in {' or '.join(FORMS)}")
    missing = [name for name in _FOR_ONNX if find_spec(name) is None] if form == ".onnx" else []
    if missing:
        raise CapsDrawError(f"cannot export to '{path.name}': ONNX needs {' and '.join(missing)}: {_INSTALL}")
    place = Path(os.path.realpath(path))
    if str(place.parent) in map(os.path.realpath, cards.folders()):
        own = place.with_suffix(".json").exists()
        why = "it is a model's own file: choose another name" if own else "models lie in that folder: choose another"
        raise CapsDrawError(f"cannot export to '{path.name}': {why}")
    return form
