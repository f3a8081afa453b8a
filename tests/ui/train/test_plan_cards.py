"""Three ready-made plans: each says how long it takes here, and its Start starts it; what is wrong is led to."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from capsdraw.fit import presets, recipes
from capsdraw.fit.cost import Estimate
from capsdraw.fit.duration import roughly
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets.catalog import FAMILIES
from capsdraw.sweep.sweep_folder import BegunSweep
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train import entries, fits_forecast
from capsdraw.ui.train.tab import TrainTab

from .conftest import PLAN

LEFT = Qt.MouseButton.LeftButton
CAPSNET = replace(PLAN, family="efficient-capsnet", name="efficient-capsnet")


def measured(recipe: Recipe, speed: float = 500.0, start: float = 5.0, images: int = 55_000) -> Estimate:
    """What a machine that trains so many images a second says of a plan."""
    available = images + recipe.pen_digits
    step = recipe.batch / speed
    return Estimate(
        start, step, step / 10, step / 10, step, recipe.batch, min(recipe.limit or available, available),
        recipe.held_out, 100 << 20, available,
    )  # fmt: skip


@pytest.fixture
def quick(tab: TrainTab, monkeypatch: pytest.MonkeyPatch) -> list[Recipe]:
    """The tab's machine answers at once; the plans that it was asked about."""
    asked: list[Recipe] = []

    def estimate(recipe: Recipe) -> int:
        asked.append(recipe)
        number = len(asked)
        QTimer.singleShot(5, lambda: tab.fitter.estimated.emit(number, measured(recipe)))
        return number

    monkeypatch.setattr(tab.fitter, "estimate", estimate)
    return asked


@pytest.fixture
def started(tab: TrainTab, monkeypatch: pytest.MonkeyPatch) -> list[Recipe]:
    """What is to be trained; nothing is."""
    recipes: list[Recipe] = []
    monkeypatch.setattr(tab.fitter, "train", lambda recipe, *_: recipes.append(recipe))
    return recipes


def timed(qtbot: QtBot, tab: TrainTab) -> None:
    qtbot.waitUntil(lambda: all(card.time.text().endswith(" here") for card in tab.form.cards))


def test_each_card_says_its_time_and_starts_its_own_plan(
    qtbot: QtBot, tab: TrainTab, quick: list[Recipe], started: list[Recipe]
) -> None:
    tab.form.put(replace(CAPSNET, seed=7))
    qtbot.mouseClick(tab.form.presets[0], LEFT)
    timed(qtbot, tab)
    assert [card.title.text() for card in tab.form.cards] == ["One minute", "Good", "As published"]
    for index, card in enumerate(tab.form.cards):
        tab.turn(0)
        qtbot.mouseClick(card.start, LEFT)
        wanted = presets.of("efficient-capsnet")[index].recipe
        begun = started[-1]
        if index == 0:
            seconds = replace(measured(wanted), images=begun.limit).seconds(begun.epochs)
            assert 50 < seconds <= 62
            wanted = replace(wanted, limit=begun.limit, epochs=begun.epochs)
        assert begun == replace(wanted, seed=7)
        assert tab.form.chosen == index
    assert len(started) == 3
    assert {repr(recipe.batch) for recipe in quick} == {"16", "128"}


