"""How far a sweep is, and how long it still takes, from its news. No Keras here."""

import time
from collections.abc import Sequence

from capsdraw.fit.events import BatchEnded, EpochEnded
from capsdraw.sweep.supervisor import SweepNews
from capsdraw.sweep.sweep_results import FitResult, FitState

_ENDS = (FitState.FINISHED, FitState.FAILED, FitState.STOPPED)


class SweepPace:
    """Counts what is done.

    Args:
        results: where its fits stand when it starts.

    Attributes:
        epochs: of each fit; done: of them, with the part that is done of the one under way.
        ended: numbers of the fits that are not trained any more; under_way: of those that a worker has in hand.
    """

    def __init__(self, results: Sequence[FitResult]) -> None:
        self.epochs = [result.epochs for result in results]
        self.done = [float(result.epochs_done) for result in results]
        self.ended = {number for number, result in enumerate(results) if result.status == FitState.FINISHED}
        self.under_way: set[int] = set()
        self._begun, self._before = time.monotonic(), sum(self.done)

    def add(self, news: SweepNews) -> None:
        """Take in what a sweep tells."""
        number, status = news.number, news.result.status
        self.epochs[number] = news.result.epochs  # more than planned, where it has few images
        (self.under_way.add if status == FitState.RUNNING else self.under_way.discard)(number)
        if isinstance(news.event, BatchEnded):
            self.done[number] = news.event.epoch - 1 + news.event.batch / news.event.batches
        elif isinstance(news.event, EpochEnded):
            self.done[number] = news.event.epoch
        elif news.event is None and not news.lost:
            (self.ended.add if status in _ENDS else self.ended.discard)(number)

    def seconds_left(self) -> float | None:
        """From how far it came since it started, None at first; hopeless fits are taken for whole ones."""
        done, all_of_them = sum(self.done), sum(self.epochs)
        if done - self._before < 0.02 * all_of_them:
            return None
        return (time.monotonic() - self._begun) * (all_of_them - done) / (done - self._before)
