"""What is written and drawn stands out from its ground, in the light and in the dark: measured as WCAG 2 has it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QSlider, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui import theme
from capsdraw.ui.compare.column import CURVES
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.settings import ThemeChoice
from capsdraw.ui.tab_bar import COMPARE, READ

from .test_theme import contrast

# Of words, and of marks and lines (WCAG 2, success criteria 1.4.3 and 1.4.11).
WORDS, MARKS = 4.5, 3.0
THEMES = {"light": theme.LIGHT, "dark": theme.DARK}
both = pytest.mark.parametrize("name", THEMES)


@pytest.fixture
def applied(qapp: QApplication, name: str) -> Iterator[theme.Theme]:
    theme.apply(qapp, name == "dark")
    yield THEMES[name]
    theme.apply(qapp, False)


def grounds(colours: theme.Theme) -> tuple[QColor, QColor]:
    """On which words stand."""
    return colours.window, colours.paper


def least(colour: QColor, colours: theme.Theme) -> float:
    return min(contrast(colour, ground) for ground in grounds(colours))


@both
@pytest.mark.parametrize("role", ["text", "quiet", "wrong", "right", "says"])
def test_words_can_be_read(name: str, role: str) -> None:
    assert least(getattr(THEMES[name], role), THEMES[name]) >= WORDS


@both
@pytest.mark.usefixtures("applied")
def test_disabled_words_can_be_read(qapp: QApplication, name: str) -> None:
    role = QPalette.ColorRole
    for words in (role.WindowText, role.ButtonText, role.Text):
        disabled = qapp.palette().color(QPalette.ColorGroup.Disabled, words)
        assert least(disabled, THEMES[name]) >= WORDS
        # And told from what is not disabled.
        assert contrast(disabled, THEMES[name].text) >= 1.5


@both
@pytest.mark.parametrize("role", ["says", "changed", "right", "wrong", "quiet"])
def test_marks_are_seen(name: str, role: str) -> None:
    assert least(getattr(THEMES[name], role), THEMES[name]) >= MARKS


@both
@pytest.mark.parametrize("enabled", [True, False])
def test_a_slider_s_handle_and_its_way_are_seen(qtbot: QtBot, applied: theme.Theme, enabled: bool) -> None:
    """In the dark, both were as dark as the ground."""
    around = QWidget()
    qtbot.addWidget(around)
    slider = QSlider(Qt.Orientation.Horizontal, around)
    slider.resize(200, 24)
    slider.setEnabled(enabled)
    slider.setValue(50)
    picture = around.grab().toImage()
    above = [contrast(picture.pixelColor(x, 7), applied.window) for x in range(200)]
    assert max(above[85:115]) >= MARKS
    assert max(above[:80] + above[120:]) < 1.1  # the line above leads over the handle alone
    assert max(contrast(picture.pixelColor(170, y), applied.window) for y in range(24)) >= MARKS


@both
@pytest.mark.usefixtures("applied")
def test_what_is_selected_can_be_read(qapp: QApplication, name: str) -> None:
    palette = qapp.palette()
    role = QPalette.ColorRole
    assert contrast(palette.color(role.HighlightedText), palette.color(role.Highlight)) >= WORDS
    assert contrast(palette.color(role.ToolTipText), palette.color(role.ToolTipBase)) >= WORDS
    assert name in THEMES


@pytest.mark.parametrize("name", ["dark", "light"])
def test_curves_beside_one_another_are_seen(name: str) -> None:
    assert min(contrast(QColor(curve), THEMES[name].paper) for curve in theme.SERIES) >= MARKS


@both
def test_the_mark_of_compare_s_dial_is_no_curve_s_colour(name: str) -> None:
    """An orange line stood among the curves, of which one was orange."""
    marker = THEMES[name].changed.hsvHue()
    for curve in CURVES:
        away = abs(QColor(curve).hsvHue() - marker)
        assert min(away, 360 - away) >= 40


@both
@pytest.mark.usefixtures("applied")
def test_the_tab_in_sight_stands_out_from_the_others(qtbot: QtBot, name: str) -> None:
    """By a mark that takes at least half of its width: its ground alone is as dark as theirs."""
    window = MainWindow()
    qtbot.addWidget(window)
    bar = window.tabs.tabBar()
    window.tabs.resize(900, 400)
    pictures: list[QImage] = []
    for tab in (1, 2):
        window.tabs.setCurrentIndex(tab)
        pictures.append(bar.grab().toImage())
    place: QRect = bar.tabRect(1)
    selected, other = pictures
    marked = 0
    for y in range(place.top() + 1, place.bottom() + 1):
        row = range(place.left() + 2, place.right() - 2)
        # Words move by a pixel where a tab is selected: beside them, whole rows are looked at.
        marked = max(marked, sum(contrast(selected.pixelColor(x, y), other.pixelColor(x, y)) >= MARKS for x in row))
    assert marked >= place.width() / 2, name
    assert selected.pixelColor(place.center()).isValid()
    assert window.close()
    assert bar.focusPolicy() != Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("name", ["dark"])
@pytest.mark.usefixtures("applied")
def test_a_tab_that_is_made_in_the_dark_is_dark(qtbot: QtBot, name: str) -> None:
    """Its words were dark on dark: Qt left the palette of the tabs as it was in the light."""
    theme.apply(QApplication.instance(), False)  # type: ignore[arg-type]
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.whole and window.tabs.has(READ))
    window.appearance.choose(ThemeChoice.DARK)
    window.tabs.setCurrentIndex(COMPARE)
    assert window.compare.palette().color(QPalette.ColorRole.Window) == THEMES[name].window
    assert window.close()