@pytest.mark.usefixtures("quick")
def test_a_click_anywhere_on_a_card_chooses_it_and_a_change_makes_the_plan_ones_own(
    qtbot: QtBot, tab: TrainTab
) -> None:
    tab.form.put(CAPSNET)
    assert tab.form.chosen is None
    card = tab.form.cards[1]
    qtbot.mouseClick(card, LEFT, pos=QPoint(card.width() // 2, card.height() // 2))
    assert tab.form.chosen == 1
    assert tab.form.fields["epochs"].value() == presets.of("efficient-capsnet")[1].recipe.epochs
    assert not tab.start.isVisible()  # the card has a Start of its own
    qtbot.mouseClick(tab.form.details, LEFT)
    edit = tab.form.fields["epochs"].editor
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "9")
    assert tab.form.chosen is None
    assert tab.start.isVisible()
    edit.selectAll()
    QTest.keyClicks(edit, str(presets.of("efficient-capsnet")[1].recipe.epochs))
    assert tab.form.chosen == 1


def test_details_stay_open_or_closed(qtbot: QtBot, window: MainWindow, tab: TrainTab) -> None:
    field = tab.form.fields["noise"]
    assert not field.isVisible()
    qtbot.mouseClick(tab.form.details, LEFT)
    assert field.isVisible()
    tab.turn(3)
    window.tabs.setCurrentIndex(0)
    window.tabs.setCurrentWidget(tab)
    tab.turn(0)
    qtbot.mouseClick(tab.form.presets[2], LEFT)
    assert field.isVisible()
    qtbot.mouseClick(tab.form.details, LEFT)
    tab.turn(1)
    tab.turn(0)
    assert not field.isVisible()


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_every_field_has_a_sentence_that_is_whole(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, size: tuple[int, int]
) -> None:
    window.resize(*size)
    qtbot.mouseClick(tab.form.details, LEFT)
    details = tab.form._details
    for family in FAMILIES:
        tab.form.put(replace(PLAN, family=family, name=family, options={}))
        for name, (_, sentence) in details._beside.items():
            if details.fields[name].isVisible():
                assert sentence.text().endswith("."), name
                qtbot.waitUntil(lambda sentence=sentence: whole(sentence))
    assert len(details.fields) >= 23
    assert {option.name for family in FAMILIES.values() for option in family.options} <= set(entries.OPTIONS)


def whole(sentence: object) -> bool:
    room = sentence.rect().adjusted(0, 0, 0, 1000)
    wanted = sentence.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, sentence.text())
    return sentence.height() >= wanted.height()


@pytest.mark.usefixtures("quick")
def test_start_is_shut_while_a_field_is_wrong_says_which_and_leads_there(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, started: list[Recipe]
) -> None:
    window.resize(1024, 700)
    qtbot.mouseClick(tab.form.details, LEFT)
    edit = tab.form.fields["noise"].editor
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "9")
    qtbot.mouseClick(tab.form.details, LEFT)
    wrong = tab.form.wrong
    qtbot.waitUntil(wrong.isVisible)
    assert wrong.text() == "Noise: 9 is not between 0 and 0.6"
    assert not tab.start.isEnabled()
    qtbot.mouseClick(tab.start, LEFT)
    assert started == []
    tab.form.fields["batch"].editor.clear()
    tab.form.fields["batch"].changed.emit()
    assert wrong.text().endswith("(and 1 more)")
    tab.form.fields["batch"].put(50)
    tab.form.fields["batch"].changed.emit()
    qtbot.mouseClick(wrong, LEFT)
    assert window.focusWidget() is edit
    seen = tab.form._room.viewport()
    qtbot.waitUntil(lambda: seen.rect().contains(edit.mapTo(seen, edit.rect().center())))
    edit.selectAll()
    QTest.keyClicks(edit, "0")
    assert tab.start.isEnabled()
    assert not wrong.isVisible()
    qtbot.mouseClick(tab.start, LEFT)
    assert started == [PLAN]


