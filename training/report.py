"""`python -m training.report`: the tables of RESULTS.md and README.md, and the plots, from what was measured.

The words are written by hand; what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`
is written here from the cards and the measurements kept, so that no figure differs from them.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import mean, mode
from typing import Any

from capsdraw.datasets.non_digits import KINDS
from capsdraw.evaluate.robustness import DISTURBANCES
from capsdraw.fit import recipes
from capsdraw.fit.duration import duration
from capsdraw.fit.recipe import Recipe
from capsdraw.formatting import times
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.paths import replacing, resource
from training.ablation_section import ablation
from training.experiments import store
from training.numbers_section import numbers
from training.pairs_section import two_digits
from training.routing_section import routing
from training.tables import span, table

RESULTS = Path(__file__).parent / "RESULTS.md"
SETS = store.FOLDER / "evaluation_sets.md"
README = Path(__file__).parents[1] / "README.md"
# What the nets' authors report for one model, % test error.
AUTHORS = {
    "capsnet": "0.25 (Sabour et al. 2017)",
    "efficient-capsnet": "0.26 (Mazzia et al. 2021)",
    "deep-convnet": "0.62 (99.38% right)",
    "keras-cnn": "about 1",
    "tutorial-cnn": "2.54",
    "mlp": "3.63",
    "cifar-cnn": "50.3 (10 epochs, 50,000 images); 74 (1,000 images)",
    "cifar-cnn-5x5": "not given",
    "cifar-cnn-zca": "not given",
    "multi-capsnet": "5.1 of pairs (Mazzia et al. 2021); 5.2 (CapsNet, Sabour et al. 2017)",
    "multi-cnn": "8.1 of pairs (the baseline of Sabour et al. 2017)",
}
# The pairs of models whose evaluation sets are told in RESULTS.md, on sets of so many images; all are in SETS.
TOLD = {
    ("capsnet", "efficient-capsnet"), ("efficient-capsnet", "keras-cnn"), ("keras-cnn", "tutorial-cnn"),
    ("cifar-cnn-5x5", "cifar-cnn-zca"), ("cifar-cnn-5x5", "cifar-cnn"), ("cifar-cnn-zca", "cifar-cnn"),
}  # fmt: skip
TOLD_SIZE = 500
# What was asked of ours before they were trained: at most, and the aim.
TARGETS = {
    "capsnet": (0.45, 0.25), "efficient-capsnet": (0.40, 0.26), "deep-convnet": (0.55, 0.35),
    "keras-cnn": (0.60, 0.40), "tutorial-cnn": (0.90, 0.60), "mlp": (2.0, 1.6),
    "cifar-cnn": (35, 28), "cifar-cnn-5x5": (35, 28), "cifar-cnn-zca": (35, 28),
    "multi-capsnet": (8, 5), "multi-cnn": ("–", "–"),
}  # fmt: skip
# Epochs of a fit that went on from where it was stopped by another recipe, by its folder and name.
_STOPPED_AFTER = {("fourth", "multi-capsnet"): 33}
# Of doubt, before anything was measured: at most so many of digits, at least so many of drawings that are none, %.
MOST_DIGITS, LEAST_NON_DIGITS = 3.0, 80.0
# Where the digits come from that limits were set on.
_SOURCES = ("held out", "synthetic", "pen strokes")


def main() -> None:
    """Write the tables into both files, and the plots beside RESULTS.md."""
    for path in (RESULTS, SETS, README):
        text = render(path)
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    from training.experiments import plots

    measured = store.read("robustness")
    if measured:
        plots.robustness(measured["points"], store.FOLDER / "robustness.svg")
    fits = store.read("few_images")
    if fits:
        plots.few_images(fits["fits"], store.FOLDER / "few_images.svg")
    swept = store.read("routing")
    if swept:
        plots.routing(swept["fits"], store.FOLDER / "routing.svg")


def render(path: Path) -> str:
    """The file's text with all its tables made anew."""
    text = path.read_text(encoding="utf-8")
    for name, make in _BLOCKS[path].items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        if begin not in text or end not in text:
            raise ValueError(f"'{path.name}' has no place for '{name}'")
        before, rest = text.split(begin, 1)
        text = f"{before}{begin}\n{make()}\n{end}{rest.split(end, 1)[1]}"
    return text


