"""Where a file is to be saved: one dialog for all that can be."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from capsdraw.errors import short


def ask_where(
    parent: QWidget | None, title: str, name: str, forms: Sequence[str], first: int = 0, others: Sequence[str] = ()
) -> Path | None:
    """Ask for a file; None where the user has thought better of it.

    Args:
        parent: the dialog's; title: its.
        name: of the file, at first; its ending comes with the form.
        forms: "Picture (*.png)" and the like, to choose from; `first` is chosen already.
        others: endings ("jpg") that the file may have as well, where they are typed.
    """
    ending = _ending(forms[first])
    dialog = QFileDialog(parent, title, f"{name}.{ending}")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(forms))
    # The dialog adds the ending itself, so that it asks before it replaces a file; but not where a name has a dot.
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(_ending(chosen)))
    dialog.selectNameFilter(forms[first])
    dialog.setDefaultSuffix(ending)
    known = tuple(f".{ending}" for ending in (*map(_ending, forms), *others))
    path = None
    while path is None and dialog.exec():
        chosen = Path(dialog.selectedFiles()[0])
        if chosen.name.lower().endswith(known):
            path = chosen
            continue
        whole = chosen.with_name(f"{chosen.name}.{dialog.defaultSuffix()}")
        if not whole.exists() or _replaces(parent, title, whole):
            path = whole
    dialog.deleteLater()
    return path


def _replaces(parent: QWidget | None, title: str, path: Path) -> bool:
    words = f"'{short(path.name)}' is there already. Replace it?"
    return QMessageBox.question(parent, title, words) == QMessageBox.StandardButton.Yes


def _ending(form: str) -> str:
    """ "png" of "Picture (*.png)"."""
    return form.split("*.")[1].split(")")[0]
