"""From recipe to a model in training, from a run folder back to it, and from it to the model that answers."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw import archives
from capsdraw.datasets import npz
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import log, one_norm, ranks, recipes, runs
from capsdraw.fit.optimizer import Adam, Averaged, batches_done, count_batches
from capsdraw.fit.plan import Plan, options, seen
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.schedule import Schedule
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards, families, keras_private, losses, zoo
from capsdraw.nets.whitening import Whitening
from capsdraw.paths import replacing

LAST, BEST = "last.keras", "model.keras"

# What helps where a fit has left the numbers.
CALMER = "lower the learning rate and train again"


def start_or_resume(plan: Plan, folder: Path) -> tuple[keras.Model, int]:
    """The training form, compiled, and how many batches it has behind it.

    Args:
        plan: what is trained.
        folder: of the run.

    Raises:
        CapsDrawError: the folder holds another recipe's run, or a checkpoint that is gone or cannot be read.
    """
    recipe, steps = plan.recipe, plan.steps
    config, last = folder / runs.CONFIG, folder / LAST
    if not last.exists():
        _require_new(folder)
        with replacing(config, make_folder=False) as temporary:
            temporary.write_text(recipes.to_toml(recipe), encoding="utf-8")
        net = first(recipe, plan.trained.images, plan.classes)
        return _averaging(compiled(net, recipe, steps), recipe), 0
    begun = recipes.load(str(config)) if config.exists() else None
    if begun is None or not _goes_on(begun, recipe):
        raise CapsDrawError(
            f"the run in '{folder}' was trained with another recipe: move that folder away to start over"
        )
    try:
        training = zoo.read(last, compiled=True)
    except CapsDrawError as error:
        raise CapsDrawError(f"cannot resume: the checkpoint '{last}' cannot be read ({error})") from None
    one_norm.put_on(training)
    # The optimizer knows best: the log may be an epoch short where the power went between the two.
    done = batches_done(training)
    _require_unchanged(plan, training, folder)
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
        raise CapsDrawError(f"cannot average: the weights at the end of epoch {lost[0]} are missing in '{folder}'")
    return _averaging(training, recipe), done


def keep_first(plan: Plan, folder: Path) -> None:
    """Have a checkpoint in `folder` to go on from: where there is none, of the net before its first batch.

    Raises:
        CapsDrawError: as `start_or_resume`.
    """
    with zoo.computing(plan.recipe.precision):
        training, _ = start_or_resume(plan, folder)
        if not (folder / LAST).exists():
            save(training, folder, 0)


def _require_new(folder: Path) -> None:
    """That a run without a checkpoint has learnt nothing yet; else CapsDrawError: its best model would be lost."""
    if (folder / BEST).exists() or len(log.read_rows(folder)) > 1:
        raise CapsDrawError(
            f"cannot resume: the checkpoint '{folder / LAST}' is gone: put it back, or start a new run; what else is "
            "there stays as it is"
        )


def _require_unchanged(plan: Plan, training: keras.Model, folder: Path) -> None:
    """That a run's recipe, which anybody may write into, still has the net and the epochs of its checkpoint.

    Raises:
        CapsDrawError: it has not; epochs that were done would count for others, or be done once more.
    """
    advice = f"put back what was changed in its {runs.CONFIG}, or start a new run"
    try:
        answering(training, plan)
    except ValueError:
        raise CapsDrawError(
            f"the run in '{folder}' was trained with another net than its recipe has: {advice}"
        ) from None
    begun = log.last_event(folder, "Started") or {}
    before = tuple(begun.get(name) for name in ("batches", "images"))
    now = (plan.steps, plan.images)
    if None not in before and before != now:
        raise CapsDrawError(
            f"the run in '{folder}' was trained on {before[1]} images an epoch in {before[0]} batches, by its recipe "
            f"these are {now[1]} in {now[0]}: {advice}"
        )


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
    if all(restart > done or restart == begun.epochs for restart in added) and _rates(begun, done) == _rates(
        recipe, done
    ):
        return
    raise CapsDrawError(
        f"the run in '{folder}' was trained with another recipe: {recipe.epochs} epochs with restarts "
        f"{list(recipe.restarts)} are not what its first {round(done, 2):g} had; resume with {begun.epochs} and "
        f"restarts {list(begun.restarts)}, or with more and restarts {list(begun.cycles)}"
    )


def _rates(recipe: Recipe, done: float) -> tuple[int, ...]:
    """The ends of the cosines that have begun in the epochs `done`; other rates do not know their end."""
    if recipe.schedule != "cosine":
        return ()
    return tuple(end for start, end in pairwise((0, *recipe.cycles)) if start < done)


def compiled(model: keras.Model, recipe: Recipe, steps: int) -> keras.Model:
    """The model's training form with optimizer, losses and metrics, for epochs of `steps` batches."""
    training = families.training_form(model, recipe.overlaid > 0)
    one_norm.put_on(training)
    optimizer = Adam(Schedule.of(recipe, steps), average=recipe.moving_average)
    accuracy: keras.metrics.Metric = keras.metrics.CategoricalAccuracy(name="accuracy")
    if recipe.overlaid:
        accuracy = losses.BothRight(name="accuracy")
    if families.is_capsule(model):
        reconstruction = losses.ReconstructionLoss(recipe.reconstruction)
        training.compile(
            optimizer,
            loss={"lengths": losses.MarginLoss(), "reconstruction": reconstruction},
            metrics={"lengths": [accuracy]},
        )
    else:
        loss = "binary_crossentropy" if families.is_each_for_itself(model) else "categorical_crossentropy"
        training.compile(optimizer, loss=loss, metrics=[accuracy])
    return training


