"""Parquet files, as Hugging Face publishes MNIST: a column of encoded pictures, and one of labels."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, overload

from capsdraw.datasets import folders, parquet_pages, unpacked
from capsdraw.datasets.data import MAX_BYTES, Data
from capsdraw.datasets.extras import library
from capsdraw.datasets.layouts import ClassImage, labelled, part_in
from capsdraw.datasets.monitor import ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.ink.intake import AS_THEY_ARE, Intake

ENDING = ".parquet"
_IMAGES = ("image", "img", "images", "picture")
_LABELS = ("label", "labels", "fine_label", "target", "class", "digit")
# Rows decoded at once, and bytes that they may become; bytes of a file that are read at once.
_ROWS, _AT_ONCE = 1000, 1 << 26
_BUFFER = 1 << 20
# Bytes that a row takes beside its picture.
_OF_A_ROW = 500


def files_in(folder: Path) -> list[Path]:
    """The Parquet files in a folder, or in the one that holds all of them."""
    files = sorted(path for path in folder.rglob(f"*{ENDING}") if not path.name.startswith("."))
    return files if len({path.parent for path in files}) == 1 else []


def read(
    files: list[Path], name: str, shape: tuple[int, ...] | None, watch: ReadMonitor, intake: Intake | None = None
) -> Data:
    """All pictures of these files; a file called test… is of the test part, one called valid… is held out.

    Args:
        files: of the data; name: of it.
        shape, intake: as for `folders.read_folder`.
        watch: is told of pictures.

    Raises:
        CapsDrawError: unreadable, or not a picture and a label in each row.
    """
    parts = [(_of_part(path), path) for path in files]
    pictures = _Rows([path for _, path in sorted(parts, key=lambda part: part[0])], watch)
    if not pictures:
        raise CapsDrawError(f"cannot use '{files[0].name}': there are no images in it")
    labels = pictures.labels
    if intake is not None and not folders.are_of_side(pictures, shape):
        return folders.read_images(pictures, files[0].name, name, shape, watch, intake, labels)
    # As their makers made them: arrays in all but their form.
    data = folders.read_images(pictures, files[0].name, name, shape, watch, AS_THEY_ARE, labels)
    return replace(data, pictures=None)


def _of_part(path: Path) -> int:
    """Where a file's rows stand: those of training first, of the test part last."""
    row = labelled(path, "", part_in(path.name))
    return 2 * row.test + row.valid