def nets() -> str:
    """Every bundled net: its author's result, ours, and what it took."""
    timed, held = store.read("pipeline"), _held_out()
    rates = {row["name"]: row["fit"] for row in timed["rows"]}
    rows = []
    for card in _bundled():
        plan = recipes.load(card.name)
        rate = rates.get(card.name)
        images = (10_000 if plan.data == "cifar10" else 60_000) - plan.held_out + plan.pen_digits
        rows.append([
            f"`{card.name}`", f"{card.parameters:,}", AUTHORS[card.name],
            f"**{card.test_error_percent:.2f}** ({_interval(card)})", held.get(card.name, "–"),
            "{} / {}".format(*TARGETS[card.name]), _epochs(plan), plan.precision,
            f"{rate:,.0f}" if rate else "–", duration(images * card.epochs / rate) if rate else "–",
        ])  # fmt: skip
    head = ["net", "parameters", "author's error, %", "ours, % (95% interval)", "held out, %", "at most / aim, %",
            "epochs", "precision", "images/s", "fit at that rate"]  # fmt: skip
    return f"Images/s on {timed['machine']}.\n\n" + table(head, rows)


def models() -> str:
    """Every bundled model in short."""
    kinds = {NetKind.CAPSULE: "capsules", NetKind.CLASSIFIER: "classifier"}
    rows = [
        [f"`{card.name}`", kinds[card.kind], _reads(card), f"{card.parameters:,}", f"{card.test_error_percent:.2f}%"]
        for card in _bundled()
    ]  # fmt: skip
    return table(["model", "kind", "reads", "parameters", "test error"], rows)


def _reads(card: Card) -> str:
    """Of what kind its images are."""
    words = f"{times(card.input[:2])} {'colour' if card.input[2] == 3 else 'grey'}"
    return f"{words}, two digits" if card.reads_pairs else words


def ratios(measured: dict[str, Any]) -> str:
    """Training speed of the capsule nets, as multiples of the ports'."""
    ports = {row["name"].removeprefix("port of "): row["images_per_second"] for row in measured["rows"]
             if row["name"].startswith("port of ")}  # fmt: skip
    rows = []
    for row in measured["rows"]:
        net = row["name"].removeprefix("port of ").split(",")[0]
        if net in ports:
            rate = row["images_per_second"]
            rows.append([row["name"], row["precision"], str(row["batch"]), f"{rate:,.0f}",
                         f"{row['slowest_images_per_second']:,.0f}", f"{rate / ports[net]:.2f}"])  # fmt: skip
    rows.sort(key=lambda row: "efficient" in row[0])
    head = ["training step", "precision", "batch", "images/s", "slowest round", "times the port"]
    return f"On {measured['machine']}; median of {measured['rounds']} rounds.\n\n" + table(head, rows)


def pipeline(measured: dict[str, Any]) -> str:
    """What a fit's batches cost it."""
    rows = [
        [f"`{row['name']}`", f"{row['batches']:,.0f}", f"{row['step']:,.0f}", f"{row['fit']:,.0f}",
         f"{row['fit'] / row['step']:.2f}"]
        for row in measured["rows"]
    ]  # fmt: skip
    head = ["recipe", "batches alone, images/s", "step alone, images/s", "the fit, images/s", "fit : step"]
    return f"On {measured['machine']}; median of {measured['rounds']} rounds.\n\n" + table(head, rows)


