"""The questions of the tab "Inside", each with the face that shows the answer."""

from collections.abc import Callable

from capsdraw.lab.anatomy import Anatomy
from capsdraw.ui.inside import asking
from capsdraw.ui.inside.asking import Maps, RoutedDrawing, Seen
from capsdraw.ui.inside.filters_view import FiltersView
from capsdraw.ui.inside.heat_view import HeatView
from capsdraw.ui.inside.maps_view import MapsView
from capsdraw.ui.inside.net_view import NetView
from capsdraw.ui.questions import Desk, Question, Topic, Urgency

_SHOWN = Urgency.SHOWN


class InsideQuestions:
    """What is asked of the net that is looked into.

    Args:
        desk: takes the questions to a thread.
        net, filters, maps, heat: the faces.
        opened: is given the net's anatomy.
        say: is told what is wrong where no face is to say it.

    Attributes:
        net: what all of them are about; drawing: what those are about that are asked of one drawing or image.
    """

    def __init__(
        self,
        desk: Desk,
        net: NetView,
        filters: FiltersView,
        maps: MapsView,
        heat: HeatView,
        opened: Callable[[Anatomy], None],
        say: Callable[[str], None],
    ) -> None:
        self._maps, self._heat = maps, heat
        # What is known of the net stays when the drawing goes.
        self.net = Topic()
        self.drawing = Topic(self.net)
        self.anatomy = Question(desk, asking.ask_anatomy, opened, say, urgency=_SHOWN, about=self.net)
        self.filters = Question(
            desk, asking.ask_filters, filters.show_kernels, filters.say, urgency=_SHOWN, about=self.net
        )
        self.trace = Question(desk, asking.ask_trace, net.show_trace, say, urgency=_SHOWN, about=self.drawing)
        self.maps = Question(desk, asking.ask_maps, self._show_maps, maps.say, urgency=_SHOWN, about=self.drawing)
        self.value = Question(
            desk, asking.ask_value, maps.show_value, maps.say_of_value, urgency=_SHOWN, about=self.drawing, newest=True
        )
        # A class or layer that was chosen since is asked for already.
        self.heat = Question(
            desk, asking.ask_heat, self._show_heat, heat.say, urgency=_SHOWN, about=self.drawing, newest=True
        )
        self.sent = Question(
            desk, asking.ask_sent, self._show_sent, heat.say_of_routing, urgency=_SHOWN, about=self.drawing, newest=True
        )

    def _show_maps(self, maps: Maps) -> None:
        if maps.outputs.layer == self._maps.layer.currentData():
            self._maps.show_maps(maps)

    def _show_heat(self, seen: Seen) -> None:
        self._heat.show_heat(seen.digit, seen.heat, seen.read)

    def _show_sent(self, sent: tuple[RoutedDrawing, int]) -> None:
        self._heat.show_sent(*sent)
