"""From recipe to a model in training, from a run folder back to it, and from it to the model that answers."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import recipes, runs
from capsdraw.fit.optimizer import Adam
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.schedule import Schedule
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards, families, losses, zoo
from capsdraw.nets.whitening import Whitening
from capsdraw.paths import replacing

LAST, BEST = "last.keras", "model.keras"

# What helps where a fit has left the numbers.
CALMER = "lower the learning rate and train again"


def start_or_resume(
    recipe: Recipe, folder: Path, steps: int, images: NDArray[np.uint8], classes: int
) -> tuple[keras.Model, int]:
    """The training form, compiled, and how many batches it has behind it.

    Args:
        recipe: how it is trained.
        folder: of the run.
        steps: batches of an epoch.
        images: (N, …) uint8 to train on.
        classes: of their labels.

    Raises:
        CapsDrawError: the folder holds another recipe's run, or a checkpoint that cannot be read.
    """
    config, last = folder / runs.CONFIG, folder / LAST
    if not last.exists():
        with replacing(config, make_folder=False) as temporary:
            temporary.write_text(recipes.to_toml(recipe), encoding="utf-8")
        return _averaging(compiled(first(recipe, images, classes), recipe, steps), recipe), 0
    begun = recipes.load(str(config)) if config.exists() else None
    if begun is None or not _goes_on(begun, recipe):
        raise CapsDrawError(f"the run in '{folder}' was made with another recipe: move that folder away to train anew")
    try:
        training = keras.saving.load_model(last)
    except Exception as error:  # Keras raises whatever its reader met
        raise CapsDrawError(f"cannot resume: the checkpoint '{last}' cannot be read ({first_line(error)})") from None
    # The optimizer knows best: the log may be an epoch short where the power went between the two.
    done = int(training.optimizer.iterations)
    _require_history(begun, recipe, done / steps, folder)
    # The run may be gone on with for more epochs than it was begun for: from now on that is its recipe.
    with replacing(config, make_folder=False) as temporary:
        temporary.write_text(recipes.to_toml(recipe), encoding="utf-8")
    training.optimizer.learning_rate = Schedule.of(recipe, steps)
    for end in recipe.cycles:
        if recipe.average and end * steps == done and not (folder / _cycle(end)).exists():
            keep_cycle(training, folder, end)  # stopped between the last batch of the cycle and its epoch's end
    lost = [end for end in recipe.cycles if end * steps <= done and not (folder / _cycle(end)).exists()]
    if recipe.average and lost:
        raise CapsDrawError(f"cannot average: the weights at the end of epoch {lost[0]} were not kept in '{folder}'")
    return _averaging(training, recipe), done


def _goes_on(begun: Recipe, recipe: Recipe) -> bool:
    """Whether a run begun with one recipe can go on with the other: the same, or one of more epochs."""
    longer = replace(begun, epochs=recipe.epochs, restarts=recipe.restarts, average=recipe.average)
    kept = recipe.restarts[: len(begun.restarts)] == begun.restarts
    return recipe == longer and kept and recipe.epochs >= begun.epochs


def _require_history(begun: Recipe, recipe: Recipe, done: float, folder: Path) -> None:
    """That a run begun with one recipe did in its epochs `done` what the other, with which it `_goes_on`, says.

    Raises:
        CapsDrawError: there is a restart in them that never was, or a cosine that has begun ends elsewhere.
    """
    added = recipe.restarts[len(begun.restarts) :]
    if all(one > done or one == begun.epochs for one in added) and _rates(begun, done) == _rates(recipe, done):
        return
    raise CapsDrawError(
        f"the run in '{folder}' was made with another recipe: {recipe.epochs} epochs with restarts "
        f"{list(recipe.restarts)} are not what its first {round(done, 2):g} had; go on with {begun.epochs} and "
        f"restarts {list(begun.restarts)}, or with more and restarts {list(begun.cycles)}"
    )


def _rates(recipe: Recipe, done: float) -> tuple[int, ...]:
    """The ends of the cosines that have begun in the epochs `done`; other rates do not know their end."""
    if recipe.schedule != "cosine":
        return ()
    return tuple(end for start, end in pairwise((0, *recipe.cycles)) if start < done)


def compiled(model: keras.Model, recipe: Recipe, steps: int) -> keras.Model:
    """The model's training form with optimizer, losses and metrics, for epochs of `steps` batches."""
    training = families.training_form(model)
    optimizer = Adam(Schedule.of(recipe, steps))
    accuracy = keras.metrics.CategoricalAccuracy(name="accuracy")
    if families.is_capsule(model):
        reconstruction = losses.ReconstructionLoss(recipe.reconstruction)
        training.compile(
            optimizer,
            loss={"lengths": losses.MarginLoss(), "reconstruction": reconstruction},
            metrics={"lengths": [accuracy]},
        )
    else:
        training.compile(optimizer, loss="categorical_crossentropy", metrics=[accuracy])
    return training