def robustness(measured: dict[str, Any]) -> str:
    """Error of each model at the far end of each disturbance, and on the way there."""
    errors = {
        (point["model"], point["disturbance"], point["amount"]): point["error_percent"] for point in measured["points"]
    }
    models = list(measured["models"])
    counts = _counts(measured["points"])
    rows = [
        [
            f"{how.name} {amount:g} {how.unit}",
            counts[how.name, amount],
            *(f"{errors[model, how.name, amount]:.2f}" for model in models),
        ]
        for how in DISTURBANCES
        for amount in how.amounts
        if amount != how.still and (models[0], how.name, amount) in errors
    ]
    undisturbed = [
        "undisturbed",
        counts["rotation", 0],
        *(f"{errors[model, 'rotation', 0]:.2f}" for model in models),
    ]
    moves = [recipes.load(model).augmentation for model in models]
    trained = [
        ["*trained on rotations up to*", "", *(f"{augmentation.rotation:g}°" for augmentation in moves)],
        ["*trained on shifts up to*", "", *(f"{augmentation.shift:g}" for augmentation in moves)],
        ["*blurred in training, σ up to*", "", *(f"{augmentation.blur:g}" for augmentation in moves)],
        ["*noise in training, up to*", "", *(f"{augmentation.noise:g}" for augmentation in moves)],
    ]
    return table(["test error, %", "digits", *(f"`{model}`" for model in models)], [*trained, undisturbed, *rows])


def _counts(points: Iterable[dict[str, Any]]) -> dict[tuple[str, float], str]:
    """How many digits each row is of, and those of models that read another number of them."""
    read: dict[tuple[str, float], dict[str, int]] = {}
    for point in points:
        read.setdefault((point["disturbance"], point["amount"]), {})[point["model"]] = point.get("images", 10_000)
    told = {}
    for row, by_model in read.items():
        most = mode(by_model.values())
        others = [f"`{model}` {count:,}" for model, count in by_model.items() if count != most]
        told[row] = "; ".join([f"{most:,}", *others])
    return told


def affine(measured: dict[str, Any]) -> str:
    """The affNIST test; every net reads the same 10,000 digits."""
    rows = [
        [name, f"{result['parameters']:,}", str(result["epochs"]),
         *(_right(result["error_percent"][what], 10_000) for what in ("shifted", "affine"))]
        for name, result in measured.items()
    ]  # fmt: skip
    head = ["net", "parameters", "epochs", "right on shifted digits, % (95% interval)",
            "right on affine digits, % (95% interval)"]  # fmt: skip
    return table(head, rows)


def few_images(measured: dict[str, Any]) -> str:
    """Mean error, and its spread over the seeds, for each number of training images."""
    fits = measured["fits"]
    counts = sorted({fit["images"] for fit in fits})
    rows = []
    for net in dict.fromkeys(fit["net"] for fit in fits):
        errors_by_count = [
            [fit["error_percent"] for fit in fits if (fit["net"], fit["images"]) == (net, n)] for n in counts
        ]
        rows.append([f"`{net}`", *(_spread(errors) for errors in errors_by_count)])
    return table(["test error, %, mean (least – largest)", *(f"{count:,} images" for count in counts)], rows)


def ensembles(measured: dict[str, Any]) -> str:
    """The best choices of models that answer as one, and the one that is bundled."""
    rows = [
        [", ".join(f"`{name}`" for name in choice["members"]), str(choice["errors"])]
        for choice in measured["choices"][:8]
    ]
    chosen = measured["chosen"]
    return table(["models", f"errors on {measured['images']:,} held-out digits"], rows) + (
        f"\n`ensemble` is {' and '.join(f'`{name}`' for name in chosen['members'])}: "
        f"**{chosen['test_error_percent']:.2f}%** on the test digits.\n"
    )


