"""What a newcomer does in the first ten minutes, by mouse: `docs/first-ten-minutes.md` step by step."""

import pytest
from pytestqt.qtbot import QtBot

from capsdraw.ui.main_window import MainWindow
from tests import first_minutes


@pytest.mark.slow
@pytest.mark.usefixtures("qtbot")
def test_all_of_it_by_mouse(window: MainWindow) -> None:
    window.resize(1280, 800)
    done = [number for number, _ in first_minutes.walked(window)]
    assert done == list(range(len(first_minutes.STEPS)))
    assert not window.message.isVisible()


@pytest.mark.slow
def test_the_tour_does_what_its_cards_say(qtbot: QtBot, window: MainWindow) -> None:
    tour = window.teaching.teacher.tour
    window.teaching.teacher.start_tour()
    qtbot.waitUntil(lambda: tour.running, timeout=5000)
    for number in range(4):
        assert tour.at == number
        tour.card.next.click()
    assert tour.at == 4
    tour.end()
    assert not tour.running
