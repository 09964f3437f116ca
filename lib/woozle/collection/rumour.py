"""The posts of one rumour out of a collection, as items that an import brings into a case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute

from woozle.collection.forest import roots_of
from woozle.collection.posts import Posts
from woozle.errors import ParameterError
from woozle.formats.gather import Gathered, Read
from woozle.formats.items import Item, Link
from woozle.formats.registry import format_named

pc: Any = pyarrow.compute  # its functions are made when it is loaded: no type checker sees them

_MOST = 5_000  # documents of a case that people can still look at
_RELATIONS = {"reply_to": "replies", "repost_of": "reposts", "quote_of": "quotes"}


def rumour(posts: Posts, query: str, most: int = _MOST) -> Gathered:
    """Return the posts that have all words of a query, and all other posts of their cascades, as items to import.

    Parameters
    ----------
    posts
        The collection.
    query
        Words that all stand in a post, whatever their case and order; a phrase in quotation marks.
    most
        Make no case of more posts than this.

    Raises
    ------
    ParameterError
        No post has these words, or too many have.
    """
    if not query.strip():
        raise ParameterError("Say which words the posts have: --query 'salt radiation'.")
    keys = _of(posts, ["key"])["key"]
    found = set(_of(posts, ["key"], query)["key"]) - {""}
    if not found:
        raise ParameterError(f"No post has the words '{query}'.")
    parents, _, _, names = posts.forest()
    top = roots_of(parents)
    of_trees = np.isin(top, top[names.isin(list(found))])
    wanted = (set(names[of_trees]) | found) & set(keys)
    if len(wanted) > most:
        raise ParameterError(
            f"{len(wanted):,} posts have these words, or share a cascade with one that has: more than {most:,}. "
            "Take rarer words, or raise --most."
        )
    table = posts.table()
    table = table.filter(pc.is_in(table["key"], pa.array(sorted(wanted))))
    gathered = Gathered()
    rows: dict[str, list[Item]] = {}
    for row in table.to_pylist():
        rows.setdefault(row["format"], []).append(_item(row))
    for name, items in sorted(rows.items()):
        gathered.files.append(Read(Path(posts.path), format_named(name), items))
    return gathered


def _of(posts: Posts, columns: list[str], query: str = "") -> pd.DataFrame:
    return posts.table(columns, query).to_pandas()


def _item(row: dict) -> Item:
    links = tuple(
        Link(row[name], relation, f"{name} in the collection") for name, relation in _RELATIONS.items() if row[name]
    )
    time = row["time"]
    return Item(
        row=row["row"], key=row["key"], url=row["url"], outlet=row["account"], outlet_kind="social",
        published=f"{time:%Y-%m-%dT%H:%M:%SZ}" if time is not None else "", language=row["language"],
        kind="social_post", text=row["text"], links=links,
    )  # fmt: skip
