"""A sweep that the window made up is kept as a file that the command line reads."""

import tomllib

from capsdraw.fit.recipes import in_toml
from capsdraw.sweep import sweep_file
from capsdraw.sweep.planned_fits import fits_of

ENTRIES = {
    "name": "own",
    "title": 'Two "nets"\x7f\nof ünïcode',
    "recipe": "mlp",
    "over": {"seed": [1, 2], "learning_rate": [1e-07, 0.5], "options.hidden": [8, 16]},
    "fixed": {"data": "mnist", "flip": True, "held_out": 100},
}


def test_what_is_written_is_read_back_as_the_same_fits() -> None:
    read = tomllib.loads(in_toml(ENTRIES))
    assert read["title"] == ENTRIES["title"]
    assert read["over"]["options"] == {"hidden": [8, 16]}
    plans = [sweep_file.parse(entries, "own") for entries in (ENTRIES, read)]
    assert plans[0] == plans[1]
    assert len(fits_of(plans[1])) == 8
