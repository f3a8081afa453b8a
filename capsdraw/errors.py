"""The one exception that carries a message meant for the user, and how another's text becomes such a line."""

import re

# Longer than any sentence of our own: what a library writes beyond it is no help.
_LONGEST = 500
# Terminals take these for colours and moves of the cursor.
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# Control characters, ends of lines, and marks that turn the direction of writing.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


class CapsDrawError(Exception):
    """Something could not be done; the message is one line, for the user.

    It names what was received and what to do. The command line prints it on
    stderr and exits with 1, the window shows it in its message bar.
    """


def first_line(error: BaseException, named: bool = False) -> str:
    """What an exception of Python's or of a library's says, in one plain line that is never empty.

    Args:
        error: whose first line that says anything is taken, cut at 500 characters.
        named: put its type before the text, "ValueError: …"; a type without a text stands alone either way.
    """
    kind = type(error).__name__
    text = next((line for raw in str(error).splitlines() if (line := plain(raw).strip())), "")
    if named and text:
        text = f"{kind}: {text}"
    text = text or kind
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def plain(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey: such characters become "�"."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", _SPACES.sub(" ", _ESCAPES.sub("", text)))
