"""The models at hand, as all views offer them: listed off the window's thread, and told of when one is replaced."""

from PySide6.QtCore import QObject, Signal

from capsdraw.nets import cards
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.worker import step_back


class Models(QObject):
    """Cards, and the nets of those that were asked.

    Attributes:
        all: the cards, bundled ones first.
        cache: the nets.
        using: the name of the one that reads: it stays among them, though its file is gone.
        left_out: a line for each card that cannot be read.

    Signals:
        changed(): there are others now, or others of the same name.
        surveyed(): the folders were looked through again; `left_out` is as of now.
    """

    changed = Signal()
    surveyed = Signal()
    # From whichever thread noticed it.
    _replaced = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.cache = SessionCache(replaced=self._replaced.emit, stand_back=step_back)
        # Before the window is shown, and not again on its thread.
        self.all: list[Card]
        self.left_out: list[str]
        self.all, self.left_out = cards.survey()
        self.cache.know(self.all)
        self.using = ""
        self._replaced.connect(self.put)

    @property
    def of_digits(self) -> dict[str, Card]:
        """Those that read digits as MNIST has them, by name."""
        return {card.name: card for card in self.all if card.reads_digits}

    @property
    def readers(self) -> dict[str, Card]:
        """Those that read what lies on the canvas, by name: each is shown it in the form that it learnt."""
        return {card.name: card for card in self.all if card.input[2] in (1, 3)}

    def refresh(self) -> None:
        """Those that other programs made or replaced meanwhile are to be there, too."""
        self._jobs.run(cards.survey, self._take, lane="models")

    def put(self, card: Card) -> None:
        """That one is among them from now on, instead of one of the same name."""
        if card in self.all:
            return
        if any(listed.name == card.name for listed in self.all):
            self._set([card if listed.name == card.name else listed for listed in self.all])
        else:
            self._set([*self.all, card])

    def _take(self, survey: tuple[list[Card], list[str]]) -> None:
        listed, self.left_out = survey
        names = {card.name for card in listed}
        gone = [card for card in self.all if card.name == self.using and card.name not in names]
        self._set([*listed, *gone])
        self.surveyed.emit()

    def _set(self, models: list[Card]) -> None:
        if models != self.all:
            self.all = models
            self.cache.know(models)
            self.changed.emit()