def save(training: keras.Model, folder: Path, batches: int) -> None:
    """Keep all that is needed to go on, the optimizer's state included.

    A folder that went away is not made again, here as elsewhere: what was in it would be lost all the same.

    Args:
        training: the compiled net; folder: of the run; batches: of the whole fit that are done.

    Raises:
        CapsDrawError: weights are no numbers; what was kept before stays.
    """
    keras_private.sync(training)
    if not all(np.isfinite(weights).all() for weights in training.get_weights()):
        raise CapsDrawError(f"the net's weights are no longer numbers: {CALMER}")
    if not training.optimizer.built:
        training.optimizer.build(training.trainable_variables)  # stopped while its first batch was made
    count_batches(training, batches)
    # Keras makes an optimizer to look at what is not to be saved: the other ranks would have to make one, too.
    with replacing(folder / LAST, make_folder=False) as temporary, ranks.apart():
        training.save(temporary)


def keep_best(training: keras.Model, folder: Path, plan: Plan) -> None:
    """Keep the weights of now as the model that answers."""
    model = answering(training, plan)
    with replacing(folder / BEST, make_folder=False) as temporary, ranks.apart():
        model.save(temporary)


def keep_cycle(training: keras.Model, folder: Path, epoch: int) -> None:
    """Keep the weights at the end of a cycle, for the mean in the end."""
    keras_private.sync(training)
    path = folder / _cycle(epoch)
    with replacing(path, make_folder=False) as temporary, temporary.open("wb") as file:
        np.savez(file, *training.get_weights())


def take_mean(training: keras.Model, folder: Path, recipe: Recipe) -> None:
    """Give the training form the mean of the weights at its cycles' ends."""
    own = training.get_weights()
    kept = [_kept(folder / _cycle(end), own) for end in recipe.cycles]
    training.set_weights([np.mean(weights, axis=0) for weights in zip(*kept, strict=True)])


def _kept(path: Path, own: list[NDArray[Any]]) -> list[NDArray[Any]]:
    """Weights as `keep_cycle` wrote them, of the forms of the net's own; nothing pickled is read."""
    try:
        with archives.opened(path, "weights") as archive:
            kept = [
                npz.array(archive, archive.getinfo(f"arr_{number}.npy"), f"'{path.name}'") for number in range(len(own))
            ]
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a broken archive ends in any of a dozen
        raise CapsDrawError(f"cannot average: '{path.name}' is damaged ({first_line(error)})") from None
    if [weights.shape for weights in kept] != [weights.shape for weights in own]:
        raise CapsDrawError(f"cannot average: '{path.name}' holds the weights of another net")
    return kept


def _cycle(epoch: int) -> str:
    return f"cycle-{epoch:04}.npz"


def _averaging(training: keras.Model, recipe: Recipe) -> keras.Model:
    reason = cannot_average(training) if recipe.average else ""
    if reason:
        raise CapsDrawError(f"cannot average '{recipe.family}': {reason}")
    return training


def cannot_average(training: keras.Model) -> str:
    """Why the mean of such a net's weights would be no net; "" where it would."""
    if any(isinstance(layer, keras.layers.BatchNormalization) for layer in keras_private.layers(training)):
        return "it uses batch normalisation, whose statistics cannot be averaged; train it without averaging"
    return ""


def answering(training: keras.Model, plan: Plan) -> keras.Model:
    """The weights of a fit in a model of its own, their moving average where the recipe has one.

    No optimizer's state goes into its file.
    It computes in float32, whatever the fit did: half precision is slow where a processor lacks it.
    """
    keras_private.sync(training)
    average = Averaged(training)
    with zoo.computing("float32"), ranks.apart():
        model = zoo.build(plan.recipe.family, **plan.options)
        if families.is_capsule(training):
            for name in ("encoder", "decoder"):
                model.get_layer(name).set_weights(average.of(training.get_layer(name)))
        else:
            model.set_weights(average.of(training))
    return model


def first(recipe: Recipe, images: NDArray[np.uint8], classes: int) -> keras.Model:
    """The net before its first batch, whitening learnt from `images` (N, …) uint8."""
    model = begun(recipe, seen(recipe, images.shape[1:]), classes)
    if not recipe.start:
        for layer in model.layers:
            if isinstance(layer, Whitening):
                layer.adapt(from_bytes(images))
    return model


def begun(recipe: Recipe, shape: tuple[int, ...], classes: int) -> keras.Model:
    """What a fit of images of `shape` begins with: random weights, or those of the model that it starts from.

    The same each time, but that a `Whitening` has learnt nothing yet where the weights are random.
    """
    model = zoo.fresh(recipe.family, recipe.seed, **options(recipe, shape, classes))
    if recipe.start:
        _take_weights(model, recipe.start)
    return model


def _take_weights(model: keras.Model, name: str) -> None:
    weights = zoo.load(cards.find(name)).get_weights()
    if [weight.shape for weight in weights] != [tuple(weight.shape) for weight in model.weights]:
        raise CapsDrawError(
            f"cannot start from '{name}': its weights do not fit this net; use its family, channels and data"
        )
    model.set_weights(weights)
