"""Run folders: what is kept can be listed, named and gone on with; what is broken does no harm."""

import errno
import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock, log, runs
from capsdraw.fit.events import BatchEnded, Ended, Event, Paused, Resumed, Started
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.series import Series, names, of_run, to_csv

PLAN = Recipe(name="mlp", title="MLP", family="mlp", epochs=3)


def told(folder: Path, *events: Event) -> None:
    recorder = log.Recorder(folder, lambda _: None)
    for event in events:
        recorder(event)


def batch(epoch: int, number: int) -> BatchEnded:
    return BatchEnded(epoch, 3, number, 10, 100.0, 1.0, {"loss": 0.5})


def test_a_new_run_keeps_recipe_seed_versions_and_machine() -> None:
    folder = runs.create(PLAN, note="a try")
    run = runs.read(folder)
    assert (run.recipe, run.title, run.note, run.epochs_done, run.best) == (PLAN, "MLP", "a try", 0, None)
    about = json.loads((folder / "run.json").read_text())
    assert about["seed"] == 1
    assert set(about["versions"]) == {"capsdraw", "keras", "tensorflow", "numpy"}
    assert about["machine"]["cores"] == os.cpu_count()


def test_where_no_run_can_be_made_it_is_said_what_to_do_and_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CapsDrawError, match=r"\(No space left on device\): free some space, or set "):
        runs.create(PLAN)
    assert list(runs.root().iterdir()) == []


