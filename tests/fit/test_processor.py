"""Is a bundled recipe trained in the precision that this machine's processor is quick at?"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from capsdraw.cli.main import main
from capsdraw.fit import presets, processor, recipes, runs
from capsdraw.fit.recipe import Precision, Recipe

HEAD = "processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu vme "


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    asked = processor.computes_bfloat16  # a test may put another in its place
    asked.cache_clear()
    yield
    asked.cache_clear()


@pytest.mark.parametrize(
    ("info", "computed"),
    [
        (HEAD + "avx2 avx512f avx512_bf16 fma\nprocessor\t: 1\n", True),
        (HEAD + "avx2 amx_bf16 amx_tile\n", True),
        (HEAD + "avx2 fma\n", False),
        (HEAD + "avx512f avx512vl\nbugs\t\t: avx512_bf16\n", False),
        ("processor\t: 0\nFeatures\t: fp asimd bf16\n", False),
        ("", False),
        ("\udcff\x00 flags", False),
    ],
)
def test_the_processor_s_own_words_tell(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, info: str, computed: bool
) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(info, encoding="utf-8", errors="surrogateescape")
    monkeypatch.setattr(processor, "_INFO", path)
    assert processor.computes_bfloat16() is computed


def test_where_nothing_tells_it_is_float32(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processor, "_INFO", tmp_path / "none")
    assert not processor.computes_bfloat16()


@pytest.mark.parametrize("has", [True, False])
def test_bundled_recipes_are_for_this_machine(monkeypatch: pytest.MonkeyPatch, has: bool) -> None:
    monkeypatch.setattr(processor, "computes_bfloat16", lambda: has)
    bundled = recipes.load("tutorial-cnn")
    assert bundled.precision == Precision.MIXED_BFLOAT16
    said: list[str] = []
    here = recipes.for_this_machine(replace(bundled, strokes=0), tell=said.append)
    wanted = Precision.MIXED_BFLOAT16 if has else Precision.FLOAT32
    assert here.precision == wanted
    assert [line.startswith("in float32") for line in said] == ([] if has else [True])
    assert recipes.for_this_machine(bundled, {"precision"}).precision == Precision.MIXED_BFLOAT16
    good = next(preset for preset in presets.of("tutorial-cnn") if preset.name == "Good")
    assert good.recipe.precision == wanted


@pytest.mark.slow
def test_the_command_says_so_unless_a_precision_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Recipe(
        name="mlp", title="MLP", family="mlp", options={"hidden": 4}, data="synthetic", held_out=100, epochs=1,
        limit=200, precision=Precision.MIXED_BFLOAT16,
    )  # fmt: skip
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path))
    monkeypatch.setattr(processor, "computes_bfloat16", lambda: False)
    real = recipes.load
    monkeypatch.setattr(recipes, "load", lambda name: plan if name == "mlp" else real(name))
    assert main(["train", "--model", "mlp"]) == 0
    assert "in float32: this processor has no instructions for bfloat16" in capsys.readouterr().err
    assert main(["train", "--model", "mlp", "--precision", "mixed_bfloat16"]) == 0
    assert "in float32" not in capsys.readouterr().err
    assert sorted(run.recipe.precision for run in runs.list_runs()) == [Precision.FLOAT32, Precision.MIXED_BFLOAT16]
