"""A run's model is put among those at hand, whole, under a name of its own."""

import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.errors import CapsDrawError
from capsdraw.fit import loop, runs
from capsdraw.fit.adopt import adopt
from capsdraw.fit.control import Control
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards, own_models, ranges, zoo
from capsdraw.nets.session import Session

IMAGES, LABELS = synthetic.digits(700, 1)
PLAN = Recipe(
    name="efficient-capsnet",
    title="Efficient-CapsNet",
    family="efficient-capsnet",
    options=zoo.TINY["efficient-capsnet"],
    held_out=100,
    epochs=1,
    batch=50,
    data="synthetic",
)


def trained(recipe: Recipe = PLAN) -> runs.Run:
    folder = runs.create(recipe)
    loop.run(Plan.of(recipe, IMAGES, LABELS), folder, Control(), lambda _: None)
    return runs.read(folder)


def test_names_that_are_claimed_at_once_are_all_different(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of six processes that kept a model under one title, four lost theirs: each had looked before any had written."""
    monkeypatch.setattr(cards, "folders", list)  # what each saw when it looked
    with ExitStack() as stack:
        paths = [stack.enter_context(own_models.new_name("Mine & yours")) for _ in range(6)]
        assert len(set(paths)) == 6
        assert all(path.exists() for path in paths)
    failing = own_models.new_name("x" * 5000)
    path = failing.__enter__()
    assert path.exists()
    assert len(path.name) < 100
    failing.__exit__(OSError, OSError("full"), None)
    assert not path.exists()


KEEPS = """
import sys, time
from pathlib import Path
import numpy as np
from capsdraw.fit import adopt, runs

begun = Path(sys.argv[2])
(begun / Path(sys.argv[1]).name).touch()
while len(list(begun.iterdir())) < 6:  # all at once
    time.sleep(0.01)
nothing = np.zeros((0, 28, 28), np.uint8)
print(adopt.adopt(runs.read(Path(sys.argv[1])), "Mine", nothing, np.zeros(0, int)).name)
"""


@pytest.mark.slow
def test_of_six_processes_that_keep_a_model_under_one_title_none_is_lost(tmp_path: Path) -> None:
    run, begun = trained(), tmp_path / "begun"
    begun.mkdir()
    folders = [run.folder.with_name(f"{run.folder.name}-{number}") for number in range(6)]
    for folder in folders:
        shutil.copytree(run.folder, folder)
    children = [
        subprocess.Popen([sys.executable, "-c", KEEPS, str(folder), str(begun)], stdout=subprocess.PIPE, text=True)
        for folder in folders
    ]
    try:
        names = [child.communicate(timeout=900)[0].strip() for child in children]
    finally:
        for child in children:
            child.kill()
    assert sorted(names) == ["mine", *(f"mine-{number}" for number in range(2, 7))]
    kept = {card.name: card for card in cards.list_cards() if not card.bundled}
    assert {card.recipe for card in kept.values()} == {folder.name for folder in folders}
    for name in names:
        assert zoo.load(kept[name]).count_params() > 0


@pytest.mark.slow
def test_an_adopted_model_answers_as_the_run_left_it_and_tells_its_ranges() -> None:
    run = trained()
    card = adopt(run, "Efficient-CapsNet", IMAGES, LABELS)
    # A bundled net has that name: the new one is beside it, not in its place.
    assert card.name == "efficient-capsnet-2"
    assert (card.kind, card.classes, card.test_error_percent, card.bundled) == ("capsule", 10, None, False)
    session = Session.open(cards.find("efficient-capsnet-2"))
    found = ranges.from_card(card.ranges, 10, 8)
    assert found is not None
    assert np.abs(found.middle - ranges.of(session.encode(IMAGES), LABELS).middle).max() < 1e-3
    assert session.read(from_bytes(IMAGES[0])).scores.shape == (10,)


@pytest.mark.slow
def test_ranges_that_a_model_at_hand_lacks_are_added_when_its_images_are_there_again() -> None:
    run = trained()
    bare = adopt(run, "Mine", IMAGES[:0], LABELS[:0])
    assert bare.ranges == ()
    whole = adopt(run, "Mine", IMAGES, LABELS)
    assert ranges.from_card(whole.ranges, 10, 8) is not None
    assert replace(whole, ranges=()) == bare
    assert [card.name for card in cards.list_cards() if not card.bundled] == ["mine"]


@pytest.mark.slow
def test_classes_keep_their_names() -> None:
    names = tuple("abcdefghij")
    assert adopt(trained(), "Letters", IMAGES, LABELS, names).label(2) == "c"


@pytest.mark.slow
def test_a_title_in_another_encoding_leaves_the_model_s_card_readable() -> None:
    """The card was written, and could not be read: the model was lost."""
    assert adopt(trained(), "Caf\udce9", IMAGES, LABELS).title == "Caf\ufffd"


@pytest.mark.slow
def test_no_model_takes_the_name_that_stands_for_several() -> None:
    """It could never be asked for: `--model ensemble` is the best ones as one."""
    assert adopt(trained(), "Ensemble", IMAGES, LABELS).name == "ensemble-2"


def test_a_run_without_a_model_says_so() -> None:
    with pytest.raises(CapsDrawError, match="the run 'Efficient-CapsNet' has no model yet"):
        adopt(runs.read(runs.create(PLAN)), "Mine", IMAGES, LABELS)


@pytest.mark.slow
def test_a_damaged_model_says_so() -> None:
    run = trained()
    path = run.folder / "model.keras"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(CapsDrawError, match="cannot read the model of the run 'Efficient-CapsNet'"):
        adopt(run, "Mine", IMAGES, LABELS)
    assert [card.name for card in cards.list_cards() if not card.bundled] == []
