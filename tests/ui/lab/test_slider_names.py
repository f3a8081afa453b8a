"""What a capsule's numbers do is known of the net that is there, not of one that had its name before."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from capsdraw.lab.meaning import Meaning
from capsdraw.nets import cards
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.questions import PutQuestion


class Desk:
    """Answers nothing."""

    def put(self, put_question: PutQuestion) -> None:
        raise AssertionError(f"nothing is to be asked: {put_question}")


def test_what_numbers_do_is_forgotten_with_the_net_and_kept_while_another_is_looked_at(qtbot: QtBot) -> None:
    jobs = Jobs()
    lab = CapsuleLab(Desk(), jobs)
    qtbot.addWidget(lab)
    before, other = cards.find("efficient-capsnet"), cards.find("capsnet")
    key = before.name, 3
    measured = [Meaning("width", 2.0, True, (0.0,) * 5)]
    lab.describe(before, [before, other])
    lab._learn((key, measured))
    lab.describe(other, [before, other])
    lab.describe(replace(before, title="Called otherwise"), [before, other])
    assert [name for name, _, _ in lab._names.of(key, 1)] == ["width"]
    lab.describe(replace(before, sha256="0" * 64), [before, other])
    assert lab._names.of(key, 1) == [("", False, None)]
    assert lab._names.ask(key)
    jobs.close()
