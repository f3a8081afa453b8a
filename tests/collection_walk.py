"""The way through the faces of the Collection tab, for `every_face.py`."""

import numpy as np
from face_walks import Faces, Walker
from first_minutes import rest

from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item
from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.ui.tab_bar import COLLECTION


def collection_faces(walker: Walker) -> Faces:
    """Collection: nothing kept, a wall of drawings some of which are misread, some chosen, and a class of pupils."""
    window = walker.window
    walker.begin()
    walker.turn(COLLECTION)
    tab = window.collection
    yield "nothing"
    random = np.random.default_rng(5)
    with Collection() as collection:
        collection.add(
            Item(
                Sketch(fitted(synthetic.drawing(number % 10, random))),
                str(number % 10 if number % 9 else 7),
                1.7e9,
                "Ada",
            )
            for number in range(120)
        )
    walker.until(lambda: len(tab.listing.entries) == 120, "the drawings")
    rest(2000)
    yield "drawings"
    walker.face(tab, 1)
    yield "pupils"
    walker.click(tab.pupils.begin)
    rest(300)
    yield "pupil"
    walker.click(tab.pupils.stop)
