"""Answers that come too late are known for what they are, and only the owner of a question hears of it."""

import pytest

from capsdraw.nets import cards
from capsdraw.ui.questions import PutQuestion, Question, Topic, Urgency


class Desk:
    """Keeps what is put, for the test to answer."""

    def __init__(self) -> None:
        self.items: list[PutQuestion] = []

    def put(self, put_question: PutQuestion) -> None:
        self.items.append(put_question)

    def answer(self, at: int, answer: str) -> None:
        self.items[at].question.take(self.items[at].number, answer)

    def refuse(self, at: int, why: str) -> None:
        self.items[at].question.refuse(self.items[at].number, why)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def of_net() -> Topic:
    """What is about a net."""
    topic = Topic()
    topic.net = cards.find("mlp")
    return topic


def question(desk: Desk, shown: list[str], about: Topic, newest: bool = False) -> Question[[str], str]:
    """What it shows, and why it could not, is in `shown`."""
    return Question(
        desk, lambda _, what: what, shown.append, lambda why: shown.append(f"no: {why}"),
        urgency=Urgency.SHOWN, about=about, newest=newest,
    )  # fmt: skip


def test_only_the_newest_of_a_kind_is_waited_for(desk: Desk) -> None:
    shown: list[str] = []
    about = of_net()
    strip = question(desk, shown, about)
    strip.put("first")
    strip.put("second")
    desk.answer(0, "first")
    assert shown == ["first"]
    assert strip.awaited
    desk.answer(1, "second")
    assert shown == ["first", "second"]
    assert not about.awaited


def test_a_kind_does_not_wait_for_another(desk: Desk) -> None:
    shown: list[str] = []
    about = of_net()
    strip, sheet = question(desk, shown, about), question(desk, shown, about)
    strip.put("strip")
    sheet.put("sheet")
    desk.answer(0, "strip")
    assert not strip.awaited
    assert sheet.awaited
    assert about.awaited


def test_what_was_asked_before_something_was_forgotten_comes_too_late(desk: Desk) -> None:
    shown: list[str] = []
    about = of_net()
    strip = question(desk, shown, about)
    strip.put("old")
    about.forget()
    assert not about.awaited
    strip.put("new")
    desk.answer(0, "old")
    assert shown == []
    assert strip.awaited
    desk.answer(1, "new")
    assert shown == ["new"]


def test_with_a_net_goes_what_was_asked_of_its_capsules_and_with_a_capsule_no_more_than_that(desk: Desk) -> None:
    shown: list[str] = []
    net = of_net()
    capsule = Topic(net)
    asked, of_capsule = question(desk, shown, net), question(desk, shown, capsule)
    for topic in (capsule, net):
        asked.put("net")
        of_capsule.put("capsule")
        topic.forget()
        for at in (-2, -1):
            desk.answer(at, desk.items[at].answer(None))
    assert shown == ["net"]  # of the first round, in which only the capsule went
    assert net.times_asked == 4
    assert capsule.times_asked == 2


def test_an_answer_that_is_overtaken_is_not_shown_where_only_the_newest_is_wanted(desk: Desk) -> None:
    shown: list[str] = []
    sheet = question(desk, shown, of_net(), newest=True)
    sheet.put("first")
    sheet.put("second")
    desk.answer(0, "first")
    assert shown == []
    desk.answer(1, "second")
    assert shown == ["second"]
    assert sheet.answered == 2


def test_a_failure_is_told_its_owner_unless_it_comes_too_late(desk: Desk) -> None:
    shown: list[str] = []
    others: list[str] = []
    about = of_net()
    mine, other = question(desk, shown, about), question(desk, others, about)
    mine.put("a")
    other.put("b")
    desk.refuse(0, "no convolutions")
    assert shown == ["no: no convolutions"]
    assert others == []
    assert not mine.awaited
    about.forget()
    desk.refuse(1, "too late")
    assert others == []


def test_a_question_is_put_to_the_net_that_its_topic_names(desk: Desk) -> None:
    net = Topic()
    drawing = Topic(net)
    asked = question(desk, [], drawing)
    with pytest.raises(ValueError, match="which net"):
        asked.put("of whichever net there is")
    assert not asked.awaited
    net.net = card = cards.find("cifar-cnn")
    asked.put("of that one")
    assert [item.net for item in desk.items] == [card]
    with pytest.raises(ValueError, match="outermost"):
        drawing.net = card
