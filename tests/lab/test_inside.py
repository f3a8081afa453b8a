"""A net laid open answers as the net does, and each place sees what it is said to see."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from capsdraw.lab import inside as opened
from capsdraw.lab.inside import OpenedNet, inside, scores
from capsdraw.nets import cards, families, zoo

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_the_same_answers_with_the_same_weights(family: str) -> None:
    model = zoo.build(family, **zoo.TINY[family])
    images = RANDOM.random((3, *model.input_shape[1:]), np.float32)
    before, found = model(images), inside(model)
    after = keras.Model(found.image, found.output)(images)
    for key in before if isinstance(before, dict) else [...]:
        assert np.array_equal(np.asarray(before[key]), np.asarray(after[key]))
    for layer in (model.get_layer("encoder") if families.is_capsule(model) else model).layers[1:]:
        assert any(place.layer is layer for place in found.places)
    assert inside(model) is found  # once for each model


@pytest.mark.parametrize("name", ["keras-cnn", "deep-convnet"])
def test_the_scores_of_a_classifier_are_what_enters_its_softmax(name: str) -> None:
    model = zoo.load(cards.find(name))
    found = inside(model)
    images = RANDOM.random((4, 28, 28, 1), np.float32)
    logits = np.asarray(keras.Model(found.image, scores(found, False))(images))
    raised = np.exp(logits - logits.max(1, keepdims=True))
    assert raised / raised.sum(1, keepdims=True) == pytest.approx(np.asarray(model(images)), abs=1e-5)
    # Not only up to a shift, which would go unseen in the probabilities.
    last = model.layers[-1]
    if isinstance(last, layers.Dense):
        hidden = np.asarray(keras.Model(model.input, last.input)(images))
        assert logits == pytest.approx(hidden @ np.asarray(last.kernel) + np.asarray(last.bias), abs=1e-4)


def windows() -> keras.Model:
    """All that shifts a field: padding of both kinds, strides that leave a rest, dilation, pools, oblong kernels."""
    keras.utils.set_random_seed(2)
    image = keras.Input((23, 26, 1))
    x = layers.Conv2D(3, (3, 5), strides=2, padding="same", name="same")(image)
    x = layers.ZeroPadding2D(((1, 0), (2, 1)), name="pad")(x)
    x = layers.Conv2D(3, 2, dilation_rate=2, name="dilated")(x)
    x = layers.Cropping2D(((1, 0), (0, 2)), name="crop")(x)
    x = layers.AveragePooling2D(2, padding="same", name="pool")(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.DepthwiseConv2D(2, name="deep")(x)
    return keras.Model(image, layers.Dense(2)(layers.Flatten()(x)))


def joins() -> keras.Model:
    """Ways that part and meet again, with another field each; separable convolutions."""
    keras.utils.set_random_seed(3)
    image = keras.Input((40, 43, 1))
    x = layers.SeparableConv2D(3, 3, strides=2, padding="same", name="separable")(image)
    y = layers.SeparableConv2D(3, (3, 5), padding="same", name="oblong")(x)
    x = layers.Add(name="residual")([x, layers.Conv2D(3, 3, padding="same", name="main")(y)])
    # Strides of another place: a shortcut looks at the corner of what the way beside it looks at.
    ways = [layers.Conv2D(3, size, strides=2, padding="same")(x) for size in (1, 3)]
    x = layers.Concatenate(name="downwards")(ways)
    return keras.Model(image, layers.Dense(2)(layers.Flatten()(x)))


def test_where_ways_meet_a_place_sees_what_each_of_them_sees() -> None:
    found = inside(joins())
    boxes = {name: opened.field(found, found.find(name)) for name in ("separable", "oblong", "residual", "downwards")}
    assert {name: seen and seen.side for name, seen in boxes.items()} == {
        "separable": (3, 3), "oblong": (7, 11), "residual": (11, 15), "downwards": (15, 19)
    }  # fmt: skip


def test_what_says_for_all_places_alike_how_strong_they_are_leaves_them_where_they_are() -> None:
    image = keras.Input((8, 8, 1))
    x = layers.Conv2D(4, 3, name="main")(image)
    gate = layers.Dense(4)(layers.GlobalAveragePooling2D(keepdims=True)(x))
    found = inside(keras.Model(image, layers.Flatten()(layers.Multiply(name="gated")([gate, x]))))
    assert opened.field(found, found.find("gated")) == opened.field(found, found.find("main"))


def test_rows_that_became_columns_are_no_places_of_the_image() -> None:
    image = keras.Input((8, 8, 1))
    found = inside(keras.Model(image, layers.Flatten()(layers.Permute((2, 1, 3), name="turned")(image))))
    assert opened.field(found, found.find("turned")) is None


def test_a_net_of_many_blocks_is_gone_through_once() -> None:
    """Each block is two ways to the one before: forty would be a million million ways."""
    image = x = keras.Input((8, 8, 2))
    for _ in range(40):
        x = layers.Add()([x, layers.Conv2D(2, 3, padding="same")(x)])
    found = inside(keras.Model(image, layers.Flatten()(x)))
    seen = opened.field(found, found.places[-2])
    assert seen is not None
    assert seen.side == (81, 81)


def seen_by_hand(slopes: Callable[..., np.ndarray], *at: int) -> tuple[float, ...] | None:
    """Edges of the pixels on which one place depends, by slopes; None where it sees only zeros around the image."""
    # Of one image, some of a place's units may be silent.
    rows, columns = np.nonzero(sum(np.abs(slopes(*at)).sum(-1) for _ in range(4)) > 0)
    if not len(rows):
        return None
    return float(rows.min() - 0.5), float(columns.min() - 0.5), float(rows.max() + 0.5), float(columns.max() + 0.5)


def slopes_of(found: OpenedNet, number: int) -> Callable[..., np.ndarray]:
    """Of a place's answers at a row and column, by the pixels of an image that chance makes: (rows, columns, C)."""
    import tensorflow as tf

    model = keras.Model(found.image, found.places[number].output)

    @tf.function  # compiled, so that slopes by the kernels, which nobody asks for, are not computed
    def slopes(image: tf.Tensor, row: tf.Tensor, column: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(image)
            value = tf.reduce_sum(model(image)[0, row, column] ** 2)
        return tape.gradient(value, image)[0]

    def ask(*at: int) -> np.ndarray:
        image = RANDOM.random((1, *found.image.shape[1:]), np.float32)
        return np.asarray(slopes(tf.constant(image), *(tf.constant(one) for one in at)))

    return ask


@pytest.mark.parametrize("family", ["windows", "joins", "capsnet", "efficient-capsnet", "cifar-cnn"])
def test_a_place_sees_its_field_to_the_pixel(family: str) -> None:
    own = {"windows": windows, "joins": joins}
    keras.utils.set_random_seed(2)
    model = own[family]() if family in own else zoo.build(family, **zoo.TINY[family])
    found = inside(model)
    high, wide = found.image.shape[1:3]
    exact = 0
    for number, place in enumerate(found.places[1:], 1):
        seen = opened.field(found, place)
        # Of a largest among several only one has a slope.
        pooled = any(isinstance(one.layer, layers.MaxPooling2D) for one in found.places[: number + 1])
        if seen is None or pooled:
            continue
        last = place.shape[0] - 1, place.shape[1] - 1
        slopes = slopes_of(found, number)
        for row, column in ((0, 0), last, (last[0] // 2, last[1] // 2)):
            box = seen.box(row, column)
            by_hand = seen_by_hand(slopes, row, column)
            if min(box) >= -0.5 and box[2] <= high - 0.5 and box[3] <= wide - 0.5:
                assert by_hand == pytest.approx(box), (place.name, row, column)
                exact += 1
            elif by_hand is not None:  # what was padded along the way is not seen, so it may be less
                assert by_hand[0] >= box[0], (place.name, row, column)
                assert by_hand[1] >= box[1]
                assert by_hand[2] <= box[2]
                assert by_hand[3] <= box[3]
    assert exact >= 2


def test_a_sequential_net_is_laid_open_too() -> None:
    model = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 3, name="conv"), layers.Flatten()])
    found = inside(model)
    assert found.find("conv").shape == (6, 6, 2)
    assert found.places[-1].shape == (72,)


