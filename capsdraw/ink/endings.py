"""How names of pictures end: in dialogs, in folders of data, and where drawings are brought from. No Pillow here."""

from typing import Final

# Of what `ink.images` reads, the commonest first; of HEIC it says what is missing where nothing reads it.
ENDINGS: Final = (
    ".png", ".jpg", ".jpeg", ".heic", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heif", ".hif", ".apng",
    ".jpe", ".jfif", ".dib", ".ppm", ".pgm", ".pbm", ".pnm", ".avifs",
)  # fmt: skip
# As a dialog's filter has them.
FILTER: Final = " ".join(f"*{ending}" for ending in ENDINGS)