def capsnet_fits(measured: dict[str, Any]) -> str:
    """All fits of CapsNet that came to an end of a cosine, in their order."""
    rows = [
        [fit["moves"], f"{fit['synthetic']:,}", str(fit["epochs"]), "yes" if fit["averaged"] else "no",
         str(fit["held_out_errors"]), "not read" if fit["test_errors"] is None else str(fit["test_errors"])]
        for fit in measured["fits"]
    ]  # fmt: skip
    head = ["moves in training", "pen digits an epoch", "epochs", "averaged", "wrong of 5,000 held out",
            "wrong of 10,000 test digits"]  # fmt: skip
    return table(head, rows)


def hands(measured: dict[str, Any]) -> str:
    """What each model learnt of each hand."""
    rows = [
        [f"`{name}`", hand, str(told["taught"]), str(told["read"]),
         f"{told['before']:.1f} → **{told['after']:.1f}**", f"{told['mnist_before']:.2f} → {told['mnist_after']:.2f}",
         f"{told['seconds']:.0f}"]
        for name, kept in measured["models"].items()
        for hand, told in kept["hands"].items()
    ]  # fmt: skip
    head = ["model", "hand", "taught", "read", "wrong of these, %", "wrong of MNIST's test digits, %", "seconds"]
    return table(head, rows)


def verdict(measured: dict[str, Any]) -> str:
    """How often each net is doubted, rightly and wrongly, and which nets miss what was asked."""
    models = measured["models"]
    rows = [
        [f"`{name}`",
         *(f"**{rates[what]:.2f}** ({span(rates[what], measured[how_many])})"
           for what, how_many in (("digits", "digits"), ("none", "non_digits"))),
         *(f"{rates[kind]:.0f}" for kind in (*KINDS, "alike")),
         *("{digits:.2f} / {none:.0f}".format(**kept["rates"][which]) for which in ("net", "plain")),
         f"{sum(kept['misread'].values()) - kept['misread']['sure']} of {sum(kept['misread'].values())}"]
        for name, kept in models.items()
        for rates in (kept["rates"]["rule"],)
    ]  # fmt: skip
    head = ["doubted, %", "digits (95% interval)", "non-digits (95% interval)", "letters", "several digits",
            "scribbles", "marks", "*letters like digits*", "by the net alone: digits / non-digits",
            "by plain limits: digits / non-digits", "misread digits doubted"]  # fmt: skip
    others = [[f"`{name}`", *(f"{kept['set_on'].get(source, 0):.2f}" for source in _SOURCES), f"{kept['rival']:g}"]
              for name, kept in models.items()]  # fmt: skip
    missed = [f"`{name}`" for name, kept in models.items() if not _meets(kept["rates"]["rule"])]
    judged = f"{' and '.join(missed)} {'misses' if len(missed) == 1 else 'miss'} it" if missed else "no net misses it"
    return (
        f"Asked for: at most {MOST_DIGITS:g}% of digits doubted, at least {LEAST_NON_DIGITS:g}% of non-digits; "
        f"{judged}.\n\n{table(head, rows)}\n"
        "Of the digits that the limits were set on, and the share of the first score from which on a second is its "
        f"rival:\n\n{table(['doubted, %', *_SOURCES, 'rival'], others)}"
    )


def _meets(rates: dict[str, float]) -> bool:
    return rates["digits"] <= MOST_DIGITS and rates["none"] >= LEAST_NON_DIGITS


def some_evaluation_sets(measured: dict[str, Any]) -> str:
    """What RESULTS.md tells of them."""
    return evaluation_sets(measured, everything=False)


