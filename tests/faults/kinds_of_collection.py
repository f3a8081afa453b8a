"""The user's drawings and what is shared: whole files, and how the app reads them (see `kinds`)."""

from pathlib import Path

import numpy as np

from capsdraw.collection import shared_file
from capsdraw.collection.bring import opened_copy
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item, Said
from capsdraw.collection.shared_file import Capsule, View
from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import Sketch
from capsdraw.paths import home

from .kinds import Kind
from .mutator import mutated_archive, mutated_bytes


def items() -> list[Item]:
    """Drawings of ten classes, one of them a picture."""
    random = np.random.default_rng(3)
    said = (Said("capsnet", "a" * 64, "8", 0.5),)
    drawn = [Item(Sketch(synthetic.drawing(label, random)), str(label), 1e9 + label, "Ada", said) for label in range(9)]
    return [*drawn, Item(Sketch(picture=np.pad(random.random((20, 9), np.float32), 4)), "B", 2e9)]


def make_collection() -> Path:
    """Writes a collection."""
    with Collection() as collection:
        collection.add(items())
        return collection.path


def read_collection(path: Path) -> None:
    """All of a copy: what opens a file may write to it."""
    with opened_copy(path) as collection:
        entries = collection.entries("a" * 64)
        collection.counts()
        collection.thumbnails([entry.id for entry in entries])
        collection.answers([entry.id for entry in entries])
        for item in collection.items():
            item.sketch.digit()


def make_shared() -> Path:
    """Writes a shared file without a model, which is a kind of its own."""
    path = home() / "class.capsdraw"
    view = View(model="capsnet", tab="Capsule", capsule=Capsule(label=3, offsets=(0.25,) * 16))
    shared_file.write(path, view, items()[0].sketch, (), items())
    return path


def read_shared(path: Path) -> None:
    """All of it."""
    with shared_file.opened(path) as shared:
        assert len(list(shared.items())) == shared.drawings
        shared.take_models()


KINDS_OF_COLLECTION = {
    "collection": Kind("collection.sqlite", make_collection, read_collection, mutated_bytes),
    "shared file": Kind("class.capsdraw", make_shared, read_shared, mutated_archive),
}
