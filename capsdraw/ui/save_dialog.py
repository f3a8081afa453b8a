"""Where a file is to be saved: one dialog for all that can be."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where(parent: QWidget | None, title: str, name: str, forms: Sequence[str], first: int = 0) -> Path | None:
    """Ask for a file; None where the user has thought better of it.

    Args:
        parent: the dialog's; title: its.
        name: of the file, at first; its ending comes with the form.
        forms: "Picture (*.png)" and the like, to choose from; `first` is chosen already.
    """
    dialog = QFileDialog(parent, title, name)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(forms))
    # The dialog adds the ending itself, so that it asks before it replaces a file.
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(_ending(chosen)))
    dialog.selectNameFilter(forms[first])
    dialog.setDefaultSuffix(_ending(forms[first]))
    chosen = Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    dialog.deleteLater()
    return chosen


def _ending(form: str) -> str:
    """ "png" of "Picture (*.png)"."""
    return form.split("*.")[1].split(")")[0]
