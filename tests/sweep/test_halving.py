"""Who goes on and who rests: the rule alone, and a whole sweep by it."""

import random

from capsdraw.sweep.halving import Standing, Step, next_step, rungs
from capsdraw.sweep.sweep_file import EarlyStopping

RULE = EarlyStopping(first=1, factor=3)


def at(done: int, *errors: float, closed: bool = False) -> Standing:
    return Standing(epochs=9, done=done, errors=errors, closed=closed)


def test_rungs_lie_at_powers_of_the_factor_below_the_end() -> None:
    assert rungs(RULE, 9) == [1, 3]
    assert rungs(RULE, 10) == [1, 3, 9]
    assert rungs(EarlyStopping(first=2, factor=2), 2) == []


def test_without_early_stopping_fits_come_one_after_the_other() -> None:
    fits = [at(9, closed=True), at(4, 0.5), at(0)]
    assert next_step(None, fits, ()) == Step(1)
    assert next_step(None, fits, {1}) == Step(2)
    assert next_step(None, fits, {1, 2}) is None


def test_of_three_that_got_to_a_rung_the_best_goes_on_to_the_next() -> None:
    assert next_step(RULE, [at(1, 9.0), at(1, 5.0), at(1, 7.0), at(0)], ()) == Step(1, 3)


def test_of_two_nobody_goes_on_yet_and_a_new_one_begins() -> None:
    assert next_step(RULE, [at(1, 9.0), at(1, 5.0), at(0), at(0)], {2}) == Step(3, 1)
    assert next_step(RULE, [at(1, 9.0), at(1, 5.0), at(0)], {2}) is None


def test_who_went_on_still_counts_among_those_that_got_there() -> None:
    """Of six, two go on: one of them has gone, so the second best is next."""
    fits = [at(3, 1.0, 1.0, 1.0), at(1, 2.0), at(1, 3.0), at(1, 4.0), at(1, 5.0), at(1, 6.0)]
    assert next_step(RULE, fits, ()) == Step(1, 3)
    assert next_step(RULE, fits, {1}) is None


def test_a_fit_that_was_stopped_on_its_way_goes_on_to_the_rung_that_it_was_sent_to() -> None:
    assert next_step(RULE, [at(2, 1.0, 1.0), at(1, 5.0)], ()) == Step(0, 3)


def test_where_too_few_are_left_the_best_goes_to_its_end_all_the_same() -> None:
    assert next_step(RULE, [at(3, 2.0, 2.0, 2.0), at(1, 8.0), at(1, 7.0)], ()) == Step(0, None)
    whole = at(9, *[1.0] * 9, closed=True)
    assert next_step(RULE, [whole, at(1, 8.0), at(1, 7.0)], ()) is None
    failed = at(3, closed=True)
    assert next_step(RULE, [failed, at(1, 8.0), at(1, 7.0)], ()) == Step(2, 3)


def test_a_whole_sweep_finishes_its_best_fit_and_trains_each_epoch_once() -> None:
    chance = random.Random(4)
    final = [chance.random() for _ in range(27)]
    fits = [Standing(epochs=27) for _ in final]
    busy: dict[int, int] = {}
    trained = 0
    while True:
        while len(busy) < 4 and (step := next_step(RULE, fits, busy)) is not None:
            busy[step.fit] = step.until or 27
        if not busy:
            break
        place = chance.choice(sorted(busy))
        until = busy.pop(place)
        assert until > fits[place].done
        trained += until - fits[place].done
        errors = tuple(final[place] + 1 / epoch for epoch in range(1, until + 1))
        fits[place] = Standing(epochs=27, done=until, errors=errors, closed=until == 27)
    finished = [place for place, fit in enumerate(fits) if fit.closed]
    assert final.index(min(final)) in finished
    assert all(fit.done >= 1 for fit in fits)
    assert trained == sum(fit.done for fit in fits) < 27 * 27 / 4
