"""What this machine's processor computes quickly. Standard library alone."""

from functools import cache
from pathlib import Path
from typing import Final

_INFO: Final = Path("/proc/cpuinfo")
# Characters of it that are looked at: those of the first processor, several times over.
_MOST: Final = 1 << 16
# Of x86-64, by the names that Linux has for them. TensorFlow computes bfloat16 by these, and one number at a time else.
_OF_BFLOAT16: Final = frozenset(("avx512_bf16", "amx_bf16"))


@cache
def computes_bfloat16() -> bool:
    """Whether nets train faster in mixed bfloat16 here than in float32.

    They do where the processor has instructions for it. Where it has none they take two to five times as long, and
    where it is not known, as on macOS and Windows, float32 is the safe choice: no machine is slow at it.
    """
    try:
        with _INFO.open(encoding="utf-8", errors="replace") as file:
            lines = file.read(_MOST).splitlines()
    except OSError:
        return False
    flags = next((line.partition(":")[2] for line in lines if line.startswith("flags")), "")
    return not _OF_BFLOAT16.isdisjoint(flags.split())
