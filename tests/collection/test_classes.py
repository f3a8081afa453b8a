"""Folders that are called like classes, and the order of classes."""

from hypothesis import given
from hypothesis import strategies as st

from capsdraw.collection.classes import class_of, folder_of, in_order

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@given(NAMES)
def test_a_folder_s_name_gives_its_class_back_and_leads_nowhere_else(name: str) -> None:
    folder = folder_of(name)
    assert class_of(folder) == name
    assert not set(folder) & set('/\\:*?"<>|.\0')
    assert folder.strip() == folder


def test_names_that_windows_keeps_for_itself_are_written_otherwise() -> None:
    assert [folder_of(name) for name in ("7", "CON", "lpt1", "T-shirt/top")] == [
        "7",
        "%43ON",
        "%6Cpt1",
        "T-shirt%2Ftop",
    ]


def test_a_folder_that_somebody_else_made_is_called_as_it_is() -> None:
    assert [class_of(name) for name in ("100%", "a.b", "%zz", "%37")] == ["100%", "a.b", "%zz", "%37"]


def test_numbers_come_first_by_their_value() -> None:
    assert in_order(["b", "10", "9", "A", "9"]) == ("9", "10", "A", "b")