def test_parts_of_all_kinds_with_the_answer_in_one_of_them() -> None:
    image, within = keras.Input((8, 8, 1)), keras.Input((6, 6, 2))
    body = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 3, name="conv"), layers.ReLU()], name="body")
    head = keras.Model(
        within, layers.Dense(3, activation="softmax", name="last")(layers.Flatten()(within)), name="head"
    )
    model = keras.Model(image, head(body(image)))
    found = inside(model)
    assert [place.name.split("/")[0] for place in found.places[1:]] == ["body", "body", "head", "head"]
    assert [place.sources for place in found.places] == [(), (0,), (1,), (2,), (3,)]
    pictures = RANDOM.random((2, 8, 8, 1), np.float32)
    logits, answer = keras.Model(found.image, [scores(found, False), found.output])(pictures)
    assert np.array_equal(answer, model(pictures))
    assert np.asarray(keras.ops.softmax(logits)) == pytest.approx(np.asarray(answer), abs=1e-6)
    assert np.abs(np.asarray(logits) - np.asarray(answer)).max() > 0.1


def test_a_net_of_two_images_is_refused() -> None:
    one, two = keras.Input((4,)), keras.Input((4,))
    with pytest.raises(ValueError, match="read one image"):
        inside(keras.Model([one, two], layers.Add()([one, two])))
