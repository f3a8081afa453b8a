"""The one door to a fit: what is asked for is done whole, or refused with the reason before anything is made."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import Cancelled
from capsdraw.errors import CapsDrawError
from capsdraw.fit import log, loop, origin, runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import Ended, EpochEnded, Event, Prepared, Snapshot, Started
from capsdraw.fit.launch import Order, Outcome, Refused, launch, prepare
from capsdraw.nets import cards

from .conftest import IMAGES, LABELS, RECIPE

NAMES = tuple("abcdefghij")
DATA = Data("digits", IMAGES, LABELS, IMAGES[:20], LABELS[:20], NAMES)
SHORT = replace(RECIPE, data="synthetic", synthetic=0, epochs=2)  # classes of one's own: no pen digits among them


def launched(order: Order, data: Data = DATA, stop_after: int = 0) -> tuple[Outcome, list[Event]]:
    control, told = Control(), []

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, EpochEnded) and event.epoch == stop_after:
            control.stop()

    return launch(order, lambda *_: data, control, listen), told


@pytest.mark.slow
def test_a_new_run_is_made_trained_told_of_and_put_at_hand() -> None:
    outcome, told = launched(Order(recipe=SHORT, note="a first try", keep_as="My digits"))
    assert [type(told[0]), type(told[1]), type(told[-1])] == [Prepared, Started, Ended]
    assert (outcome.how, told[-1].how) == ("finished", "finished")  # type: ignore[union-attr]
    assert (told[0].folder, told[0].labels, told[0].filters) == (outcome.folder, NAMES, None)  # type: ignore[union-attr]
    (run,) = runs.list_runs()
    assert (run.folder, run.note, run.state, run.epochs_done) == (outcome.folder, "a first try", "finished", 2)
    assert not [event for event in told if isinstance(event, Snapshot)]
    assert outcome.card == cards.find("my-digits")
    assert outcome.card.label(2) == "c"
    assert outcome.plan.recipe == SHORT
    last = keras.saving.load_model(outcome.folder / "last.keras")
    assert all(map(np.array_equal, outcome.model.get_weights(), last.get_weights()))


@pytest.mark.slow
def test_a_stopped_run_is_gone_on_with_on_the_same_data_and_on_no_other() -> None:
    first, _ = launched(Order(recipe=SHORT, note="mine"), stop_after=1)
    assert (first.how, first.card) == ("stopped", None)
    on = Order(recipe=SHORT, folder=first.folder, resume=True)
    other = replace(DATA, train_labels=LABELS[::-1])
    with pytest.raises(CapsDrawError, match="is not what this run was started with"):
        launched(on, other)
    second, told = launched(on)
    assert (second.how, second.folder) == ("finished", first.folder)
    assert [event.epoch for event in told if isinstance(event, EpochEnded)] == [2]
    assert runs.read(first.folder).note == "mine"
    launched(replace(on, note="and longer", recipe=runs.extended(first.folder, 1)))
    assert (runs.read(first.folder).note, runs.read(first.folder).epochs_done) == ("and longer", 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("batch = 50", "batch = 10", "600 images an epoch in 12 batches, by its recipe these are 600 in 60"),
        ("held_out = 100", "held_out = 200", "600 images an epoch in 12 batches, by its recipe these are 500 in 10"),
        ("hidden = 8", "hidden = 16", "was trained with another net than its recipe has"),
        ('family = "mlp"', 'family = "tutorial-cnn"', "was trained with another net than its recipe has"),
    ],
)  # fmt: skip
def test_a_run_whose_recipe_was_written_into_is_not_gone_on_with(before: str, after: str, words: str) -> None:
    """Epochs that were done were done once more, by a net that had seen the images that it was then checked on."""
    recipe = replace(SHORT, family="mlp", options={"hidden": 8}, batch=50, held_out=100)
    folder = launched(Order(recipe=recipe))[0].folder
    config, kept = folder / "config.toml", (folder / "model.keras").read_bytes()
    text = config.read_text()
    assert before in text
    config.write_text(text.replace(before, after).replace("hidden = 8" if "family" in before else "\0", ""))
    with pytest.raises(CapsDrawError, match=f"{words}.*: put back what was changed in its config.toml"):
        launched(Order(recipe=runs.extended(folder, 2), folder=folder, resume=True))
    assert ([row["epoch"] for row in log.read_rows(folder)], (folder / "model.keras").read_bytes()) == ([1, 2], kept)
    config.write_text(text)
    launched(Order(recipe=runs.extended(folder, 2), folder=folder, resume=True))
    assert runs.read(folder).epochs_done == 4


@pytest.mark.slow
def test_a_run_whose_checkpoint_is_gone_does_not_begin_anew_over_its_best_model() -> None:
    folder = launched(Order(recipe=SHORT))[0].folder
    (folder / "last.keras").rename(folder.parent / "last.keras")
    kept = (folder / "model.keras").read_bytes()
    longer = Order(recipe=runs.extended(folder, 1), folder=folder, resume=True)
    with pytest.raises(CapsDrawError, match=r"the checkpoint '.*last\.keras' is gone: put it back, or start a new run"):
        launched(longer)
    assert ((folder / "model.keras").read_bytes(), runs.read(folder).epochs_done) == (kept, 2)
    (folder.parent / "last.keras").rename(folder / "last.keras")
    launched(longer)
    assert runs.read(folder).epochs_done == 3


@pytest.mark.slow
def test_who_looks_at_a_run_that_is_gone_on_with_is_told_what_it_began_with() -> None:
    looking: Callable[[], Any] = lambda: None  # noqa: E731
    first, told = launched(Order(recipe=SHORT, drawing=looking), stop_after=1)
    assert told[0].filters is None  # type: ignore[union-attr]
    looks = [event for event in told if isinstance(event, Snapshot)]
    assert looks[0].labels.tolist() == sorted(set(LABELS[-200:].tolist()))
    on = Order(recipe=SHORT, folder=first.folder, resume=True)
    _, told = launched(replace(on, drawing=looking))
    filters = told[0].filters  # type: ignore[union-attr]
    assert filters is not None
    assert np.array_equal(filters, looks[0].filters)
    assert np.array_equal(filters, origin.first_filters(first.plan))
    _, told = launched(replace(on, recipe=runs.extended(first.folder, 1)))
    assert told[0].filters is None  # type: ignore[union-attr]


@pytest.mark.slow
def test_digits_that_are_learnt_from_are_looked_at_where_none_is_held_out() -> None:
    order = Order(recipe=replace(SHORT, held_out=0, epochs=1), drawing=lambda: None)
    _, told = launched(order)
    look = next(event for event in told if isinstance(event, Snapshot))
    assert look.labels.tolist() == list(range(10))
    first = [int(np.flatnonzero(label == LABELS)[0]) for label in range(10)]
    assert np.array_equal((255 * look.digits[..., 0]).round(), IMAGES[first])


@pytest.mark.parametrize(
    ("change", "says", "opened"),
    [
        ({"epochs": 0}, "cannot train 'tiny': epochs 0 is not between 1 and 10,000", 0),
        ({"held_out": 700}, "cannot train 'tiny' on 'digits': held_out all 700 images are held out", 1),
        ({"start": "thrown-away"}, "cannot train 'tiny' on 'digits': start ", 1),
        ({"family": "efficient-capsnet", "options": {}, "average": True}, "average it uses batch normalisation", 1),
    ],
)
def test_what_cannot_be_trained_is_refused_before_it_is_fetched_if_that_is_known_and_before_a_run_is_made(
    change: dict[str, Any], says: str, opened: int
) -> None:
    reads: list[str] = []

    def read(name: str, _: object) -> Data:
        reads.append(name)
        return DATA

    with pytest.raises(Refused, match=says) as refused:
        launch(Order(recipe=replace(SHORT, **change), asked=frozenset(change)), read, Control(), lambda _: None)
    assert next(iter(refused.value.problems)) in change
    assert reads == ["synthetic"] * opened
    assert runs.list_runs() == []
    with pytest.raises(Refused, match=says):
        prepare(replace(SHORT, **change), read, asked=frozenset(change))


def test_a_read_that_is_cancelled_leaves_no_run() -> None:
    def cancelled(*_: object) -> Data:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        launch(Order(recipe=SHORT), cancelled, Control(), lambda _: None)
    assert runs.list_runs() == []


@pytest.mark.slow
def test_a_run_goes_on_though_the_model_that_it_started_from_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own checkpoint is what it goes on from."""
    recipe = replace(SHORT, family="mlp", options={}, synthetic=0, start="mlp")
    first, _ = launched(Order(recipe=recipe), stop_after=1)

    def gone(name: str) -> cards.Card:
        raise CapsDrawError(f"no model '{name}'")

    monkeypatch.setattr(cards, "find", gone)
    second, told = launched(Order(recipe=recipe, folder=first.folder, resume=True, drawing=lambda: None))
    assert second.how == "finished"
    assert told[0].filters is None  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_run_is_begun_in_a_folder_of_one_s_own_and_gone_on_with_there(tmp_path: Path) -> None:
    order = Order(recipe=SHORT, folder=tmp_path / "runs" / "tiny")
    first, _ = launched(order, stop_after=1)
    assert first.folder == order.folder
    assert runs.list_runs() == []
    second, told = launched(replace(order, resume=True))
    assert [event.epoch for event in told if isinstance(event, EpochEnded)] == [2]
    assert second.how == "finished"
    with pytest.raises(CapsDrawError, match="no run in"):
        launched(replace(order, folder=tmp_path / "nowhere", resume=True))
    assert not (tmp_path / "nowhere").exists()


def test_a_fit_that_fails_is_told_and_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Event] = []

    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(loop.Batches, "__init__", broken)
    with pytest.raises(CapsDrawError, match="ran out of memory"):
        launch(Order(recipe=SHORT), lambda *_: DATA, Control(), told.append)
    assert [type(event).__name__ for event in told] == ["Prepared", "Started", "Ended"]
    assert runs.list_runs()[0].state == "failed"
