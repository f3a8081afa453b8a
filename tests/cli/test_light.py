"""`capsdraw classify` and `perturb` answer without TensorFlow, and with it where there is no light half."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from capsdraw.nets import cards, light_file, lighten, zoo
from capsdraw.paths import resource

from ..made import made_card

SEVEN = str(resource("assets") / "examples" / "seven.json")


@pytest.fixture
def capsules(own_home: Path) -> cards.Card:
    """A small capsule net among the user's own models."""
    folder = own_home / "models"
    digest = zoo.save(zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"]), folder / "small.keras")
    card = made_card(name="small", title="Small", kind="capsule", input=(28, 28, 1), classes=10, sha256=digest)
    cards.write(card, folder / "small.json")
    return cards.find("small")


def commanded(*words: str, before: str = "") -> tuple[str, set[str], str]:
    """What a command prints, what it has imported, and what it says on stderr."""
    code = (
        f"import sys\n{before}\nfrom capsdraw.cli.main import main\ncode = main({list(words)!r})\n"
        "print('\\n' + ' '.join({name.split('.')[0] for name in sys.modules}))\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    printed, _, modules = done.stdout.rstrip().rpartition("\n")
    return printed, set(modules.split()), done.stderr


@pytest.mark.slow
def test_neither_needs_tensorflow_where_there_is_a_light_file(capsules: cards.Card, tmp_path: Path) -> None:
    sheet = str(tmp_path / "sheet.png")
    commands = ("classify", SEVEN, SEVEN, "--model", "small", "--json"), (
        "perturb", SEVEN, "--model", "small", "--out", sheet, "--json",
    )  # fmt: skip
    heavy = [commanded(*words) for words in commands]
    assert all("tensorflow" in modules for _, modules, _ in heavy)
    lighten.ensure(capsules)
    for words, (before, *_) in zip(commands, heavy, strict=True):
        printed, modules, said = commanded(*words)
        assert not modules & {"tensorflow", "keras", "h5py", "PySide6"}
        assert said == ""
        now, then = json.loads(printed), json.loads(before)
        if words[0] == "classify":
            assert len(now) == 2
            for answer, wanted in zip(now, then, strict=True):
                assert answer.pop("scores") == pytest.approx(wanted.pop("scores"), abs=1e-4)
        else:
            assert now.pop("capsule") == pytest.approx(then.pop("capsule"), abs=1e-4)
        assert now == then


@pytest.mark.slow
def test_without_litert_keras_answers(capsules: cards.Card) -> None:
    """Not every machine has a wheel of it."""
    lighten.ensure(capsules)
    words = ("classify", SEVEN, "--model", "small", "--json")
    [light] = json.loads(commanded(*words)[0])
    blocked = "sys.modules['ai_edge_litert'] = None"
    printed, modules, said = commanded(*words, before=blocked)
    [heavy] = json.loads(printed)
    assert "tensorflow" in modules
    assert said == ""
    assert heavy.pop("scores") == pytest.approx(light.pop("scores"), abs=1e-4)
    assert heavy == light


@pytest.mark.slow
def test_a_light_file_that_does_not_fit_is_passed_over(capsules: cards.Card) -> None:
    lighten.ensure(capsules)
    light_file.cached(capsules).write_bytes(b"torn")
    printed, modules, said = commanded("classify", SEVEN, "--model", "small")
    assert printed.startswith(SEVEN)
    assert "tensorflow" in modules
    assert said == ""
