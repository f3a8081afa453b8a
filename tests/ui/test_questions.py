"""Answers that come too late are known for what they are."""

from collections.abc import Callable
from typing import Any

from capsdraw.ui.questions import Questions


def questions() -> Questions:
    numbers = iter(range(1, 100))

    def explore(kind: str, work: Callable[[Any], Any]) -> int:
        del kind, work
        return next(numbers)

    return Questions(explore)


def test_only_the_newest_of_a_kind_is_waited_for() -> None:
    asked = questions()
    first, second = asked.ask("strip", str), asked.ask("strip", str)
    assert asked.answered("strip", first)
    assert asked.awaits("strip")
    assert asked.answered("strip", second)
    assert not asked.busy


def test_a_kind_does_not_wait_for_another() -> None:
    asked = questions()
    number = asked.ask("strip", str)
    asked.ask("sheet", str)
    asked.answered("strip", number)
    assert not asked.awaits("strip")
    assert asked.awaits("sheet")
    assert asked.busy


def test_what_was_asked_before_something_was_forgotten_comes_too_late() -> None:
    asked = questions()
    old = asked.ask("strip", str)
    asked.forget()
    assert not asked.busy
    new = asked.ask("strip", str)
    assert not asked.answered("strip", old)
    assert asked.awaits("strip")
    assert asked.answered("strip", new)