def evaluation_sets(measured: dict[str, Any], everything: bool = True) -> str:
    """Each two models on many small sets: what was found, and what luck and drawing explain."""
    rows = [
        [f"`{pair['first']}`, `{pair['second']}`", f"{size['size']:,}", f"{pair['first_only']}, {pair['second_only']}",
         f"{pair['overall_p']:.2g}",
         f"{pair['expected']:+.2f} ± {pair['deviation']:.2f} ({pair['measured_deviation']:.2f})",
         f"{pair['found'][0]['difference']:+d}",
         *("{:g}, {:g}".format(*pair[f"largest_if_{what}"]) for what in ("same", "even")),
         f"{pair['found'][0]['elsewhere']:+.2f}", pair["found"][0]["verdict"]]
        for data in measured["data"].values()
        for size in data["sizes"]
        for pair in size["pairs"]
        if everything or (size["size"] == TOLD_SIZE and (pair["first"], pair["second"]) in TOLD)
    ]  # fmt: skip
    head = ["models", "images a set", "alone right", "overall p", "lead on a set, expected ± deviation (measured)",
            "largest lead", "by luck: median, 95%", "by drawing: median, 95%", "lead on the rest, %",
            "the set of the largest lead"]  # fmt: skip
    return f"{measured['sets']:,} sets of each size.\n\n" + table(head, rows)


def _of(experiment: str, make: Callable[[dict[str, Any]], str]) -> Callable[[], str]:
    """What `make` writes of an experiment's measurements, once there are any."""

    def written() -> str:
        measured = store.read(experiment)
        return make(measured) if measured else "Not measured yet.\n"

    return written


_BLOCKS: dict[Path, dict[str, Callable[[], str]]] = {
    RESULTS: {
        "nets": nets, "ratios": _of("speed", ratios), "pipeline": _of("pipeline", pipeline),
        "robustness": _of("robustness", robustness), "affine": _of("affine", affine),
        "few-images": _of("few_images", few_images), "ensembles": _of("ensembles", ensembles),
        "capsnet-fits": _of("capsnet_fits", capsnet_fits), "verdict": _of("verdicts", verdict),
        "evaluation-sets": _of("evaluation_sets", some_evaluation_sets), "hands": _of("hands", hands),
        "two-digits": _of("two_digits", two_digits), "numbers": _of("numbers", numbers),
        "routing": _of("routing", routing),
        "ablation": _of("ablation", ablation),
    },
    SETS: {"evaluation-sets": _of("evaluation_sets", evaluation_sets)},
    README: {"models": models},
}  # fmt: skip


def _bundled() -> list[Card]:
    """The bundled models in the order of AUTHORS."""
    cards_by_name = {card.name: card for card in cards.list_cards() if card.bundled}
    return [cards_by_name[name] for name in AUTHORS if name in cards_by_name]


def _epochs(recipe: Recipe) -> str:
    """Of the fit, and before it those of the fits whose weights it began with."""
    earlier = [resource("recipes") / which / f"{recipe.name}.toml" for which in ("first", "second", "third", "fourth")]
    fits = [(path.parent.name, recipes.load(str(path))) for path in earlier if recipe.start and path.exists()]
    done = [str(_STOPPED_AFTER.get((which, fit.name), fit.epochs)) for which, fit in fits]
    return " + ".join([*done, str(recipe.epochs)])


def _interval(card: Card) -> str:
    """Where the error may lie, %, by as many test images as there are (Wilson)."""
    assert card.test_error_percent is not None
    return span(card.test_error_percent, card.test_images)


def _right(error: float, images: int) -> str:
    """How many are read right, %, and where that may lie, of an error in percent."""
    return f"{100 - error:.2f} ({span(100 - error, images)})"


def _held_out() -> dict[str, str]:
    """The digit nets' errors on the training images that all recipes hold out, %."""
    measured = store.read("ensembles")
    alone = [choice for choice in measured["choices"] if len(choice["members"]) == 1]
    return {choice["members"][0]: f"{100 * choice['errors'] / measured['images']:.2f}" for choice in alone}


def _spread(errors: Sequence[float]) -> str:
    if not errors:
        return "–"
    if len(errors) == 1:
        return f"{errors[0]:.2f} (one seed)"
    return f"{mean(errors):.2f} ({min(errors):.2f} – {max(errors):.2f})"


if __name__ == "__main__":
    main()