@pytest.mark.parametrize("name", ["config.toml", "run.json"])
def test_where_no_run_can_be_made_the_user_s_own_files_stay(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder that was named for the run went with all that was in it."""
    (tmp_path / "mine.txt").write_text("the user's")
    real = runs.replacing

    def full(target: Path, **how: Any) -> Any:
        if target.name == name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(target, **how)

    monkeypatch.setattr(runs, "replacing", full)
    for place in (tmp_path, tmp_path / "new"):
        with pytest.raises(CapsDrawError, match="No space left on device"):
            runs.create(PLAN, place=place)
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_two_runs_of_one_second_are_two() -> None:
    assert runs.create(PLAN) != runs.create(PLAN)
    assert len(runs.list_runs()) == 2


def test_the_state_of_a_run_is_read_from_its_events() -> None:
    folder = runs.create(PLAN)
    assert runs.read(folder).state == "interrupted"
    with lock.hold(folder):
        told(folder, Started(3, 0, 10, 500, 1000))
        assert runs.read(folder).state == "running"
        with pytest.raises(CapsDrawError, match="is already being trained"), lock.hold(folder):
            pass
    assert runs.read(folder).state == "interrupted"
    # The process of that number is another one by now: the machine was switched off.
    (folder / "lock.json").write_text(json.dumps({"pid": os.getpid(), "born": 5000}))
    assert runs.read(folder).state == "interrupted"
    with lock.hold(folder):
        assert runs.read(folder).state == "running"
    assert runs.read(folder).can_resume
    told(folder, Ended("failed", 1, 2, "no room"))
    assert (runs.read(folder).state, runs.read(folder).message) == ("failed", "no room")
    told(folder, Started(3, 0, 10, 500, 1000), Ended("finished", 3, 10))
    for epoch in (1, 2, 3):
        log.write_row(folder, {"epoch": float(epoch), "loss": 0.5})
    assert not runs.read(folder).can_resume


def test_a_run_that_is_held_says_so_and_one_whose_process_died_meanwhile_was_interrupted() -> None:
    folder = runs.create(PLAN)
    with lock.hold(folder):
        told(folder, Started(3, 0, 10, 500, 1000), batch(1, 5), Paused(1, 5))
        run = runs.read(folder)
        assert (run.state, run.under_way, run.can_resume) == ("paused", True, False)
        told(folder, Resumed(1, 5))
        assert runs.read(folder).state == "running"
        told(folder, Paused(1, 6))
    assert (runs.read(folder).state, runs.read(folder).under_way) == ("interrupted", False)


def test_the_time_of_a_run_is_that_of_its_parts_without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = runs.create(PLAN)
    monkeypatch.setattr(log, "_SELDOM", 0.0)
    assert runs.read(folder).seconds == 0
    clock = [1000.0]
    monkeypatch.setattr(log.time, "time", lambda: clock[0])
    for moment, event in (
        (0, Started(3, 0, 10, 500, 1000)), (10, Paused(1, 5)), (500, Resumed(1, 5)), (520, batch(1, 8)),
        # It died there, and was gone on with a day later.
        (90_000, Started(3, 0, 10, 500, 1000)), (90_007, Ended("stopped", 1, 9)),
    ):  # fmt: skip
        clock[0] = 1000.0 + moment
        told(folder, event)
    assert runs.read(folder).seconds == 10 + 20 + 7


def test_the_size_of_a_run_is_that_of_its_files_and_deleted_it_is_gone() -> None:
    folder = runs.create(PLAN)
    before = runs.read(folder).size
    (folder / "model.keras").write_bytes(bytes(100_000))
    assert runs.read(folder).size == before + 100_000
    with lock.hold(folder), pytest.raises(CapsDrawError, match="is being trained: stop it first"):
        runs.delete(folder)
    runs.delete(folder)
    assert not folder.exists()
    with pytest.raises(CapsDrawError, match="no run in"):
        runs.delete(folder)


def test_what_the_user_put_beside_a_run_is_not_deleted_with_it(tmp_path: Path) -> None:
    folder = runs.create(PLAN, place=tmp_path / "outside")
    for name in ("last.keras", "cycle-0004.npz", "run.lock", ".capsdraw-abcd1234.keras", ".DS_Store"):
        (folder / name).write_text("a run's, or a system's")
    (folder / "thesis.txt").write_text("years of work")
    before = sorted(folder.iterdir())
    with pytest.raises(CapsDrawError, match=r"^'outside' also holds 'thesis\.txt', which is no run's: move it first$"):
        runs.delete(folder)
    (folder / "thesis.txt").rename(tmp_path / "thesis.txt")
    (folder / "model.keras").mkdir()
    with pytest.raises(CapsDrawError, match=r"also holds 'model\.keras'"):
        runs.delete(folder)
    (folder / "model.keras").rmdir()
    assert [path for path in before if path.exists()] == [path for path in before if path.name != "thesis.txt"]
    link = runs.root() / "link"
    link.parent.mkdir()
    link.symlink_to(folder)
    runs.delete(link)
    assert (link.is_symlink(), (folder / "config.toml").exists()) == (False, True)
    runs.delete(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_broken_folders_and_lines_are_left_out() -> None:
    folder = runs.create(PLAN)
    told(folder, Started(3, 0, 10, 500, 1000), Ended("stopped", 1, 4))
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"event": "Sta')
    (folder / "log.csv").write_text("epoch,loss,val_accuracy\n1,0.5,0.8\n2,oops,0.9\n3,0.4,\n")
    (runs.root() / "empty").mkdir()
    (runs.root() / "broken").mkdir()
    (runs.root() / "broken" / "config.toml").write_text("name = ")
    (folder / "run.json").write_text("[]")
    (run,) = runs.list_runs()
    assert (run.state, [row["epoch"] for row in run.rows], run.best, run.title) == ("stopped", [1, 3], 0.8, "MLP")


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", '{"labels": 5}'), ("run.json", DEEP), ("run.json", '{"title": ["a"]}'),
        ("events.jsonl", DEEP), ("events.jsonl", '{"event": "Ended", "how": 5}\n' + '{"a":' * 100_000),
        ("events.jsonl", '{"event": "Ended", "how": "running"}'),
        ("events.jsonl", '{"event": "Started", "time": 1e300}'),
        ("lock.json", DEEP), ("config.toml", "x = " + DEEP[:50_000]), ("config.toml", "epochs = " + "9" * 5000),
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_a_damaged_file_of_a_run_hides_no_other_run_and_is_no_traceback(name: str, content: str) -> None:
    whole, damaged = runs.create(PLAN), runs.create(PLAN)
    (damaged / name).write_text(content)
    assert whole in [run.folder for run in runs.list_runs()]
    if name == "config.toml":
        with pytest.raises(CapsDrawError, match=r"^cannot read recipe 'config\.toml': [^\n]*$"):
            runs.read(damaged)
        return
    run = runs.read(damaged)
    assert (run.title, run.state, run.labels) == ("MLP", "interrupted", ())
    assert time.localtime(run.begun).tm_year < 3000
    runs.describe(damaged, "Mine", "")
    assert runs.read(damaged).title == "Mine"


@pytest.mark.parametrize(
    "row",
    [
        "nan,0.5,0.9",
        "inf,0.5,0.9",
        "2,nan,0.9",
        "2,0.5,inf",
        "2,1e308,0.9",
        "1e18,0.5,0.9",
        "-2,0.5,0.9",
        "1.5,0.5,0.9",
        '2,"0.5,0.9',
        "2,0.5,0.9,7",
    ],
)
def test_a_row_of_the_log_that_is_no_epoch_is_left_out(row: str) -> None:
    folder = runs.create(PLAN)
    (folder / "log.csv").write_text(f"epoch,loss,val_accuracy\n1,0.7,0.8\n{row}\n3,0.4,0.85\n")
    (run,) = runs.list_runs()
    assert (run.epochs_done, run.best, [one["epoch"] for one in run.rows]) == (3, 0.85, [1, 3])
    assert of_run(folder, "MLP").line("loss")[1].tolist() == [0.7, 0.4]


def test_batches_on_record_that_are_none_are_no_points_of_a_curve() -> None:
    folder = runs.create(PLAN)
    good = {"event": "BatchEnded", "epoch": 1, "batch": 5, "batches": 10, "figures": {"loss": 0.5}}
    wrong = ({"figures": {"loss": "low"}}, {"figures": 5}, {"batches": 0}, {"epoch": "1"}, {"batch": None})
    wrong += ({"figures": {"loss": 1e308}}, {"epoch": 10**12})
    lines = [json.dumps(good | other) for other in ({}, *wrong, {"batch": 6})]
    (folder / "events.jsonl").write_text("\n".join(lines))
    assert of_run(folder, "MLP").fine_line("loss")[0].tolist() == [0.5, 0.6]


def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is decoded from now on."""
    lines: list[str] = []
    real = json.loads

    def count(text: str, **how: Any) -> Any:
        lines.append(text)
        return real(text, **how)

    monkeypatch.setattr(json, "loads", count)
    return lines


@pytest.mark.parametrize(("end", "state"), [(Ended("failed", 9, 2, "no room"), "failed"), (None, "interrupted")])
def test_the_state_of_a_long_run_takes_no_long_look(
    monkeypatch: pytest.MonkeyPatch, end: Ended | None, state: str
) -> None:
    """A night's run has 43,200 lines of batches: they froze the window for a second each time it was listed."""
    monkeypatch.setattr(log, "_SELDOM", 0.0)
    folder = runs.create(PLAN)
    night = [batch(1 + number // 10, number % 10) for number in range(3000)]
    told(folder, Started(300, 0, 10, 500, 1000), Ended("stopped", 1, 1), Started(300, 0, 10, 500, 1000), *night)
    told(folder, *([] if end is None else [end]))
    lines = decoded(monkeypatch)
    run = runs.read(folder)
    assert (run.state, run.message) == (state, "no room" if end else "")
    assert abs(run.begun - time.time()) < 60
    assert len(lines) < 10


@given(st.lists(st.sampled_from(["Started", "Ended", "BatchEnded", "torn", "broken"]), max_size=40), st.integers(1, 90))
def test_the_last_start_or_end_is_found_wherever_it_is(tmp_path_factory: Any, kinds: list[str], tail: int) -> None:
    folder = tmp_path_factory.mktemp("run")
    said = {"torn": '{"event": "Ended", "ho', "broken": '[1, "Ended"]\xff'}
    lines = [said.get(kind) or json.dumps({"event": kind, "number": number}) for number, kind in enumerate(kinds)]
    (folder / log.EVENTS).write_bytes("\r\n".join(lines).encode("latin-1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "_TAIL", tail)
        found = log.last_event(folder, "Started", "Ended")
    ends = [number for number, kind in enumerate(kinds) if kind in ("Started", "Ended")]
    assert (found and found["number"]) == (ends[-1] if ends else None)


def test_names_and_notes_are_kept() -> None:
    folder = runs.create(PLAN)
    runs.describe(folder, "Mine", "quick")
    assert (runs.read(folder).title, runs.read(folder).note) == ("Mine", "quick")
    assert json.loads((folder / "run.json").read_text())["seed"] == 1


def test_a_run_is_found_by_name_and_by_path_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = runs.create(PLAN)
    assert runs.find(folder.name).folder == folder
    assert runs.find(str(folder)).folder == folder
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    assert runs.find(f"~/{folder.name}").folder == folder
    with pytest.raises(CapsDrawError, match="no run in 'nothing'"):
        runs.find("nothing")


def test_a_longer_recipe_is_the_runs_own() -> None:
    folder = runs.create(replace(PLAN, schedule="constant"))
    assert runs.extended(folder, 4) == replace(PLAN, schedule="constant", epochs=7)
    # Not before it is gone on with: what fails until then leaves the run as it was.
    assert runs.read(folder).recipe.epochs == 3
    with pytest.raises(CapsDrawError, match="cannot add 9999 epochs: epochs 10,002 is not between"):
        runs.extended(folder, 9999)


def test_other_data_than_a_run_was_begun_with_is_refused() -> None:
    data = synthetic.data(40, 10)
    folder = runs.create(PLAN, data)
    assert runs.same_data(folder, data) == folder
    with pytest.raises(CapsDrawError, match="is not what this run was started with"):
        runs.same_data(folder, replace(data, train_labels=data.train_labels[::-1]))


def test_a_run_that_went_away_while_its_data_was_read_is_not_begun_anew() -> None:
    folder = runs.create(PLAN)
    shutil.rmtree(folder)
    with pytest.raises(CapsDrawError, match="no run in"):
        runs.same_data(folder, synthetic.data(40, 10))


def test_a_torn_line_does_not_swallow_the_next() -> None:
    folder = runs.create(PLAN)
    (folder / "events.jsonl").write_text('{"event": "Ended", "how": "fini')
    told(folder, Ended("stopped", 1, 4))
    assert runs.read(folder).state == "stopped"


def test_of_a_long_run_only_the_points_that_are_drawn_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_SELDOM", 0.0)
    folder = runs.create(PLAN)
    line = '{"event": "BatchEnded", "epoch": %d, "batch": %d, "batches": 10, "figures": {"loss": %d}, "over": %d}\n'
    text = "".join(line % (epoch, number, epoch, number) for epoch in range(1, 1001) for number in range(1, 11))
    (folder / log.EVENTS).write_text(text)
    lines = decoded(monkeypatch)
    places, values = of_run(folder, "MLP").fine_line("loss")
    assert 1500 <= len(places) <= 3000
    assert len(lines) < 3010
    assert places[0] < 1
    assert (places[-1], values[-1]) == (1000, 1000)


def test_all_runs_are_in_one_table_each_under_its_name() -> None:
    """Whoever compares nets in a spreadsheet needs them all."""
    mlp, other, again = Series("MLP"), Series("CNN, wide"), Series("MLP")
    mlp.rows = [{"epoch": 1.0, "loss": 0.5, "val_accuracy": 0.9}, {"epoch": 2.0, "loss": 0.25, "val_accuracy": 0.95}]
    other.rows = [{"epoch": 1.0, "loss": 0.125, "lengths_accuracy": 0.75}]
    again.rows = [{"epoch": 1.0, "loss": 0.75}]
    assert to_csv([mlp, other, again]).splitlines() == [
        "run,epoch,loss,val_accuracy,lengths_accuracy", "MLP (1),1,0.5,0.9,", "MLP (1),2,0.25,0.95,",
        '"CNN, wide",1,0.125,,0.75', "MLP (2),1,0.75,,",
    ]  # fmt: skip
    assert names([mlp, other]) == ["MLP", "CNN, wide"]
