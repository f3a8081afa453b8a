"""Curves over a fit's epochs: what they are the means of, and that they do not jump where an epoch ends."""

from pathlib import Path

import numpy as np
import pytest

from capsdraw.fit import log, runs
from capsdraw.fit.events import BatchEnded, EpochEnded, Event
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.series import Series, of_run, to_csv

PLAN = Recipe(name="mlp", title="MLP", family="mlp", epochs=3)


def told(folder: Path, *events: Event) -> None:
    recorder = log.Recorder(folder, lambda _: None)
    for event in events:
        recorder(event)


def batch(epoch: int, number: int, loss: float) -> BatchEnded:
    """Of an epoch of ten batches of a hundred images; the loss is the mean of the epoch up to there."""
    return BatchEnded(epoch, 3, number, 10, 100.0, 1.0, {"loss": loss}, 100 * number)


def test_curves_come_from_events_as_they_do_from_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_SELDOM", 0.0)
    folder = runs.create(PLAN)
    row = {"epoch": 1.0, "loss": 0.7, "val_accuracy": 0.9}
    events = [batch(1, 2, 0.9), batch(1, 10, 0.7), EpochEnded(1, 3, row, 1.0, 2.0, True), batch(2, 5, 0.6)]
    live = Series("MLP")
    for event in events:
        live.add(event)
    told(folder, *events)
    log.write_row(folder, row)
    assert of_run(folder, "MLP") == live
    assert live.fine_line("loss")[0].tolist() == [0.2, 1.0, 1.5]
    assert live.line("val_accuracy")[1].tolist() == [0.9]
    assert to_csv([live]) == "run,epoch,loss,val_accuracy\nMLP,1,0.7,0.9\n"


def test_an_epoch_done_again_replaces_its_points() -> None:
    series = Series("MLP")
    for event in (batch(2, 5, 0.6), batch(2, 10, 0.5), batch(2, 3, 0.4), batch(2, 7, 0.3)):
        series.add(event)
    assert series.fine_line("loss")[1].tolist() == pytest.approx([0.4, (0.3 * 7 - 0.4 * 3) / 4])


def test_a_line_is_what_was_trained_since_its_last_point_and_does_not_jump_where_an_epoch_ends() -> None:
    """The means that a fit tells begin anew with each epoch: the line fell there from what the net once could."""
    series = Series("MLP")
    losses = np.geomspace(2.0, 0.1, 30)
    for number, _ in enumerate(losses):
        epoch, place = divmod(number, 10)
        series.add(batch(epoch + 1, place + 1, float(losses[10 * epoch : number + 1].mean())))
        if place == 9:
            row = {"epoch": epoch + 1.0, "loss": float(losses[10 * epoch : number + 1].mean())}
            series.add(EpochEnded(epoch + 1, 3, row, 1.0, 2.0, True))
    places, values = series.fine_line("loss")
    assert places.tolist() == pytest.approx(np.arange(1, 31) / 10)
    assert values.tolist() == pytest.approx(losses.tolist())


def test_the_last_batch_counts_as_much_as_it_holds() -> None:
    series = Series("MLP")
    series.add(BatchEnded(1, 1, 9, 10, 1.0, 1.0, {"loss": 1.0}, 900))
    series.add(BatchEnded(1, 1, 10, 10, 1.0, 1.0, {"loss": (900 * 1.0 + 10 * 0.5) / 910}, 910))
    assert series.fine_line("loss")[1].tolist() == pytest.approx([1.0, 0.5])


def test_a_run_that_went_on_within_an_epoch_is_drawn_by_what_it_told_from_there() -> None:
    series = Series("MLP")
    series.add(batch(1, 5, 2.0))
    for number, loss in ((6, 1.0), (8, 0.8)):  # means over 100 and 300 images
        series.add(BatchEnded(1, 3, number, 10, 100.0, 1.0, {"loss": loss}, 100 * (number - 5)))
    assert series.fine_line("loss")[1].tolist() == pytest.approx([2.0, 1.0, 0.7])


def test_points_are_means_over_a_fiftieth_of_an_epoch_at_least() -> None:
    """One batch alone says little: the line would be a band."""
    series = Series("MLP")
    for number in range(1, 1001):
        mean = 1.0 if number % 2 == 0 else (number + 1) / number  # of losses 2 and 0 in turn
        series.add(BatchEnded(1, 1, number, 1000, 1.0, 1.0, {"loss": mean}, number))
    assert series.fine_line("loss")[1].tolist() == pytest.approx([1.0] * 50)


def test_what_the_points_of_a_quick_fit_leave_out_the_epochs_means_say() -> None:
    series = Series("MLP")
    series.add(batch(1, 5, 0.8))
    for epoch, loss in ((1, 0.7), (2, 0.5)):
        series.add(EpochEnded(epoch, 3, {"epoch": float(epoch), "loss": loss, "val_loss": 0.4}, 1.0, 2.0, True))
    places, values = series.fine_line("loss")
    assert places.tolist() == [0.5, 1.0, 1.5]  # of the second epoch, all of which the mean is, its middle
    assert values.tolist() == pytest.approx([0.8, 0.6, 0.5])
    assert [line.tolist() for line in series.fine_line("val_loss")] == [[1.0, 2.0], [0.4, 0.4]]


def test_smoothing_keeps_a_constant_and_calms_a_jump() -> None:
    series = Series("MLP")
    for epoch, loss in enumerate([1.0, 1.0, 2.0, 1.0], 1):
        series.add(batch(epoch, 10, loss))
    assert series.fine_line("loss", 0.5)[1].tolist() == [1.0, 1.0, 1.5, 1.25]


def test_a_long_run_is_thinned_and_keeps_its_ends() -> None:
    series = Series("MLP")
    for epoch in range(1, 501):
        for number in range(1, 11):
            series.add(BatchEnded(epoch, 500, number, 10, 1.0, 1.0, {"loss": 1.0 / epoch}, 100 * number))
    places, _ = series.fine_line("loss")
    assert len(places) <= 3000
    assert places[0] < 1
    assert places[-1] == 500


def test_parts_of_the_loss_do_not_fall_at_an_epoch_s_end() -> None:
    """Their means count each batch once: a last one of five images, not a hundred, was drawn far too low."""
    series = Series("MLP")
    parts = np.geomspace(1.0, 0.5, 20)
    for number in range(20):
        epoch, place = divmod(number, 10)
        images = 905 if place == 9 else 100 * (place + 1)
        figures = {"margin_loss": float(parts[10 * epoch : number + 1].mean())}
        series.add(BatchEnded(epoch + 1, 2, place + 1, 10, 100.0, 1.0, figures, images))
    assert series.fine_line("margin_loss")[1] == pytest.approx(parts)
