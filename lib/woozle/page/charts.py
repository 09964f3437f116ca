"""Charts on a page: their picture, and the specifications that the page's script draws."""

from __future__ import annotations

import base64
import functools
import re
from importlib import resources
from typing import Any

from woozle.page.outputs import Piece
from woozle.pictures import NARROW, PNG, PNG_SCALE, VEGA_LITE, png_size, png_to_webp
from woozle.text import json_for_script


def chart_of(piece: Piece) -> dict[str, Any]:
    """Return what the template needs of a chart that a notebook put out."""
    return drawn(base64.b64decode(piece.data[PNG]), piece.data[VEGA_LITE], piece.data.get(NARROW))


def drawn(png: bytes, wide: dict, narrow: dict | None = None) -> dict[str, Any]:
    """Return a picture and the specifications, as the template takes them."""
    return {
        "picture": f"data:image/webp;base64,{base64.b64encode(png_to_webp(png)).decode()}",
        "width": round(png_size(png)[0] / PNG_SCALE),
        "wide": json_for_script(packed(wide)),
        "narrow": json_for_script(packed(narrow, wide)) if narrow else "",
    }


def packed(spec: dict, beside: dict | None = None) -> dict:
    """Return a specification whose data name each column once; the page's script unpacks them.

    Data that stand in the specification `beside` (of the same chart, by the same name) are left out.

    Examples
    --------
    >>> packed({"datasets": {"d": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}})
    {'datasets': {'d': {'columns': ['a', 'b'], 'rows': [[1, 2], [3, 4]]}}}
    """
    small = {}
    for name, rows in spec.get("datasets", {}).items():
        if beside and beside.get("datasets", {}).get(name) == rows:
            small[name] = None
            continue
        columns = list(rows[0]) if rows else []
        same = rows and all(list(row) == columns for row in rows)
        small[name] = {"columns": columns, "rows": [list(row.values()) for row in rows]} if same else rows
    return spec | {"datasets": small} if small else spec


def instead_of_picture(tag: re.Match[str]) -> str:
    """Return the words in place of a picture from a file or an address: the page has only pictures of the notebook."""
    words = re.search(r'\balt="([^"]+)"', tag[0])
    return f"<em>[a picture that is not in this page{f': {words[1]}' if words else ''}]</em>"


@functools.cache
def vega_bundle() -> str:
    """Return vega, vega-lite and vega-embed as one script, as vl-convert bundles them."""
    import zlib

    return zlib.decompress(packed_vega(), -15).decode()


def packed_vega() -> bytes:
    """Return the script of `vega_bundle`, still compressed, as the wheel holds it."""
    return (resources.files("woozle.page") / "template" / "vega.js.deflate").read_bytes()
