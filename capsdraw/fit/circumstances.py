"""What a run keeps of what it was begun with: data, versions and machine. No Keras here."""

import hashlib
import os
import platform
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import psutil

from capsdraw import versions
from capsdraw.datasets.data import Data

# Images whose bytes are hashed at once.
_BLOCK: Final = 4096


def of_data(data: Data) -> dict[str, Any]:
    """What a run keeps of its data, the hash of its training images and labels among it."""
    digest = hashlib.sha256()
    for first in range(0, len(data.train_images), _BLOCK):  # of images that are views, no copy of all
        digest.update(np.ascontiguousarray(data.train_images[first : first + _BLOCK]).data)
    digest.update(np.ascontiguousarray(data.train_labels).data)
    about = {"labels": data.labels, "images": len(data.train_labels), "data_sha256": digest.hexdigest()}
    about |= {"notes": data.notes} if data.notes else {}
    return about | ({} if data.pictures is None else {"pictures": asdict(data.pictures)})


def of_machine() -> dict[str, Any]:
    """Versions and machine."""
    return {
        "versions": versions.of("capsdraw", "keras", "tensorflow", "numpy"),
        "machine": {
            "system": platform.platform(), "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(), "memory": psutil.virtual_memory().total,
        },
    }  # fmt: skip
