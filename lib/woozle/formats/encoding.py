"""Open files as they come: their bytes, packed or not, and the encoding of their text."""

from __future__ import annotations

import codecs
import gzip
import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

from woozle.formats.items import MissingExtraError, Source

HEAD = 65_536  # bytes by which a format is recognized
LONGEST = 10_000_000  # letters of a cell; a longer one is a fault of the file


def extra(module: str, what: str) -> ModuleType:
    """Return a module of the extra `ingest`.

    Raises
    ------
    MissingExtraError
        It is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"To read {what}, more packages are needed: make ingest, or pip install 'woozle[ingest]'. "
            f"({module} is not installed.)"
        ) from error


def read_text(source: Source) -> str:
    """Return the text of a file; an encoding other than UTF-8 is noted."""
    with bytes_of(source.path) as file:
        data = file.read()
    encoding, sure = encoding_of(data, whole=True)
    if not sure:
        source.note(0, f"read as {encoding}, because it is not UTF-8")
    return data.decode(encoding, "replace").replace("\0", "")


def encoding_of(data: bytes, whole: bool) -> tuple[str, bool]:
    """Return the encoding of a file by its bytes, and whether that is sure."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data[:200_000]).best()
        guess = best.encoding if best else "cp1252"
        return ("cp1252" if _is_western(data, guess) else guess), False
    return "utf-8-sig", True


# What stands in Western texts beside letters.
_WESTERN = frozenset("“”‘’„‚«»‹›–—…€£§°·•¿¡ªº\u00a0´")
_FEW_SIGNS = 40  # letters beyond ASCII: fewer are too few to tell similar encodings apart


def _is_western(data: bytes, guess: str) -> bool:
    """Tell whether to read bytes as cp1252, the commonest: it gives the same text, or too few letters decide."""
    western = data.decode("cp1252", "replace")
    if western == data.decode(guess, "replace"):
        return True
    signs = [letter for letter in western if ord(letter) > 127]
    return len(signs) < _FEW_SIGNS and all(letter.isalpha() or letter in _WESTERN for letter in signs)


def is_utf8(path: Path) -> bool:
    """Tell whether a whole file can be read as UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with bytes_of(path) as file:
            while data := file.read(1 << 20):
                decoder.decode(data)
    except UnicodeDecodeError:
        return False
    return True


def bytes_of(path: Path) -> Any:
    """Open a file for reading, whether gzip packed it or not."""
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def text_of(value: object) -> str:
    """Return a value of a table or of JSON as a plain text.

    Examples
    --------
    >>> text_of(None), text_of(12.0), text_of(" a "), text_of(True)
    ('', '12', 'a', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
