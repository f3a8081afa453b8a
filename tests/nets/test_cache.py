"""Loaded nets: one for all who ask, within a limit, and never an old one."""

import gc
import shutil
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.lab.gradcam import GradCam
from capsdraw.lab.layer_probe import LayerProbe
from capsdraw.lab.routing import Router
from capsdraw.nets import cards, heavy, lighten
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.nets.session import Session

DIGIT = np.random.default_rng(1).random((28, 28), np.float32)


def own(home: Path, like: str, name: str = "own", **changes: Any) -> Card:
    """A copy of a bundled net among the user's, put there as a fit puts it."""
    known, folder = cards.find(like), home / "models"
    folder.mkdir(exist_ok=True)
    shutil.copy(known.weights, folder / f"{name}.new")
    (folder / f"{name}.new").replace(folder / f"{name}.keras")
    cards.write(replace(known, name=name, **changes), folder / f"{name}.json")
    return cards.find(name)


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Each on a thread of its own, all at the same time; what each gave."""
    given: dict[int, Any] = {}
    ready = threading.Barrier(len(work))

    def run(number: int) -> None:
        ready.wait(30)
        given[number] = work[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return [given[number] for number in range(len(work))]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the nets that are really loaded."""
    names: list[str] = []
    plain = Session.open.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(Session, "open", classmethod(lambda kind, card: names.append(card.name) or plain(kind, card)))
    return names


def test_several_threads_that_ask_for_one_net_get_one_that_was_loaded_once(opened: list[str]) -> None:
    cache, card = SessionCache(), cards.find("mlp")
    waits: list[int] = []
    sessions = at_once(*[lambda: cache.open(card, lambda: waits.append(1))] * 4)
    assert opened == ["mlp"]
    assert waits == [1]
    assert all(session is sessions[0] for session in sessions)
    assert cache.holds(card)


@pytest.mark.slow
def test_threads_that_ask_one_session_at_once_get_what_each_gets_alone() -> None:
    """Reader, comparer and examiner share it; each had one of its own."""
    session = SessionCache().open(cards.find("efficient-capsnet"))
    digits = np.random.default_rng(2).random((200, 28, 28), np.float32)
    alone = session.scores(digits)
    heat = GradCam(Session.open(session.card)).map(digits[0], 3).map

    def read() -> list[Any]:
        return [session.read(digit).scores for digit in digits]

    def look() -> list[Any]:
        cam, watcher, router = session.once(GradCam), session.once(LayerProbe), session.once(Router)
        return [(cam.map(digits[0], 3).map, watcher.look(digits[0]), router.votes(digits[0])) for _ in range(10)]

    one, other, many, first, second = at_once(read, read, lambda: session.scores(digits), look, look)
    for scores in (one, other, many):
        assert np.allclose(scores, alone, atol=1e-5)
    for map_, _, votes in (*first, *second):
        assert np.allclose(map_, heat, atol=1e-4)
        assert np.allclose(votes.votes, first[0][2].votes, atol=1e-5)


def test_what_asks_a_net_s_layers_is_built_once_whoever_asks_first() -> None:
    """To build and to trace beside another thread that builds with the same layers is not safe."""
    session = SessionCache().open(cards.find("keras-cnn"))
    building: list[int] = []
    most: list[int] = []

    class Slow(GradCam):
        def __init__(self, of: Session) -> None:
            building.append(1)
            most.append(len(building))
            super().__init__(of)
            building.pop()

    cams = at_once(*[lambda: session.once(Slow)] * 4)
    assert most == [1]
    assert all(cam is cams[0] for cam in cams)


def test_a_net_whose_file_was_replaced_is_loaded_anew_and_told_once(own_home: Path, opened: list[str]) -> None:
    told: list[Card] = []
    cache = SessionCache(replaced=told.append)
    before = own(own_home, "mlp")
    first = cache.open(cache.card("own"))
    assert cache.open(cache.card("own")) is first
    after = own(own_home, "tutorial-cnn")
    assert cache.card("own") == after != before
    second = cache.open(cache.current(before))
    assert second.card == after
    assert np.allclose(second.read(DIGIT).scores, Session.open(cards.find("tutorial-cnn")).read(DIGIT).scores)
    assert told == [after]
    assert opened[:2] == ["own", "own"]


def test_a_replacement_is_noticed_by_who_was_shown_the_old_card_and_asks_for_the_first_time(own_home: Path) -> None:
    told: list[Card] = []
    cache = SessionCache(replaced=told.append)
    cache.know([own(own_home, "mlp")])
    after = own(own_home, "mlp", labels=tuple("abcdefghij"))
    assert cache.card("own").label(3) == "d"
    assert told == [after]


def test_a_card_that_was_changed_is_the_session_s_and_nothing_is_loaded_for_it(
    own_home: Path, opened: list[str]
) -> None:
    cache = SessionCache()
    own(own_home, "mlp", title="First")
    first = cache.open(cache.card("own"))
    own(own_home, "mlp", title="Second")
    second = cache.open(cache.card("own"))
    assert (first.card.title, second.card.title) == ("First", "Second")
    assert second.model is first.model
    # Nor for the same file under another name, which is a model of its own.
    assert cache.open(cards.find("mlp")).read(DIGIT).model == "mlp"
    assert second.read(DIGIT).model == "own"
    assert opened == ["own"]