class _Rows(Sequence[ClassImage]):
    """All rows of some files, read anew each time that somebody goes through them: there may be millions.

    Attributes:
        labels: what the classes are called, as the last file says.
    """

    def __init__(self, files: list[Path], watch: ReadMonitor) -> None:
        self._files, self._watch = files, watch
        self._parquet = library("pyarrow.parquet", "PyArrow", f"'{files[0].name}'")
        self._count = 0
        self.labels: tuple[str, ...] = ()
        for path in files:
            with _in_words(path), self._opened(path) as file:
                _, label = _columns(file.schema_arrow, path)
                groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
                if sum(group.total_byte_size for group in groups) > MAX_BYTES:
                    raise CapsDrawError(f"cannot use '{path.name}': it holds more than {MAX_BYTES >> 30} GiB")
                self._count += file.metadata.num_rows
                self.labels = _names(file.schema_arrow.metadata, label)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ClassImage]:
        count = 0
        for path in self._files:
            for row in self._of_file(path):
                count += 1
                if count <= self._count:
                    yield row
        if count != self._count:
            raise CapsDrawError(f"cannot use '{self._files[0].name}': it was changed while it was read: read it again")

    @overload
    def __getitem__(self, place: int) -> ClassImage: ...
    @overload
    def __getitem__(self, place: slice) -> list[ClassImage]: ...
    def __getitem__(self, place: int | slice) -> ClassImage | list[ClassImage]:
        return list(self)[place] if isinstance(place, slice) else next(islice(self, place, None))

    def _of_file(self, path: Path) -> Iterator[ClassImage]:
        done = read = 0
        with _in_words(path), self._opened(path) as file:
            image, label = _columns(file.schema_arrow, path)
            at_once = _rows_at_once(file.metadata, (image, label), path)
            for batch in file.iter_batches(at_once, columns=[image, label]):
                self._watch.check()
                rows = _of_batch(batch, image, label, done, path)
                done += len(rows)
                read += sum(len(row.source) + _OF_A_ROW for row in rows if isinstance(row.source, bytes))
                unpacked.require_unpacked(read, path.stat().st_size, f"cannot use '{path.name}': ")
                yield from rows

    def _opened(self, path: Path) -> Any:
        # Else a file's whole column lies in memory at once.
        return self._parquet.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Whatever PyArrow raises becomes one line."""
    try:
        yield
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a damaged file ends in any of a dozen
        text = (str(error).splitlines() or [type(error).__name__])[0]
        raise CapsDrawError(f"cannot read '{path.name}': not a whole Parquet file ({text[:100]})") from None


def _rows_at_once(about: Any, columns: tuple[str, str], path: Path) -> int:
    """How many rows fit into memory together, however often they point to the longest picture of a dictionary.

    Raises:
        CapsDrawError: what its pages say they hold is more than such a file can.
    """
    size, head = path.stat().st_size, f"cannot use '{path.name}': "
    total = longest = 0
    with path.open("rb") as file:
        for group in range(about.num_row_groups):
            row_group, of_group = about.row_group(group), 0
            for number in range(row_group.num_columns):
                column = row_group.column(number)
                if column.path_in_schema.partition(".")[0] not in columns:
                    continue
                begin = column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
                begin = min(begin or column.data_page_offset, column.data_page_offset)
                for page in parquet_pages.pages(file, begin, min(column.total_compressed_size, size - begin)):
                    total += page.unpacked
                    of_group += page.unpacked if page.dictionary else 0
                    unpacked.require_unpacked(total, size, head)
            longest = max(longest, of_group)
    return max(1, min(_ROWS, _AT_ONCE // max(longest, 1)))


def _columns(schema: Any, path: Path) -> tuple[str, str]:
    names = list(schema.names)
    image = next((column for column in _IMAGES if column in names), None)
    label = next((column for column in _LABELS if column in names), None)
    if image is None or label is None:
        raise CapsDrawError(
            f"cannot use '{path.name}': its columns are {', '.join(names[:8])}: expected 'image' and 'label'"
        )
    for column in (image, label):
        # A list may be of any length in a row.
        if any(word in str(schema.field(column).type) for word in ("list", "map", "fixed_size")):
            raise CapsDrawError(
                f"cannot use '{path.name}': its column '{column}' holds lists: expected an encoded picture and a label"
            )
    return image, label


def _of_batch(batch: Any, image: str, label: str, done: int, path: Path) -> list[ClassImage]:
    part = part_in(path.name)
    of_batch = []
    for place, (picture, named) in enumerate(
        zip(batch.column(image).to_pylist(), batch.column(label).to_pylist(), strict=True), done
    ):
        content = picture.get("bytes") if isinstance(picture, dict) else picture
        if not isinstance(content, bytes) or not isinstance(named, int | str):
            raise CapsDrawError(f"cannot use '{path.name}': row {place} (from 0) holds no picture with a label")
        row = labelled(path, str(named), part)
        of_batch.append(ClassImage(content, row.folder, row.test, row.valid, f"row {place} of {path.name}"))
    return of_batch


def _names(metadata: dict[bytes, bytes] | None, label: str) -> tuple[str, ...]:
    """What Hugging Face calls the classes; () where it does not say, or calls them by their numbers."""
    try:
        about = json.loads((metadata or {}).get(b"huggingface", b"{}"))
        names = about["info"]["features"][label]["names"]
        called = tuple(str(name)[:100] for name in names)
    except (ValueError, KeyError, TypeError):
        return ()
    return () if called == tuple(map(str, range(len(called)))) else called
