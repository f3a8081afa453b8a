"""RESULTS.md's section on two digits over one another."""

from typing import Any

from training.tables import span, table


def two_digits(measured: dict[str, Any]) -> str:
    """What the nets of two digits make of pairs, of one digit and of pairs that people drew."""
    rows = []
    for name, told in measured["nets"].items():
        mnist, alone, people = told["mnist"], told["alone"], told["people"]
        redrawn = f"{people['redrawn_error']:.3f} / {people['of_the_other']:.3f}" if "redrawn_error" in people else "–"
        rows.append([
            f"`{name}`", f"**{mnist['wrong_percent']:.2f}** ({span(mnist['wrong_percent'], measured['pairs'])})",
            f"{mnist['none_right']:,}", f"{alone['wrong_percent']:.2f}", f"{alone['taken_for_two_percent']:.1f}",
            f"**{people['right_percent']:.1f}** ({span(people['right_percent'], measured['people'])})",
            f"{people['said_to_be_two_percent']:.1f}", redrawn,
        ])  # fmt: skip
    head = ["net", "MultiMNIST, not both right, % (95% interval)", "neither, pairs", "one digit alone, wrong, %",
            "… taken for two, %", "people's pairs, both right, % (95% interval)", "… and said to be two, %",
            "squared error of a redrawn digit / against the other one"]  # fmt: skip
    one = measured["one"]
    sure = one["verdicts_percent"].get("sure", 0.0)
    return (
        f"{measured['pairs']:,} pairs of MNIST's test digits, each shifted by up to {measured['shift']} pixels: the "
        f"images' own squares overlap by {measured['overlap_of_images_percent']:.0f}% on average, the paper's figure; "
        f"of the ink's boxes, {measured['overlap_of_ink_percent']:.0f}% of the smaller lie in the other. "
        f"{measured['people']:,} pairs of writers 26 to 30, in two inks, their boxes overlapping by half and more, "
        f"{measured['people_overlap_percent']:.0f}% on average.\n\n{table(head, rows)}\n"
        f"A net of one digit, `{one['net']}`, reads one of the two in {one['one_of_both_percent']:.0f}% of the "
        f"people's pairs, and is sure of what it reads in {sure:.0f}%.\n"
    )
