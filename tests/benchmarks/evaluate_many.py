"""Evaluating 10,000 digits, against a bare forward pass in batches of the same size, in turns in the same run.

python tests/benchmarks/evaluate_many.py [MODEL] [ROUNDS]

The bare pass gets its images as floats ready made and its graph compiled; it counts nothing. Exits
with 1 where the evaluation takes more than 1.3 times as long (medians).
"""

import os
import statistics
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf

from capsdraw.bench.machine import product
from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import local_data
from capsdraw.evaluate.error import BATCH, evaluate
from capsdraw.evaluate.export import to_json
from capsdraw.nets import cards
from capsdraw.nets.session import Session

COUNT, MOST = 10_000, 1.3


def main() -> int:
    """Time both in turns, after one of each that does not count."""
    name = sys.argv[1] if len(sys.argv) > 1 else "efficient-capsnet"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    data = local_data("mnist")
    images, labels = synthetic.digits(COUNT, 1) if data is None else (data.test_images, data.test_labels)
    session = Session.open(cards.find(name))
    bare, ready = forward(session), (images / np.float32(255)).reshape(len(images), *session.card.input)
    times: dict[str, list[float]] = {"bare": [], "evaluate": []}
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        for first in range(0, len(ready), BATCH):
            bare(ready[first : first + BATCH])
        between = time.perf_counter()
        result = evaluate(session, images, labels, "digits", lambda _done, _total: None)
        to_json(result)
        times["bare"].append(between - begun)
        times["evaluate"].append(time.perf_counter() - between)
    medians = {what: statistics.median(found[1:]) for what, found in times.items()}
    ratio = medians["evaluate"] / medians["bare"]
    rates = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in medians.items())
    print(
        f"{len(images):,} digits, {name}: {rates}, median of {rounds}; ratio {ratio:.2f}, at most {MOST} wanted "
        f"({result.errors} errors; a matrix product of 512 x 512 takes {product():.2f} ms)"
    )
    return 0 if ratio <= MOST else 1


def forward(session):
    """The model's scores of one batch, compiled, and nothing else."""
    model = session.model
    scores = keras.Model(model.input, model.output["lengths"]) if session.capsule else model
    call = tf.function(
        lambda batch: scores(batch, training=False),
        input_signature=[tf.TensorSpec((None, *session.card.input), tf.float32)],
    )
    return lambda batch: call(tf.constant(batch)).numpy()


sys.exit(main())
