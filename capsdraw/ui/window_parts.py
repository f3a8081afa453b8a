"""What the window is made of, for `ui.main_window`, which imports it when its first picture stands.

NumPy, Pillow and some three hundred modules of ours come in with it: nothing that the first picture needs.
"""

from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import ReadMonitor
from capsdraw.ui.answers import Answers
from capsdraw.ui.banners import Banners
from capsdraw.ui.commands import Commands
from capsdraw.ui.drawing_panel import DrawingPanel
from capsdraw.ui.drawings import KeptDrawings
from capsdraw.ui.drop_bar import DropBar
from capsdraw.ui.dropping import Dropping
from capsdraw.ui.files import Files
from capsdraw.ui.focus_ring import FocusRing
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.keeper import Keeper
from capsdraw.ui.lightening import Lightening
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.message_bar import MessageBar
from capsdraw.ui.mnist_bar import MnistBar
from capsdraw.ui.model_files import ModelFiles
from capsdraw.ui.model_list import Models
from capsdraw.ui.naming import Naming
from capsdraw.ui.opening_data import open_data
from capsdraw.ui.plain_text import Label
from capsdraw.ui.quiet_line import QuietLine
from capsdraw.ui.reader import Reader
from capsdraw.ui.remembering import Remembering
from capsdraw.ui.rooms import Rooms
from capsdraw.ui.sides import Sides
from capsdraw.ui.teaching import Teaching
from capsdraw.ui.waiting_line import WaitingLine
from capsdraw.ui.worker import step_back_in_numpy

__all__ = [
    "Answers", "Banners", "Commands", "DrawingPanel", "DropBar", "Dropping", "Files", "FocusRing", "Jobs", "Keeper",
    "KeptDrawings", "Label", "Lightening", "LiveText", "MessageBar", "MnistBar", "ModelFiles", "Models", "Naming",
    "QuietLine", "Reader", "Remembering", "Rooms", "Sides", "Teaching", "WaitingLine", "read_data",
    "step_back_in_numpy",
]  # fmt: skip


def read_data(name: str, watch: ReadMonitor, shape: tuple[int, ...] | None) -> Data:
    """Open data on the thread that trains."""
    return open_data(name, shape, watch=watch)
