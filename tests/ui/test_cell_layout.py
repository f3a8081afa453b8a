"""Where cells stand: no two at one place, each under its own middle, and no key leads out of them."""

from math import ceil

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from capsdraw.ui.cell_layout import ARROWS, Blocks, Box, Flow, Grid, Layout, Lines, Move, Ring, Table

# What a division may round off.
NEAR = 1e-6

sizes = st.one_of(st.integers(1, 60), st.floats(1, 60))
gaps = st.one_of(st.just(0), st.integers(1, 8), st.floats(0.01, 8))
places = st.one_of(st.integers(-3, 40), st.floats(-3, 40).map(lambda place: round(place, 6)))


@st.composite
def grids(draw: st.DrawFn, kind: type[Grid] = Grid) -> Grid:
    width, height = draw(sizes), draw(sizes)
    columns, count = draw(st.integers(1, 9)), draw(st.integers(1, 40))
    if kind is Table:
        count = columns * draw(st.integers(1, 6))
    if kind is Ring:
        columns = count
    return kind(
        count=count, columns=columns, across=width + draw(gaps), down=height + draw(gaps), width=width, height=height,
        left=draw(places), top=draw(places),
    )  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> Lines:
    spans, top = [], float(draw(places))
    for _ in range(draw(st.integers(1, 12))):
        height = draw(sizes)
        spans.append((top, height))
        top += height + draw(gaps)
    return Lines(tuple(spans), draw(places), draw(sizes), draw(st.integers(0, len(spans) - 1)))


@st.composite
def blocks(draw: st.DrawFn) -> Blocks:
    first = draw(grids(Flow))
    bottom = first.top + first.rows * first.down + draw(gaps)
    second = Flow(
        count=first.count, columns=first.columns, across=first.across, down=first.down, width=first.width,
        height=first.height, left=first.left, top=bottom,
    )  # fmt: skip
    return Blocks((first, second))


layouts = st.one_of(grids(Grid), grids(Flow), grids(Table), grids(Ring), lines(), blocks())
walked = st.one_of(grids(Flow), grids(Table), grids(Ring), lines(), blocks())


def answering(layout: Layout) -> range:
    return range(layout.first if isinstance(layout, Lines) else 0, layout.count)


@settings(max_examples=60)
@given(layouts)
def test_each_cell_lies_under_its_own_middle(layout: Layout) -> None:
    for index in answering(layout):
        for box in layout.boxes(index):
            assert layout.at(box.left + box.width / 2, box.top + box.height / 2) == index


@settings(max_examples=60)
@given(layouts, st.integers(-10, 800), st.integers(-10, 800))
def test_a_pixel_belongs_to_the_one_cell_that_it_lies_in_or_to_none(layout: Layout, across: int, down: int) -> None:
    """Those of a screen with a device pixel ratio of 2, too: they are half as large."""
    x, y = across / 2, down / 2
    inside = {
        index
        for index in answering(layout)
        for box in layout.boxes(index)
        if box.grown(-NEAR).meets(Box(x, y, NEAR / 10, NEAR / 10))
    }
    near = {
        index
        for index in answering(layout)
        for box in layout.boxes(index)
        if box.grown(NEAR).meets(Box(x, y, NEAR / 10, NEAR / 10))
    }
    assert len(inside) <= 1
    if inside or not near:
        assert layout.at(x, y) == next(iter(inside), None)
    else:
        assert layout.at(x, y) in {*near, None}


@given(grids(), st.data())
def test_cells_without_gaps_leave_no_pixel_between_them(grid: Grid, data: st.DataObject) -> None:
    whole = Grid.without_gaps(grid.rows * grid.columns, grid.columns, grid.across, grid.down, grid.left, grid.top)
    right, bottom = whole.left + whole.columns * whole.across, whole.top + whole.rows * whole.down
    x = data.draw(st.integers(ceil(whole.left), ceil(right) - 1))
    y = data.draw(st.integers(ceil(whole.top), ceil(bottom) - 1))
    assume(x < right - NEAR)
    assume(y < bottom - NEAR)
    assert whole.at(x, y) is not None


