"""The worker between pen and answer: newest wins, faults are told, nothing hangs."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.nets import cards, lighten
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session
from capsdraw.ui.questions import Half, Question, Topic, Urgency
from capsdraw.ui.reader import Reader

from .conftest import Own


def line(x: float) -> Sketch:
    return Sketch(Drawing((stroke([(x, 10), (x, 300)]),)))


Got = list[tuple[str, int, object]]


def of_net(card: Card) -> Topic:
    """What is about that net."""
    topic = Topic()
    topic.net = card
    return topic


def question(
    reader: Reader, name: str, got: Got, failed: Got | None = None, urgency: Urgency = Urgency.SHOWN, **more: Any
) -> Question[[Callable[[Any], Any]], Any]:
    """One that is put with a function of the session; its answers go to `got`, failures to `failed`."""
    about = more.pop("about", None) or of_net(cards.find(reader.model))
    asked: Question[[Callable[[Any], Any]], Any] = Question(
        reader,
        lambda session, work: work(session),
        lambda answer: got.append((name, asked.number, answer)),
        lambda why: None if failed is None else failed.append((name, asked.number, why)),
        urgency=urgency,
        about=about,
        **more,
    )
    return asked


def test_many_requests_at_once_end_with_the_newest(qtbot: QtBot) -> None:
    reader = Reader("keras-cnn")
    numbers: list[int] = []
    reader.answered.connect(lambda number, *_: numbers.append(number))
    with qtbot.waitSignal(reader.ready, timeout=60_000):
        reader.start()
    with qtbot.waitSignal(reader.answered, timeout=10_000, check_params_cb=lambda number, *_: number == 200):
        for x in range(200):
            reader.request(line(x + 1))
    assert numbers == sorted(numbers)
    assert numbers[-1] == 200
    assert reader.close()


def test_an_unknown_model_is_told_and_the_worker_goes_on(qtbot: QtBot) -> None:
    reader = Reader("nobody")
    with qtbot.waitSignal(reader.unloadable, timeout=60_000) as failed:
        reader.start()
    assert "unknown model 'nobody'" in failed.args[1]
    reader.use("keras-cnn")
    with qtbot.waitSignal(reader.answered, timeout=60_000) as answered:
        reader.request(line(50))
    assert np.array_equal(answered.args[2], line(50).digit())
    assert reader.close()


def test_a_question_is_answered_by_the_model_and_only_the_newest_of_its_kind(qtbot: QtBot) -> None:
    reader = Reader("efficient-capsnet")
    got: Got = []
    sheet, strip = question(reader, "sheet", got), question(reader, "strip", got)
    reread = question(reader, "reread", got, urgency=Urgency.MOVED)
    picture = question(reader, "picture", got, urgency=Urgency.MOVED, half=Half.DECODER)
    with qtbot.waitSignal(reader.ready, timeout=60_000):
        reader.start()
    begun, held = threading.Event(), threading.Event()
    sheet.put(lambda _: (begun.set(), held.wait(10)))
    assert begun.wait(10)
    for n in range(5):
        strip.put(lambda session, n=n: (session.name, n))
    reread.put(lambda session: session.classes)
    picture.put(lambda session: session.card.name)
    # A picture does not wait for what is under way.
    qtbot.waitUntil(lambda: got == [("picture", 1, "efficient-capsnet")], timeout=10_000)
    held.set()
    qtbot.waitUntil(lambda: len(got) == 4, timeout=10_000)
    assert got[2:] == [("reread", 1, 10), ("strip", 5, ("efficient-capsnet", 4))]
    assert reader.close()


def test_an_unforeseen_fault_is_told_with_its_cause(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Sketch) -> None:
        raise ZeroDivisionError("division by zero")

    reader = Reader("keras-cnn")
    with qtbot.waitSignal(reader.ready, timeout=60_000):
        reader.start()
    monkeypatch.setattr(Sketch, "digit", broken)
    with qtbot.waitSignal(reader.failed, timeout=10_000) as failed:
        reader.request(line(50))
    assert "ZeroDivisionError: division by zero" in failed.args[1]
    monkeypatch.undo()
    with qtbot.waitSignal(reader.answered, timeout=10_000):
        reader.request(line(60))
    assert reader.close()


def test_a_question_to_another_model_is_no_news_of_the_one_that_reads(qtbot: QtBot) -> None:
    """The window's status line follows what is loaded to read, and no question's own model."""
    reader = Reader("mlp")
    told: list[str] = []
    for signal in (reader.loading, reader.ready, reader.unloadable):
        signal.connect(lambda what, *_: told.append(what))
    answers: Got = []
    failures: Got = []
    another = of_net(cards.find("cifar-cnn"))
    unknown = of_net(replace(cards.find("cifar-cnn"), name="nobody", sha256="0" * 64))
    other = question(reader, "anatomy", answers, failures, about=another)
    nobody = question(reader, "maps", answers, failures, about=unknown)
    own = question(reader, "heat", answers, failures)
    reader.start()
    qtbot.waitUntil(lambda: told == ["MLP", "mlp"], timeout=60_000)
    other.put(lambda session: session.card.input)
    nobody.put(lambda session: session.name)
    own.put(lambda session: session.name)
    qtbot.waitUntil(lambda: len(answers) == 2 and len(failures) == 1, timeout=60_000)
    assert answers == [("anatomy", 1, (32, 32, 3)), ("heat", 1, "mlp")]
    assert failures[0][:2] == ("maps", 1)
    assert "model 'nobody': its file 'nobody.keras' is missing" in str(failures[0][2])
    assert told == ["MLP", "mlp"]
    assert reader.close()


def test_a_pen_is_answered_while_keras_is_loaded_for_another_question(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lighten.ensure(cards.find("mlp"))
    begun, held = threading.Event(), threading.Event()
    plain = Session.open.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(
        Session, "open", classmethod(lambda kind, card: (begun.set(), held.wait(60), plain(kind, card))[2])
    )
    reader, got, told = Reader("mlp"), [], []
    reader.opening.connect(lambda title: told.append(title))
    reader.opened.connect(lambda: told.append("opened"))
    inside = question(reader, "inside", got)
    light = question(reader, "light", got, half=Half.LIGHT)
    with qtbot.waitSignal(reader.ready, timeout=60_000):
        reader.start()
    inside.put(lambda session: session.model.name)
    assert begun.wait(60)
    light.put(lambda half: type(half).__name__)
    with qtbot.waitSignal(reader.answered, timeout=10_000):
        reader.request(line(50))
    qtbot.waitUntil(lambda: got == [("light", 1, "Light")], timeout=10_000)
    assert told == ["MLP"]
    held.set()
    qtbot.waitUntil(lambda: len(got) == 2, timeout=60_000)
    assert got[1] == ("inside", 1, "mlp")
    assert told == ["MLP", "opened"]
    assert reader.close()


def test_a_question_is_answered_by_the_net_that_it_is_about_though_another_reads_by_its_name(
    qtbot: QtBot, own: Own
) -> None:
    """Where the file of the model that reads is replaced, the old net has its name until the new one is loaded."""
    before = own("mlp")
    reader, got, failed = Reader("own"), [], []
    old = question(reader, "old", got, failed, half=Half.LIGHT)
    old_drawn = question(reader, "old, drawn", got, failed, urgency=Urgency.MOVED, half=Half.DECODER)
    with qtbot.waitSignal(reader.ready, timeout=60_000):
        reader.start()
    after = own("keras-cnn")
    new = question(reader, "new", got, failed, half=Half.LIGHT)
    new_drawn = question(reader, "new, drawn", got, failed, urgency=Urgency.MOVED, half=Half.DECODER)
    inside = question(reader, "inside", got, failed)
    for asked in (old, new, old_drawn, new_drawn, inside):
        asked.put(lambda session: session.card)
    # Nothing was read yet by the new one that it could draw.
    qtbot.waitUntil(lambda: len(got) == 4, timeout=60_000)
    assert sorted(got) == [("inside", 1, after), ("new", 1, after), ("old", 1, before), ("old, drawn", 1, before)]
    with qtbot.waitSignal(reader.ready, timeout=60_000):
        reader.use("own")
    got.clear()
    for asked in (old, new, old_drawn, new_drawn):
        asked.put(lambda session: session.card)
    qtbot.waitUntil(lambda: len(got) == 3, timeout=60_000)
    assert sorted(got) == [("new", 2, after), ("new, drawn", 2, after), ("old", 2, before)]
    assert failed == []
    assert reader.close()


def test_of_a_net_whose_file_was_replaced_the_news_comes_before_the_failure(qtbot: QtBot, own: Own) -> None:
    """So its view is laid out anew, and what it could not be told comes too late."""
    before, told = own("mlp"), []
    cache = SessionCache(replaced=told.append)
    cache.know([before])
    reader = Reader("efficient-capsnet", cache)
    asked: Question[[], Card] = Question(
        reader, lambda session: session.card, told.append, told.append,
        urgency=Urgency.SHOWN, about=of_net(before), half=Half.LIGHT,
    )  # fmt: skip
    reader.start()
    after = own("keras-cnn")
    asked.put()
    qtbot.waitUntil(lambda: len(told) == 2, timeout=60_000)
    assert told[0] == after
    assert "own" in told[1]
    assert reader.close()
