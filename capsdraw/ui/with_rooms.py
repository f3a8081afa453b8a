"""What has all tabs gives each by its name; whoever asks for one has it made."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capsdraw.ui.collection.tab import CollectionTab
    from capsdraw.ui.compare.tab import CompareTab
    from capsdraw.ui.evaluate.tab import EvaluateTab
    from capsdraw.ui.inside.tab import InsideTab
    from capsdraw.ui.lab.tab import CapsuleLab
    from capsdraw.ui.readout import Readout
    from capsdraw.ui.rooms import Rooms
    from capsdraw.ui.train.tab import TrainTab


class WithRooms:
    """A window's base.

    Attributes:
        tabs: all of them.
    """

    tabs: "Rooms"

    @property
    def readout(self) -> "Readout":
        """The close look at the answer."""
        return self.tabs.readout

    @property
    def lab(self) -> "CapsuleLab":
        """The numbers of a capsule."""
        return self.tabs.lab

    @property
    def inside(self) -> "InsideTab":
        """The net itself."""
        return self.tabs.inside

    @property
    def compare(self) -> "CompareTab":
        """Several models side by side."""
        return self.tabs.compare

    @property
    def train(self) -> "TrainTab":
        """Fits."""
        return self.tabs.train

    @property
    def evaluate(self) -> "EvaluateTab":
        """Measurements."""
        return self.tabs.evaluate

    @property
    def collection(self) -> "CollectionTab":
        """The user's own drawings."""
        return self.tabs.collection
