"""Read the texts of documents that a user keeps; they stay where they are and are never stored in the case."""

from __future__ import annotations

import hashlib
from collections.abc import Collection as Names
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from woozle.errors import WoozleError, did_you_mean
from woozle.locate import texts_place


class TextsError(WoozleError):
    """Texts can't be read, or belong to no document of the case."""


def read_texts(path: str | Path, documents: Names[str]) -> dict[str, str]:
    """Return texts by document.

    Parameters
    ----------
    path
        A folder with `<id>.txt` files in UTF-8, or a CSV or Parquet file with the columns `id` and `text`.
    documents
        The ids of the documents of the case; a text that belongs to none of them is an error.

    Raises
    ------
    TextsError
        It can't be read, has no such columns, holds an id twice or one that is no document.
    """
    path = Path(path)
    if path.is_dir():
        files = [file for file in sorted(path.iterdir()) if file.suffix.lower() == ".txt"]
        texts = {file.stem: _read(file) for file in files}
        if not texts:
            raise TextsError(f"{path}: no text in it. Texts are files named <id>.txt.")
    elif path.is_file():
        texts = _of_table(path)
    else:
        raise TextsError(f"There is no folder or file '{path}'.")
    for name, text in texts.items():
        if not text.strip():
            raise TextsError(f"{path}: the text of '{name}' is empty. Leave it out, or fill it.")
        if name not in documents:
            raise TextsError(f"{path}: '{name}' is not a document of this case.{did_you_mean(name, documents)}")
    return texts


def check_texts(texts: object) -> None:
    """Check that texts are a mapping from the id of a document to its text.

    Raises
    ------
    TextsError
        They are no mapping, or hold something else than text.
    """
    if texts is None:
        return
    if not isinstance(texts, Mapping):
        raise TextsError(
            f"texts: texts by document are needed, not {type(texts).__name__}. See woozle.infer.read_texts."
        )
    for name, text in texts.items():
        if not isinstance(text, str):
            raise TextsError(f"texts: the text of {name!r} must be a string, not {text!r}.")


def texts_beside(folder: Path) -> Path | None:
    """Return the folder `texts/<case>`, or the table `texts/<case>.csv`, beside `data/<case>`, if there is one."""
    place = texts_place(folder)
    return next((beside for beside in (place.with_name(f"{place.name}.csv"), place) if beside.exists()), None)


def digest(passage: str) -> str:
    """Return the SHA-256 of a passage in UTF-8, in hexadecimal."""
    return hashlib.sha256(passage.encode("utf-8")).hexdigest()


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TextsError(f"{file} can't be read as UTF-8: {error}") from error


def _of_table(path: Path) -> dict[str, str]:
    try:
        if path.suffix.lower() == ".parquet":
            table = pd.read_parquet(path)
        else:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except ImportError as error:
        raise TextsError(f"{path}: to read Parquet, install pyarrow, or save the texts as CSV.") from error
    except (OSError, ValueError) as error:
        raise TextsError(f"{path} can't be read: {error}") from error
    for column in ("id", "text"):
        if column not in table:
            raise TextsError(
                f"{path}: the column '{column}' is missing.{did_you_mean(column, map(str, table.columns))}"
            )
    if table["id"].duplicated().any():
        raise TextsError(f"{path}: the id '{table['id'][table['id'].duplicated()].iloc[0]}' appears twice.")
    return {
        str(name): "" if pd.isna(text) else str(text) for name, text in zip(table["id"], table["text"], strict=True)
    }