def test_a_card_that_does_not_fit_the_data_says_why_and_does_not_start(
    qtbot: QtBot, tab: TrainTab, quick: list[Recipe], started: list[Recipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(recipe: Recipe) -> int:
        quick.append(recipe)
        number = len(quick)
        all_held = {"held_out": "all 3,000 images are held out: none are left to train on"}
        wrong = all_held if recipe.held_out == 5000 else {"batch": "is too wide"}
        QTimer.singleShot(5, lambda: tab.fitter.refused.emit(number, wrong))
        return number

    monkeypatch.setattr(tab.fitter, "estimate", refuse)
    tab.form.put(replace(CAPSNET, data="synthetic"))
    good = tab.form.cards[1]
    qtbot.waitUntil(lambda: good.reason == "Held out: all 3,000 images are held out: none are left to train on")
    assert not good.start.isEnabled()
    qtbot.mouseClick(good.start, LEFT)
    assert started == []


@pytest.mark.usefixtures("quick")
def test_a_plan_that_is_remembered_is_written_once_and_what_is_said_against_it_stays(
    window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keeper looks every two seconds, and took away what the machine has against a plan."""
    written: list[Recipe] = []
    plain = recipes.to_toml
    monkeypatch.setattr(recipes, "to_toml", lambda recipe: (written.append(recipe), plain(recipe))[1])
    tab.form.put(CAPSNET)
    tab.form.refuse({"batch": "is too wide"})
    for _ in range(3):
        window.keeper.keep()
    assert tab.form.wrong.text().endswith(": is too wide")
    assert not tab.start.isEnabled()
    assert len(written) == 1
    assert window.keeper.state.plan["batch"] == CAPSNET.batch
    tab.form.put(replace(CAPSNET, batch=77))
    window.keeper.keep()
    assert window.keeper.state.plan["batch"] == 77


@pytest.mark.parametrize(
    ("speed", "name", "least", "most"),
    [
        (50, "One minute", 45, 62),
        (420, "One minute", 50, 62),
        (20_000, "One minute", 45, 62),
        (5, "About nine minutes", 500, 600),
    ],
)
def test_a_quick_look_takes_a_minute_or_is_not_called_one(speed: float, name: str, least: float, most: float) -> None:
    recipe = presets.of("efficient-capsnet")[0].recipe
    estimate = measured(recipe, speed)
    sized = presets.in_a_minute(recipe, estimate)
    seconds = replace(estimate, images=sized.limit or estimate.available).seconds(sized.epochs)
    assert least <= seconds <= most
    assert presets.name_for(seconds) == name
    assert 2 <= sized.epochs <= 60


def test_few_images_and_a_quick_net_are_less_than_a_minute_and_say_so() -> None:
    recipe = presets.of("mlp")[0].recipe
    estimate = measured(recipe, 1e6, 1.0, 3000)
    sized = presets.in_a_minute(recipe, estimate)
    assert (sized.limit, sized.epochs) == (0, 60)
    assert presets.name_for(estimate.seconds(60)) == "Under a minute"


def test_of_a_few_pictures_a_minute_is_as_many_steps_as_are_worth_while() -> None:
    """Sixty epochs of 63 pictures, a step each, taught a net of one's own classes next to nothing."""
    recipe = presets.of("efficient-capsnet")[0].recipe
    few = replace(measured(recipe, 420, images=63), held_out=12)
    sized = presets.in_a_minute(recipe, few)
    assert 150 < sized.epochs <= 600
    assert presets.name_for(few.seconds(sized.epochs)) == "One minute"
    quick = replace(measured(recipe, 1e6, images=63), held_out=12)
    assert presets.in_a_minute(recipe, quick).epochs == 600
    slow = replace(measured(recipe, 20, start=70.0, images=63), held_out=12)
    sized = presets.in_a_minute(recipe, slow)
    assert (sized.limit, sized.epochs) == (0, 150)
    assert presets.name_for(slow.seconds(150)) != "One minute"


def test_a_quick_look_and_a_published_net_begin_with_random_weights() -> None:
    """They went on from the bundled model's: nothing was to be learnt any more."""
    quick, good, published = (preset.recipe for preset in presets.of("efficient-capsnet"))
    assert (quick.start, published.start) == ("", "")
    assert good.start == "efficient-capsnet"


@pytest.mark.usefixtures("started")
def test_another_net_is_timed_anew_and_one_that_was_timed_is_not(
    qtbot: QtBot, tab: TrainTab, quick: list[Recipe]
) -> None:
    tab.form.use_preset(0)
    timed(qtbot, tab)
    before = len(quick)

    def choose(family: str) -> None:
        tab.form.fields["family"].put(family)
        tab.form.fields["family"].changed.emit()

    choose("mlp")
    qtbot.waitUntil(lambda: len(quick) > before)
    timed(qtbot, tab)
    before = len(quick)
    choose("tutorial-cnn")
    timed(qtbot, tab)
    choose("mlp")
    timed(qtbot, tab)
    assert not [recipe for recipe in quick[before:] if recipe.family == "mlp"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 seconds"), (1, "1 second"), (119, "119 seconds"), (130, "2 minutes"), (7100, "118 minutes"),
     (7300, "2 hours"), (200_000, "2 days"), (4e7, "463 days")],
)  # fmt: skip
def test_a_time_is_told_roughly_in_the_unit_that_fits(seconds: float, words: str) -> None:
    assert roughly(seconds) == words


def test_of_a_few_pictures_every_card_has_as_many_epochs_as_teach_something(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the first had, once it was timed. Who has typed other epochs means these."""
    asked: list[Recipe] = []
    begun: list[tuple[int, frozenset[str]]] = []

    def estimate(recipe: Recipe) -> int:
        asked.append(recipe)
        number, few = len(asked), replace(measured(recipe, 420), images=25, available=25, held_out=5)
        QTimer.singleShot(5, lambda: tab.fitter.estimated.emit(number, few))
        return number

    monkeypatch.setattr(tab.fitter, "estimate", estimate)
    monkeypatch.setattr(tab.fitter, "train", lambda recipe, _folder, _note, asked: begun.append((recipe.epochs, asked)))
    tab.form.put(replace(CAPSNET, seed=7))
    qtbot.mouseClick(tab.form.presets[1], LEFT)
    timed(qtbot, tab)
    qtbot.waitUntil(lambda: tab.form.plan(1).epochs == 150)
    assert tab.form.cards[1].facts.text().endswith("150 epochs")
    assert tab.form.fields["epochs"].value() == 150  # those that Details show
    assert tab.form.chosen == 1
    steps = -(-25 // tab.form.plan(2).batch) * tab.form.plan(2).epochs
    assert steps >= 150
    qtbot.mouseClick(tab.form.cards[1].start, LEFT)
    tab.form.fields["epochs"].put(4)
    tab.form.fields["epochs"].changed.emit()
    tab.turn(0)
    qtbot.mouseClick(tab.start, LEFT)
    assert begun == [(150, frozenset()), (4, frozenset({"epochs", "batch"}))]


def test_plans_are_timed_neither_beside_many_fits_nor_beside_their_timing(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The times were too long by as much as the others took, and stayed so for the session."""
    asked: list[Recipe] = []
    monkeypatch.setattr(tab.fitter, "estimate", lambda recipe: (asked.append(recipe), len(asked))[1])
    reckoned: list[BegunSweep] = []
    monkeypatch.setattr(tab.several.sweeper, "reckon", reckoned.append)
    monkeypatch.setattr(fits_forecast, "at_hand", lambda name: name != "mnist")
    tab.several.form.put(["mlp"], "synthetic", {"epochs": (3,), "seed": (1, 2)})
    tab.form.put(CAPSNET)
    qtbot.waitUntil(lambda: len(asked) == 1)
    tab.several.sweeper.busy = True
    tab.several.moved.emit()
    tab.fitter.estimated.emit(1, measured(asked[0]))  # it was under way
    tab._forecast._ask()
    assert tab.form.cards[1].time.text() == tab.form.status.text() == "Timed after these fits"
    assert len(asked) == 1
    tab.several.sweeper.busy = False
    tab.several.moved.emit()
    qtbot.waitUntil(lambda: len(asked) == 2)
    tab.turn(4)
    assert not tab.several.timing
    assert tab.several.form.status.text() == "2 fits; timed after what is under way"
    tab.fitter.estimated.emit(2, measured(asked[1]))
    qtbot.waitUntil(lambda: len(reckoned) == 1)
    tab._forecast._ask()
    assert (tab.several.timing, len(asked)) == (True, 2)
    tab.several.sweeper.refused.emit(reckoned[0], "too few images")
    qtbot.waitUntil(lambda: len(asked) == 3)
    # A fit of one's own has them wait, too, and they are timed after it.
    tab.fitter.estimated.emit(3, measured(asked[2]))
    tab._forecast.stop()
    tab.several.form.rows.rows["seed"].type("1, 2, 3")
    tab.several.form._edit()
    qtbot.waitUntil(lambda: len(reckoned) == 2)
    tab.fitter.busy = True
    tab.several.give_way()
    assert not tab.several.timing
    assert tab.several.form.status.text() == "3 fits; timed after what is under way"
    tab.fitter.busy = False
    tab.several.catch_up()
    qtbot.waitUntil(lambda: len(reckoned) == 3)


def test_a_net_that_nobody_published_is_not_said_to_be() -> None:
    *_, third = presets.of("multi-cnn")
    assert third.name == "Plain"
    assert "authors" not in third.about
    assert (third.recipe.augmentation, third.recipe.overlaid) == (Augmentation(), 4)
    assert all(presets.of(family)[2].name == "As published" for family in FAMILIES if family != "multi-cnn")