@settings(max_examples=60)
@given(layouts, st.floats(-50, 300), st.floats(-50, 300), st.floats(1, 200), st.floats(1, 200))
def test_what_is_painted_is_all_that_has_a_part_in_sight_and_nothing_else(
    layout: Layout, left: float, top: float, width: float, height: float
) -> None:
    area = Box(left, top, width, height)
    painted = list(layout.within(area))
    assert painted == sorted(set(painted))
    for index in range(layout.count):
        if any(box.grown(-NEAR).meets(area) for box in layout.boxes(index)):
            assert index in painted
        elif not any(box.grown(NEAR).meets(area) for box in layout.boxes(index)):
            assert index not in painted


@given(walked, st.sampled_from(Move), st.floats(0, 500), st.data())
def test_no_key_leads_out(layout: Layout, move: Move, page: float, data: st.DataObject) -> None:
    index = data.draw(st.sampled_from(answering(layout)))
    to = layout.after(index, move, page)
    assert to is None or to in answering(layout)


@settings(max_examples=60)
@given(walked, st.data())
def test_home_and_end_stay_where_they_lead(layout: Layout, data: st.DataObject) -> None:
    index = data.draw(st.sampled_from(answering(layout)))
    for move in (Move.HOME, Move.END):
        to = layout.after(index, move, 100)
        assert to is not None
        assert layout.after(to, move, 100) == to


@given(grids(Table), st.data())
def test_in_a_table_keys_stay_in_the_row_or_in_the_column(table: Table, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, table.count - 1))
    row, column = divmod(index, table.columns)
    for move in Move:
        to_row, to_column = divmod(table.after(index, move, 100), table.columns)
        assert to_row == row or to_column == column
        if move in ARROWS:
            assert abs(to_row - row) + abs(to_column - column) <= 1


def test_in_a_flow_right_goes_on_to_the_next_row_and_a_page_keeps_its_column() -> None:
    flow = Flow.without_gaps(34, 5, 10, 20)
    assert flow.after(4, Move.RIGHT, 100) == 5
    assert flow.after(5, Move.LEFT, 100) == 4
    assert flow.after(7, Move.DOWN, 100) == 12
    assert flow.after(1, Move.PAGE_DOWN, 65) == 16  # three rows of 20 pixels
    assert flow.after(16, Move.PAGE_UP, 65) == 1
    assert flow.after(33, Move.PAGE_DOWN, 65) == 33
    assert [flow.after(12, move, 65) for move in (Move.HOME, Move.END)] == [0, 33]


def test_a_ring_closes_and_knows_no_up_and_down() -> None:
    ring = Ring.without_gaps(10, 10, 10, 10)
    assert [ring.after(9, Move.RIGHT, 10), ring.after(0, Move.LEFT, 10)] == [0, 9]
    assert {ring.after(3, move, 10) for move in (Move.UP, Move.DOWN, Move.PAGE_UP, Move.PAGE_DOWN)} == {None}


def test_a_page_of_lines_is_as_many_as_are_in_sight_and_one_at_least() -> None:
    uneven = Lines(((0, 50), (50, 10), (60, 50), (120, 50), (170, 10)), 0, 100, first=1)
    assert uneven.after(1, Move.PAGE_DOWN, 80) == 3
    assert uneven.after(3, Move.PAGE_UP, 80) == 1  # the first is only looked at
    assert uneven.after(2, Move.PAGE_DOWN, 5) == 3
    assert uneven.after(4, Move.PAGE_DOWN, 500) == 4
    assert uneven.at(50, 20) is None
    assert [uneven.at(50, y) for y in (50, 59, 60, 115, 120)] == [1, 1, 2, None, 3]


@pytest.mark.parametrize("empty", [Flow.empty(), Table.empty(), Grid.empty(), Lines((), 0, 10)])
def test_where_there_are_no_cells_none_is_found(empty: Layout) -> None:
    assert empty.at(0, 0) is None
    assert list(empty.within(Box(-10, -10, 100, 100))) == []
