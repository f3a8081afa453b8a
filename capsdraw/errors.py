"""The one exception that carries a message meant for the user, and how text from outside becomes such a line."""

import errno
import re
from typing import Final

# Characters of a name: what stands in one line with others.
NAME = 60
# Longer than any sentence of our own: what a library writes beyond it is no help.
_LONGEST = 500
# Terminals take these for colours and moves of the cursor.
_ESCAPES = r"\x1b\[[0-?]*[ -/]*[@-~]"
# Control characters, ends of lines, what turns the direction of writing or is not seen, and what no file can hold: it
# stands for a byte of a name that is no UTF-8.
_UNSEEN = r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
_SPACES = r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+"


# What to do where the system refuses to read a file, and to write one.
_ADVICE: Final = {
    errno.ENOENT: ("it was moved, renamed or removed", "its folder is not there: choose another"),
    errno.EACCES: ("you may not read it: change its permissions, or copy it elsewhere", "choose another folder"),
    errno.EPERM: ("you may not read it: change its permissions, or copy it elsewhere", "choose another folder"),
    errno.EISDIR: ("choose a file, not a folder", "choose another name"),
    errno.ENOTDIR: ("what should be its folder is a file", "what should be its folder is a file: choose another"),
    errno.EEXIST: ("", "what should be its folder is a file: choose another"),
    errno.EROFS: ("", "nothing can be written on that disk: choose another"),
    errno.ENOSPC: ("free some space", "free some space, or choose another disk"),
    errno.ENAMETOOLONG: ("choose a shorter name", "choose a shorter name"),
    errno.EIO: ("the disk or its connection may be damaged: try a copy", "choose another disk"),
}


class CapsDrawError(Exception):
    """Something could not be done; the message is one line, for the user.

    It names what was received and what to do. The command line prints it on
    stderr and exits with 1, the window shows it in its message bar. Whatever a file put into it, it is plain.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(plain(message))


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
    return short(text, _LONGEST)


def refusal(error: OSError, saving: bool = False) -> str:
    """Why the system did not read or write a file, and what can be done: "No space left on device: free some space"."""
    why = plain(error.strerror or str(error))
    advice = _ADVICE.get(error.errno or 0, ("", ""))[int(saving)]
    return f"{why}: {advice}" if advice else why


def short(text: str, most: int = NAME) -> str:
    """The text on one line as `plain` has it, cut where it has more than so many characters."""
    kept = plain(text[: 2 * most + 1000])
    return kept if len(kept) <= most else f"{kept[: most - 1].rstrip()}…"


def plain(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey: such characters become "�"."""
    if text.isprintable():
        return text
    return re.sub(_UNSEEN, "\N{REPLACEMENT CHARACTER}", re.sub(_SPACES, " ", re.sub(_ESCAPES, "", text)))
