"""`capsdraw bench`: how quick the app is on this machine."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from capsdraw.cli.progress import measuring
from capsdraw.cli.terminal import add_json, fail, print_json, say

if TYPE_CHECKING:
    from capsdraw.bench.benchmark import Measured

HELP = "measure how quick the app is here: start, pen, sliders, nets, memory; takes minutes, leave the machine alone"

_BESIDE = {"alone": "", "busy": ", beside busy processes", "fit": ", beside a CapsNet fit"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw bench` takes."""
    parser.add_argument("--quick", action="store_true", help="fewer of each, and two nets: less than three minutes")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Measure, and print a table or JSON; 1 where a part has no figures, which stops none of the others."""
    from capsdraw.bench import benchmark

    with measuring() as show:
        measured = benchmark.measure(benchmark.QUICK if options.quick else benchmark.FULL, show)
    if options.json:
        print_json({"quick": options.quick, **asdict(measured)})
    else:
        for line in lines(measured):
            say(line)
    for line in measured.failed:
        fail(line)
    return 1 if measured.failed else 0


def lines(measured: "Measured") -> Iterator[str]:
    """The figures as a table for people."""
    if measured.machine:
        rates = measured.machine
        yield (
            f"{rates['cores']} cores; product of two 512 x 512 matrices on one thread {rates['product_ms']:.2f} ms; "
            f"peak {rates['peak_one_thread']:.0f}, on all cores {rates['peak_all_cores']:.0f} GFLOP/s"
        )
    yield from _starts(measured.starts)
    yield from _hands(measured.hands)
    yield from _nets(measured.nets)


def _starts(starts: dict[str, dict[str, float]]) -> Iterator[str]:
    if starts:
        yield f"\n{'start':<28}  window ms  parts ms  answer ms  MB at rest  MB after answer"
    for kind, figures in starts.items():
        columns = ((figures.get("window_ms"), 9), (figures.get("parts_ms"), 8), (figures.get("answer_ms"), 9),
                   (figures.get("memory_window"), 10), (figures.get("memory_answer"), 15))  # fmt: skip
        yield f"{_START_WORDS.get(kind, kind):<28}  " + "  ".join(_number(value, width, 0) for value, width in columns)
    for line, (kind, figure), (other, divisor) in _RATIOS:
        if kind in starts and other in starts:
            yield f"{line}: {starts[kind][figure] / starts[other][divisor]:.2f}"


_START_WORDS = {"bare": "bare window, one label", "heavy": "warm, answered by Keras", "cold": "cold, efficient-capsnet"}
_FIRST = "warm efficient-capsnet"
_RATIOS = (
    ("window over bare window", (_FIRST, "window_ms"), ("bare", "window_ms")),
    ("first answer over window", (_FIRST, "answer_ms"), (_FIRST, "window_ms")),
    ("first answer over window with all its parts", (_FIRST, "answer_ms"), (_FIRST, "parts_ms")),
    ("first answer of capsnet over that", ("warm capsnet", "answer_ms"), ("warm capsnet", "parts_ms")),
    ("memory after the first answer, over Keras'", (_FIRST, "memory_answer"), ("heavy", "memory_answer")),
)


def _hands(hands: list[dict[str, Any]]) -> Iterator[str]:
    if hands:
        yield f"\n{'ms':<58}  median    95%    99%  longest  95% in products"
    for hand in hands:
        for part, title in (("pen", "pen to answer"), ("slider", "slider to picture"), ("loop", "event loop late")):
            spread = hand[part]
            products = _number(spread["p95"] / hand["product_ms"] if part != "loop" else None, 15, 1)
            columns = "  ".join(_number(spread[name], width, 1) for name, width in _SPREAD)
            what = f"{title}, {hand['model']}{_BESIDE[hand['beside']]}"
            yield f"{what:<58}  {columns}  {products}"
        yield f"{'memory then, MB':<58}  {hand['memory']:6.0f}"


_SPREAD = (("median", 6), ("p95", 5), ("p99", 5), ("max", 7))


def _nets(nets: list[dict[str, Any]]) -> Iterator[str]:
    if nets:
        yield "\nms, and the share of the peak of one thread (light half) or of all cores (Keras, training)"
        yield f"{'net':<20}  million operations  light, 1 image  Keras, 1 image  Keras, 100 images  training step"
    for net in nets:
        cells = (
            _shared(net["light"] and net["light"]["batch_1"], "share_of_one_thread", 14),
            _shared(net["heavy"]["batch_1"], "share_of_all_cores", 14),
            _shared(net["heavy"]["batch_100"], "share_of_all_cores", 17),
            _shared(net["step"], "share_of_all_cores", 13),
        )
        yield f"{net['model']:<20}  {net['operations'] / 1e6:18.1f}  " + "  ".join(cells)


def _shared(figures: dict[str, float] | None, share: str, width: int) -> str:
    cell = "–" if figures is None else f"{figures['ms']:.1f} {100 * figures[share]:3.0f}%"
    return f"{cell:>{width}}"


def _number(value: float | None, width: int, digits: int) -> str:
    return f"{'–' if value is None else f'{value:.{digits}f}':>{width}}"