def save(training: keras.Model, folder: Path) -> None:
    """Keep all that is needed to go on, the optimizer's state included.

    A folder that went away is not made again, here as elsewhere: what was in it would be lost all the same.

    Raises:
        CapsDrawError: weights are no numbers; what was kept before stays.
    """
    _sync(training)
    if not all(np.isfinite(one).all() for one in training.get_weights()):
        raise CapsDrawError(f"the net's weights are no longer numbers: {CALMER}")
    if not training.optimizer.built:
        training.optimizer.build(training.trainable_variables)  # stopped while its first batch was made
    with replacing(folder / LAST, make_folder=False) as temporary:
        training.save(temporary)


def keep_best(training: keras.Model, folder: Path, recipe: Recipe, classes: int) -> None:
    """Keep the weights of now as the model that answers."""
    model = answering(training, recipe, classes)
    with replacing(folder / BEST, make_folder=False) as temporary:
        model.save(temporary)


def keep_cycle(training: keras.Model, folder: Path, epoch: int) -> None:
    """Keep the weights at the end of a cycle, for the mean in the end."""
    _sync(training)
    path = folder / _cycle(epoch)
    with replacing(path, make_folder=False) as temporary, temporary.open("wb") as file:
        np.savez(file, *training.get_weights())


def take_mean(training: keras.Model, folder: Path, recipe: Recipe) -> None:
    """Give the training form the mean of the weights at its cycles' ends."""
    kept = [np.load(folder / _cycle(end)) for end in recipe.cycles]
    names = kept[0].files
    training.set_weights([np.mean([one[name] for one in kept], axis=0) for name in names])


def _sync(training: keras.Model) -> None:
    if hasattr(training, "jax_state_sync"):
        training.jax_state_sync()  # on JAX the weights are elsewhere while an epoch runs


def _cycle(epoch: int) -> str:
    return f"cycle-{epoch:04}.npz"


def _averaging(training: keras.Model, recipe: Recipe) -> keras.Model:
    reason = cannot_average(training) if recipe.average else ""
    if reason:
        raise CapsDrawError(f"cannot average '{recipe.family}': {reason}")
    return training


def cannot_average(training: keras.Model) -> str:
    """Why the mean of such a net's weights would be no net; "" where it would."""
    if any(isinstance(one, keras.layers.BatchNormalization) for one in training._flatten_layers()):
        return "its batch normalisation keeps statistics of each net alone; train it without average"
    return ""


def answering(training: keras.Model, recipe: Recipe, classes: int) -> keras.Model:
    """The weights of a fit in a model of its own: no optimizer's state goes into its file.

    It computes in float32, whatever the fit did: half precision is slow where a processor lacks it.
    """
    capsule = families.is_capsule(training)
    shape = tuple((training.input["image"] if capsule else training.input).shape[1:])
    with zoo.computing("float32"):
        model = zoo.build(recipe.family, **options_of(recipe, shape, classes))
    if capsule:
        for part in ("encoder", "decoder"):
            model.get_layer(part).set_weights(training.get_layer(part).get_weights())
    else:
        model.set_weights(training.get_weights())
    return model


def first(recipe: Recipe, images: NDArray[np.uint8], classes: int) -> keras.Model:
    """The net before its first batch, whitening learnt from `images` (N, …) uint8."""
    model = begun(recipe, (*images.shape[1:], 1)[:3], classes)
    if not recipe.start:
        for layer in model.layers:
            if isinstance(layer, Whitening):
                layer.adapt(from_bytes(images))
    return model


def begun(recipe: Recipe, shape: tuple[int, ...], classes: int) -> keras.Model:
    """What a fit of images of `shape` begins with: random weights, or those of the model that it starts from.

    The same each time, but that a `Whitening` has learnt nothing yet where the weights are random.
    """
    model = zoo.fresh(recipe.family, recipe.seed, **options_of(recipe, shape, classes))
    if recipe.start:
        _take_weights(model, recipe.start)
    return model


def options_of(recipe: Recipe, shape: tuple[int, ...], classes: int) -> dict[str, object]:
    """What `zoo.build` is told for a recipe's net: its own options go before the form of the data."""
    return {"shape": shape, "classes": classes, **recipe.options}


def _take_weights(model: keras.Model, name: str) -> None:
    weights = zoo.load(cards.find(name)).get_weights()
    if [one.shape for one in weights] != [tuple(one.shape) for one in model.weights]:
        raise CapsDrawError(
            f"cannot start from '{name}': its weights are not those of this net; choose its family, channels and data"
        )
    model.set_weights(weights)
