"""Where ink that hangs together may be cut from top to bottom: paths on which there is little of it. NumPy only."""

import numpy as np
from numpy.typing import NDArray

from capsdraw.ink.raster import Raster

# The column of each row at which a seam passes: what lies left of it is before the seam.
Seam = NDArray[np.intp]

# A row costs so much without any ink, and a step aside so much more: a seam is straight where nothing is in its way.
_ROW, _ASIDE = 0.02, 0.06
# Seams are so far from each other and from the ink's edge at least, and one crosses at most so much ink: shares of the
# height.
_APART, _EDGE, _MOST_INK = 0.08, 0.1, 0.45
# A seam is cheaper than those through so many columns beside it.
_BESIDE = 1


def seams(ink: Raster, most: int) -> list[Seam]:
    """The best ways to cut ink in two, from left to right; () where each would cross much of it.

    Args:
        ink: (rows, columns) float32 in [0, 1], cropped to its box; some 40 rows are enough.
        most: so many at most.
    """
    rows, columns = ink.shape
    edge, apart = (max(2, round(share * rows)) for share in (_EDGE, _APART))
    if columns <= 2 * edge or rows < 4:
        return []
    middle = rows // 2
    down, up = _costs(ink[: middle + 1]), _costs(ink[: middle - 1 : -1])
    through = down[-1] + up[-1] - ink[middle]
    # The sides of a valley are as cheap as another valley: only its bottom counts.
    beside = np.lib.stride_tricks.sliding_window_view(np.pad(through, _BESIDE, constant_values=np.inf), 2 * _BESIDE + 1)
    through = np.where(through <= beside.min(1), through, np.inf)
    best: list[int] = []
    for column in np.argsort(through, kind="stable").tolist():
        if through[column] > _MOST_INK * rows + _ROW * rows or len(best) == most:
            break
        if edge <= column < columns - edge and all(abs(column - other) >= apart for other in best):
            best.append(column)
    paths = (np.concatenate([_path(down, column)[:-1], _path(up, column)[::-1]]) for column in sorted(best))
    return list(paths)


def crossed(ink: Raster, seam: Seam) -> float:
    """The ink on a seam, in rows that are full of it."""
    return float(ink[np.arange(len(seam)), seam].sum())


def _costs(ink: Raster) -> NDArray[np.float64]:
    """(rows, columns): what the cheapest path from the first row to each place costs."""
    costs = np.empty(ink.shape, np.float64)
    costs[0] = ink[0] + _ROW
    for row in range(1, len(ink)):
        before = costs[row - 1]
        beside = np.minimum(np.append(before[1:], np.inf), np.append(np.inf, before[:-1])) + _ASIDE
        costs[row] = np.minimum(before, beside) + ink[row] + _ROW
    return costs


def _path(costs: NDArray[np.float64], column: int) -> Seam:
    """The cheapest path to the last row's `column`: a column each row."""
    path = np.empty(len(costs), np.intp)
    path[-1] = column
    for row in range(len(costs) - 2, -1, -1):
        near = [column, *(place for place in (column - 1, column + 1) if 0 <= place < costs.shape[1])]
        column = min(near, key=lambda place: costs[row, place] + _ASIDE * (place != path[row + 1]))
        path[row] = column
    return path
