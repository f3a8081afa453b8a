"""A time as a user reads it: to the second, or about."""

# How long each unit is, in seconds, and from how many of it on a time is told in it.
_UNITS = (("day", 86_400, 2), ("hour", 3600, 2), ("minute", 60, 2), ("second", 1, float("-inf")))


def duration(seconds: float) -> str:
    """Hours, minutes and seconds in short: "1:02:03", "2:03" or "3 s"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def roughly(seconds: float) -> str:
    """In the unit that fits, whole: "55 seconds", "12 minutes", "3 hours"; below two minutes in seconds."""
    name, length = next((name, length) for name, length, least in _UNITS if seconds >= least * length)
    count = round(seconds / length)
    return f"{count:,} {name}" + ("" if count == 1 else "s")
