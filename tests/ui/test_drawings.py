"""The window's door to the collection: what others change is heard of, whenever they do it."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.cache import SessionCache
from capsdraw.ui.drawings import KeptDrawings, Wanted
from tests.ui.conftest import digit

LONG = 60_000


def keep(seed: int) -> None:
    """Another window keeps a drawing."""
    with Collection() as collection:
        collection.add([Item(Sketch(digit(4, seed)), "4", 1.7e9)])


@pytest.fixture
def drawings() -> Iterator[KeptDrawings]:
    kept = KeptDrawings(SessionCache())
    yield kept
    kept.close()


def test_what_others_keep_right_after_a_listing_is_heard_of(qtbot: QtBot, drawings: KeptDrawings) -> None:
    """The first look at others' changes comes before what is listed, and so before whatever the listing misses."""
    keep(0)
    listed = list[int]()
    free, begun = threading.Event(), threading.Event()

    def wait(_: Collection) -> None:
        begun.set()
        free.wait(LONG / 1000)

    def count(collection: Collection) -> int:
        seen = sum(collection.counts().values())
        if not listed:
            keep(1)
        return seen

    drawings.ask(wait, lambda _: None, "wait")
    assert begun.wait(LONG / 1000)
    drawings.changed.connect(lambda: drawings.ask(count, listed.append, "list"))
    # As a tab does when it comes into sight; both wait in the row meanwhile.
    drawings.watch(True)
    drawings.ask(count, listed.append, "list", Wanted.SHOWN)
    free.set()
    qtbot.waitUntil(lambda: listed == [1, 2], timeout=LONG)
