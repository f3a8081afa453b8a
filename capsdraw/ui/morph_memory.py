"""The two drawings that are kept for a morph, as records of the session (`settings.KeptEnd`), and back."""

import base64
from collections.abc import Sequence

from capsdraw.ui.lab.kept_drawing import KeptDrawing
from capsdraw.ui.settings import KeptEnd


def as_records(drawings: Sequence[KeptDrawing | None]) -> list[KeptEnd | None]:
    """Records of the drawings, A first; [] where none is kept."""
    ends = [None if drawing is None else _record(drawing) for drawing in drawings]
    return ends if any(ends) else []


def as_drawings(ends: Sequence[KeptEnd | None]) -> list[KeptDrawing | None]:
    """The two drawings of such records."""
    drawings = [None if end is None else _drawing(end) for end in ends]
    return [*drawings, None, None][:2]


def _record(drawing: KeptDrawing) -> KeptEnd:
    return KeptEnd(
        shape=list(drawing.digit.shape), pixels=base64.b64encode(drawing.digit.astype("<f4").tobytes()).decode("ascii"),
        model=drawing.model, label=drawing.label, name=drawing.name, chosen=drawing.chosen,
        offsets=[float(offset) for offset in drawing.offsets], net=drawing.net,
    )  # fmt: skip


def _drawing(end: KeptEnd) -> KeptDrawing:
    return KeptDrawing(end.digit, end.model, end.label, end.name, end.chosen, tuple(end.offsets), end.net)
