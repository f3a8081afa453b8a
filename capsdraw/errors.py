"""The one exception that carries a message meant for the user."""


class CapsDrawError(Exception):
    """Something could not be done; the message is one line, for the user.

    It names what was received and what to do. The command line prints it on
    stderr and exits with 1, the window shows it in its message bar.
    """
