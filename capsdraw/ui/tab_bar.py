"""Which tabs there are, and how their bar looks: known before any of them is imported."""

from typing import Final

from PySide6.QtWidgets import QTabWidget

from capsdraw.ui import theme

READ, CAPSULE, INSIDE, COMPARE, TRAIN, EVALUATE, COLLECTION = range(7)
TITLES: Final = ("Read", "Capsule", "Inside", "Compare", "Train", "Evaluate", "Collection")
# Flat, the one in sight underlined: in the dark, Fusion's tabs are told apart by a shade.
_BAR: Final = f"""
QTabBar::tab {{ padding: {theme.GRID // 2}px {theme.GRID}px; margin-right: {theme.GRID}px; border: none;
    border-bottom: 2px solid transparent; color: palette(placeholder-text); }}
QTabBar::tab:hover {{ color: palette(window-text); }}
QTabBar::tab:selected {{ color: palette(window-text); border-bottom: 2px solid palette(highlight); }}
"""


def flatten(tabs: QTabWidget) -> None:
    """Have the tabs look as the app's do."""
    tabs.setDocumentMode(True)
    tabs.tabBar().setDrawBase(False)
    tabs.tabBar().setAccessibleName("Views")
    tabs.tabBar().setStyleSheet(_BAR)
