"""From a run to a model at hand: its file and its card."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw import records, versions
from capsdraw.datasets import pen_strokes
from capsdraw.datasets.data import Split
from capsdraw.datasets.measured import intake_of
from capsdraw.datasets.overlaid import pairs
from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.runs import Run
from capsdraw.ink.intake import PAIRS, Intake
from capsdraw.nets import cards, families, own_models, ranges, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.session import Session

# Images whose capsules tell the ranges of a user's own net.
_ENOUGH = 3000


def adopt(
    run: Run, title: str, images: NDArray[np.uint8], labels: NDArray[np.integer], names: Sequence[str] = ()
) -> Card:
    """Put the best model of a run among the user's own, under a name of its own; returns its card.

    Where it is there already, under that title, it stays the only one; ranges that its card lacks are added.

    Args:
        run: whose `model.keras` is taken.
        title: for people; the name is made from it.
        images: (N, …) uint8 that it was trained on, for the ranges of its capsules; may be none.
        labels: (N,).
        names: what the classes stand for; none where they are the digits.

    Raises:
        CapsDrawError: the run has no model yet, it cannot be read, or the models' folder cannot be written.
    """
    title = records.writable(title)
    path = run.folder / checkpoint.BEST
    if not path.exists():
        raise CapsDrawError(f"the run '{run.title}' has no model yet: let it train for a while")
    try:
        model = zoo.read(path)
    except CapsDrawError as error:
        raise CapsDrawError(f"cannot read the model of the run '{run.title}': {error}") from None
    before = _same(run, title, model)
    folder = own_models.folder()
    if before is not None:
        card = before if before.ranges else _with_ranges(before, model, images, labels)
        if card == before:
            return card
        with own_models.saving():
            cards.write(card, folder / f"{card.name}.json")
        return cards.find(card.name)
    pictures = run.pictures or (intake_of(images) if len(images) else None)
    card = card_of(replace(run.recipe, name="", title=title), model, names, pictures)
    card = replace(card, recipe=str(run.folder.name), epochs=run.epochs_done)
    card = _with_ranges(card, model, images, labels)
    with own_models.saving(), own_models.new_name(title) as path:
        card = replace(card, name=path.stem, sha256=zoo.save(model, path))
        cards.write(card, path.with_suffix(".json"))
    return cards.find(card.name)


def card_of(recipe: Recipe, model: keras.Model, names: Sequence[str] = (), pictures: Intake | None = None) -> Card:
    """The card of what a recipe made, not measured and not written yet."""
    capsule = families.is_capsule(model)
    if recipe.overlaid:
        pictures = replace(PAIRS, transposed=recipe.transposed)
    data = f"{recipe.data}'s training images" + (f" but the last {recipe.held_out}" if recipe.held_out else "")
    return Card(
        name=recipe.name,
        title=recipe.title,
        kind=NetKind.CAPSULE if capsule else NetKind.CLASSIFIER,
        input=tuple(model.input_shape[1:]),
        classes=(model.output["lengths"] if capsule else model.output).shape[-1],
        parameters=sum(int(keras.ops.size(weight)) for weight in model.trainable_weights),
        recipe=f"training/recipes/{recipe.name}.toml",
        data=data + _added(recipe),
        epochs=recipe.epochs,
        seed=recipe.seed,
        test_error_percent=None,
        test_images=0,
        sha256="",
        versions={**versions.of("capsdraw", "keras", "tensorflow"), "backend": keras.backend.backend()},
        data_set=recipe.data,
        labels=tuple(names),
        family=recipe.family,
        options=dict(recipe.options),
        pictures=pictures,
    )


def _added(recipe: Recipe) -> str:
    """What each epoch has besides the data's own images, and what the fit began with besides random weights."""
    made = f", {recipe.synthetic} synthetic pen digits an epoch" if recipe.synthetic else ""
    people = f", {recipe.strokes} digits an epoch from pen strokes of 25 writers ({pen_strokes.SOURCE})"
    begun = f"; from the weights that '{recipe.start}' had then" if recipe.start else ""
    over = f"; two over one another, each shifted by up to {recipe.overlaid} pixels" if recipe.overlaid else ""
    return made + (people if recipe.strokes else "") + over + begun


def _with_ranges(card: Card, model: keras.Model, images: NDArray[np.uint8], labels: NDArray[np.integer]) -> Card:
    """The card with the ranges of its capsules; as it is where it has none, or there are too few images."""
    images, labels = images[:_ENOUGH], labels[:_ENOUGH]
    if card.kind != NetKind.CAPSULE or len(set(labels.tolist())) != card.classes:
        return card
    return replace(card, ranges=ranges_of(Session(model, card), images, labels))


def ranges_of(session: Session, images: NDArray[np.uint8], labels: NDArray[np.integer]) -> tuple[Any, ...]:
    """The `ranges` of a capsule net's card, from images (N, …) that it was trained on; of pairs, with both classes'."""
    if not session.card.reads_pairs:
        return ranges.to_card(ranges.of(session.encode(images), labels))
    shift = (session.card.input[0] - images.shape[1]) // 2
    both = pairs(Split(images, labels.astype(np.uint8)), min(len(labels), _ENOUGH), shift=shift)
    capsules = session.encode(both.images())
    return ranges.to_card(ranges.of(np.concatenate([capsules, capsules]), both.labels.T.reshape(-1)))


def _same(run: Run, title: str, model: keras.Model) -> Card | None:
    """The card of that run's model, as it is, where it was put among the user's own before."""
    for card in cards.list_cards():
        if card.bundled or (card.recipe, card.title) != (run.folder.name, title):
            continue
        try:
            weights = zoo.load(card).get_weights()
        except CapsDrawError:
            continue
        if all(map(np.array_equal, weights, model.get_weights())):
            return card
    return None
