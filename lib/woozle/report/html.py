"""A notebook as one sealed HTML file: no request to any network, charts live, pictures where scripts are off."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from importlib import resources

import nbformat

from woozle import __version__
from woozle.cascade import Cascade
from woozle.chart.theme import NARROW, VEGA_LITE
from woozle.report.study import Study
from woozle.text import when


def to_html(notebook: nbformat.NotebookNode, study: Study, cascade: Cascade) -> str:
    """Return the page of an executed notebook.

    Scripts are allowed by their hash alone; nothing else is loaded or run (Content-Security-Policy in the page).
    """
    from nbconvert import TemplateExporter
    from traitlets.config import Config

    with resources.as_file(resources.files("woozle.report") / "template") as folder:
        exporter = TemplateExporter(
            file_extension=".html",
            template_name="woozle",
            extra_template_basedirs=[str(folder)],
            filters={"for_script": json_for_script, "packed": packed, "picture": picture},
            config=Config(
                NbConvertBase={"display_data_priority": [VEGA_LITE, "text/html", "text/markdown", "text/plain"]}
            ),
        )
        has_charts = any(
            VEGA_LITE in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])
        )
        scripts = [vega_bundle(), _asset("page.js")] if has_charts else []
        allowed = " ".join(map(_hash, scripts)) or "'none'"
        policy = (
            f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )
        page, _ = exporter.from_notebook_node(
            notebook,
            resources={
                "woozle": {
                    "policy": policy,
                    "scripts": scripts,
                    "style": _asset("page.css"),
                    "title": study.title,
                    "question": study.question,
                    "facts": _facts(study, cascade),
                    "data": f"{cascade.case.name}, version {cascade.case.version}",
                    "vega_lite": VEGA_LITE,
                    "narrow": NARROW,
                    "woozle_version": __version__,
                }
            },
        )
    return page


def json_for_script(value: object) -> str:
    r"""Return JSON that can stand inside a script element.

    Examples
    --------
    >>> json_for_script({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


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


def picture(png: str) -> str:
    """Return a picture (PNG in base64) as an address that holds it whole: lossless WebP, a third smaller."""
    import io

    from PIL import Image

    small = io.BytesIO()
    Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB").save(small, "WEBP", lossless=True, quality=100)
    return f"data:image/webp;base64,{base64.b64encode(small.getvalue()).decode()}"


@functools.cache
def vega_bundle() -> str:
    """Return vega, vega-lite and vega-embed as one script."""
    import vl_convert

    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    if "</script" in script.lower():
        raise AssertionError("the bundle would end its script element")
    return script


def _facts(study: Study, cascade: Cascade) -> list[str]:
    """Return what stands below the title of a report."""
    moment = when(cascade.moment, cascade.moment, cascade.time_zone)
    return [
        ", ".join(study.authors),
        f"report of {study.date.isoformat()}",
        f"as of {moment} ({cascade.time_zone})",
        f"hops: {cascade.hops}{_left_out(cascade)}",
        f"data: {cascade.case.name} {cascade.case.version}",
    ]


def _left_out(cascade: Cascade) -> str:
    chosen = {"inferred": cascade.include_inferred, "second-hand": cascade.include_second_hand}
    left = [name for name, included in chosen.items() if not included]
    return f", without {' and '.join(left)}" if left else ""


def _asset(name: str) -> str:
    return (resources.files("woozle.report") / "template" / "woozle" / name).read_text("utf-8")


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