def test_a_net_whose_files_are_gone_goes_on_and_an_unknown_one_is_refused(own_home: Path) -> None:
    cache = SessionCache()
    session = cache.open(cache.card(own(own_home, "mlp").name))
    for path in (own_home / "models").iterdir():
        path.unlink()
    assert cache.open(cache.card("own")) is session
    with pytest.raises(CapsDrawError, match="unknown model 'nobody'"):
        cache.card("nobody")


def test_beyond_its_limit_what_was_asked_longest_ago_is_let_go_but_never_what_reads(opened: list[str]) -> None:
    names = ["mlp", "tutorial-cnn", "deep-convnet", "keras-cnn"]
    models = {name: cards.find(name) for name in names}
    sizes = {name: models[name].weights.stat().st_size for name in names}
    cache = SessionCache(limit=sizes["mlp"] + sizes["deep-convnet"] + 1)
    cache.open(models["mlp"])
    cache.keep(models["mlp"])
    cache.open(models["tutorial-cnn"])
    assert cache.size == sizes["mlp"] + sizes["tutorial-cnn"]
    cache.open(models["deep-convnet"])
    assert [cache.holds(models[name]) for name in names] == [True, False, True, False]
    # Larger than all that is allowed: it answers all the same, and what reads stays.
    cache.open(models["keras-cnn"])
    assert [cache.holds(models[name]) for name in names] == [True, False, False, True]
    cache.keep(models["keras-cnn"])
    cache.open(models["tutorial-cnn"])
    assert [cache.holds(models[name]) for name in names] == [False, True, False, True]
    assert opened == [*names, "tutorial-cnn"]


@pytest.mark.parametrize("name", ["keras-cnn", "efficient-capsnet"])
def test_what_was_let_go_leaves_the_memory_with_all_that_was_made_of_it(name: str) -> None:
    cache, card = SessionCache(limit=1), cards.find(name)
    session = cache.open(card)
    session.once(GradCam).map(DIGIT, 3)
    session.once(LayerProbe).look(DIGIT)
    model = weakref.ref(session.model)
    del session
    cache.open(cards.find("mlp"))
    assert not cache.holds(card)
    gc.collect()
    assert model() is None


def test_a_net_is_asked_by_its_light_half_and_else_by_keras(own_home: Path, opened: list[str]) -> None:
    card, waits = own(own_home, "mlp"), []
    cache = SessionCache()
    # Without a light file Keras answers, and is told of once.
    assert isinstance(cache.answering(card, lambda: waits.append(1)), Session)
    assert (opened, waits) == (["own"], [1])
    assert cache.lacks_light(card)
    lighten.ensure(card)
    cache.lightened(card)
    opened.clear()
    halves = at_once(*[lambda: cache.answering(card, lambda: waits.append(1))] * 4)
    assert isinstance(halves[0], Light)
    assert all(half is halves[0] for half in halves)
    assert (opened, waits) == ([], [1, 1])
    assert not cache.lacks_light(card)
    # The same net under another card is asked without loading anything.
    other = own(own_home, "mlp", "other")
    assert cache.answering(other).name == "other"
    assert cache.answering(other).read(DIGIT).scores == pytest.approx(cache.open(card).read(DIGIT).scores, abs=1e-4)
    assert waits == [1, 1]


def test_a_light_half_does_not_wait_for_keras(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = own(own_home, "mlp")
    lighten.ensure(card)
    cache, begun, held = SessionCache(), threading.Event(), threading.Event()
    plain = Session.open.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(
        Session, "open", classmethod(lambda kind, card: (begun.set(), held.wait(60), plain(kind, card))[2])
    )
    heavy = threading.Thread(target=cache.open, args=(card,))
    heavy.start()
    assert begun.wait(60)
    assert isinstance(cache.answering(card), Light)
    held.set()
    heavy.join(120)
    assert cache.holds(card)


def test_who_asks_for_a_net_does_not_stand_back_with_who_loads_it(own_home: Path) -> None:
    """It may be the thread that answers the pen: starved beside other programs from then on."""
    standing: list[int] = []
    cache = SessionCache(stand_back=lambda: standing.append(threading.get_ident()))
    assert isinstance(cache.answering(own(own_home, "mlp")), Session)
    assert len(standing) == 1
    assert standing != [threading.get_ident()]


def test_a_net_that_cannot_be_loaded_is_refused_before_keras_is_imported(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = own(own_home, "mlp")
    monkeypatch.setattr(heavy, "load", lambda: pytest.fail("Keras is imported"))
    card.weights.write_bytes(b"torn")
    with pytest.raises(CapsDrawError, match="does not match its card"):
        SessionCache().open(card)
    card.weights.unlink()
    with pytest.raises(CapsDrawError, match="is missing"):
        SessionCache().open(card)
