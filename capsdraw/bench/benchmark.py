"""All parts of a measurement, one after the other, each in a process of its own. No Qt, no Keras, no NumPy here."""

import shutil
import statistics
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from capsdraw import own_python
from capsdraw.bench import children
from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards, light_file
from capsdraw.nets.cards import Card
from capsdraw.paths import PACKAGE, resource

# Those whose pen and sliders are measured: the app's first, and its largest.
HANDS: Final = (cards.DEFAULT_MODEL, "capsnet")
# A process that takes longer has met something that no figure should hide.
_START_SECONDS, _HAND_SECONDS, _NET_SECONDS, _LIGHT_SECONDS = 120, 150, 120, 300

# Read at each start.
_PACKAGES: Final = ("PySide6", "shiboken6", "numpy", "numpy.libs", "PIL", "pillow.libs", "ai_edge_litert", "pyqtgraph")

# What is being measured, how many parts are done, of how many.
Show = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        starts: of each kind; moves: of pen and slider; seconds: for which the event loop is watched.
        beside: what pen and slider are measured beside; nets: that are asked and trained, or all where none is named.
    """

    starts: int
    moves: int
    seconds: float
    beside: tuple[str, ...] = ("alone", "busy", "fit")
    nets: tuple[str, ...] = ()


FULL: Final = Size(starts=7, moves=300, seconds=20)
QUICK: Final = Size(starts=2, moves=60, seconds=4, nets=HANDS)


@dataclass
class Measured:
    """What came of it.

    Attributes:
        starts: by kind; hands: by model and what was beside; nets: by name; machine: what they are held against.
        failed: a line for each part that has no figures.
    """

    starts: dict[str, dict[str, float]] = field(default_factory=dict)
    hands: list[dict[str, Any]] = field(default_factory=list)
    nets: list[dict[str, Any]] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def measure(size: Size, show: Show) -> Measured:
    """Measure everything; a part that fails stops no other."""
    measured = Measured()
    with own_home() as home:
        parts = list(_parts(size, home, measured))
        for done, (what, part) in enumerate(parts):
            show(what, done, len(parts))
            try:
                part()
            except CapsDrawError as error:
                measured.failed.append(f"{what}: {error}")
        show("done", len(parts), len(parts))
    return measured


def _parts(size: Size, home: Path, measured: Measured) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is measured, in words, and a call that does it and keeps what came of it."""
    nets = size.nets or tuple(card.name for card in cards.list_cards() if card.bundled)
    for name in dict.fromkeys((*HANDS, *nets)):
        yield f"light file of {name}", partial(make_light, cards.find(name), home)
    # The first start reads files that no process has in use anew from the disk; all after it are warm.
    for kind, model in (("cold", HANDS[0]), ("bare", ""), *((f"warm {name}", name) for name in HANDS), ("heavy", "")):
        times = 1 if kind in ("cold", "heavy") else size.starts
        yield f"start, {kind}", partial(_start, kind, model, times, home, measured)
    for name in HANDS:
        for beside in size.beside:
            words = (name, str(size.moves), str(size.seconds), beside)
            yield f"pen and slider, {name}, {beside}", partial(_hand, words, home, measured)
    for name in nets:
        yield f"rates, {name}", partial(_rates, name, home, measured)


def _start(kind: str, model: str, times: int, home: Path, measured: Measured) -> None:
    """Medians of so many starts; of a "cold" one it is said whether the system has forgotten its files."""
    _forget(home, model or HANDS[0])
    how = kind if kind in ("bare", "heavy") else "light"
    forgotten = kind == "cold" and children.forget(_read_at_start())
    if kind not in ("cold", "heavy"):  # reads what it needs, so that those after it are warm
        children.ask("starting", how, seconds=_START_SECONDS, home=home)
    runs = [children.ask("starting", how, seconds=_START_SECONDS, home=home) for _ in range(times)]
    figures = {name: round(statistics.median(run[name] for run in runs), 1) for name in runs[0]}
    measured.starts[kind] = figures | ({"forgotten": forgotten} if kind == "cold" else {})


def _forget(home: Path, model: str) -> None:
    """The next window opens as a new user's does, with that model: not on the tab on which the last one was closed."""
    (home / "settings.json").write_text(f'{{"model": "{model}"}}', encoding="utf-8")


def _hand(words: tuple[str, ...], home: Path, measured: Measured) -> None:
    _forget(home, words[0])
    measured.hands.append(children.ask("hand", *words, seconds=_HAND_SECONDS, home=home))


def _read_at_start() -> list[Path]:
    """Folders of what a start reads: Python's own library, some packages, the app."""
    packages = Path(sysconfig.get_path("platlib"))
    return [Path(sysconfig.get_path("stdlib")), PACKAGE, resource("trained"), *(packages / name for name in _PACKAGES)]


def _rates(name: str, home: Path, measured: Measured) -> None:
    said = children.ask("rates", name, seconds=_NET_SECONDS, home=home)
    measured.machine = measured.machine or said["machine"]
    measured.nets += [net | {"machine": said["machine"]} for net in said["nets"]]


def make_light(card: Card, home: Path) -> None:
    """Have the model's light file there: made once in the user's cache, and read from the home of this measurement.

    Raises:
        CapsDrawError: it cannot be made.
    """
    if not light_file.places(card):
        command, environment = own_python.command("capsdraw.nets.lighten", card.name), own_python.environment()
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=_LIGHT_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise CapsDrawError(f"its light file was not made within {_LIGHT_SECONDS} s") from None
        if done.returncode:
            raise CapsDrawError(done.stderr.strip().splitlines()[-1])
    mine = light_file.cached(card)
    if mine.exists():
        folder = home / "cache" / "light"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(mine, folder)


@contextmanager
def own_home() -> Iterator[Path]:
    """A folder in place of the user's, whose settings and runs stay as they are."""
    with tempfile.TemporaryDirectory(prefix="capsdraw-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
