"""Samples: the spreadsheets to try the program with, as they come with it."""

from __future__ import annotations

from pathlib import Path

from bulk_loader.errors import LoaderError

_PACKAGE = Path(__file__).parents[1]
# The wheel holds them inside of the package, a checkout beside it.
_PLACES = (_PACKAGE / "sample_files", _PACKAGE.parent / "sample_files")
_SHEETS = (".csv", ".ods", ".xls", ".xlsx")


def write_samples(directory: Path | str) -> list[Path]:
    """Write all samples into a directory, which is made where it is missing; their paths.

    One that stands there already is left as it is.

    Raises:
        LoaderError: another file has the name of a sample, or the system refuses; what was written
            until then stays.
    """
    place = Path(directory).absolute()
    try:
        place.mkdir(parents=True, exist_ok=True)
        return [_write(place / sample.name, sample.read_bytes()) for sample in _samples()]
    except OSError as error:
        raise LoaderError(
            f"The samples can't be written to {place}.",
            f"The system says: {error.strerror}.",
            "Name a directory in which you may write: bulk-loader sample DIRECTORY",
        ) from error


def _samples() -> list[Path]:
    found = next(place for place in _PLACES if place.is_dir())
    return sorted(path for path in found.iterdir() if path.suffix in _SHEETS)


def _write(path: Path, content: bytes) -> Path:
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        if path.is_file() and path.read_bytes() == content:
            return path
        raise LoaderError(
            f"The sample {path.name} can't be written.",
            f"Another {path.name} is there already: {path}.",
            "Name another directory: bulk-loader sample DIRECTORY",
        ) from error
    return path
