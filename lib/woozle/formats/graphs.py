"""Networks: GraphML, GEXF, and lists of edges in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, FormatError, Head, Item, Link, Source
from woozle.formats.moments import edtf
from woozle.formats.table_files import table_rows

_PAIRS = (("source", "target"), ("from", "to"), ("citing", "cited"), ("citing_id", "cited_id"), ("child", "parent"))
_FACTS = {
    "title": ("title", "headline", "name"),
    "url": ("url", "link", "address", "href"),
    "published": ("published", "date", "time", "datetime", "created_at", "timestamp", "start"),
    "outlet": ("outlet", "outlet_name", "publisher", "author", "user", "screen_name", "domain"),
    "language": ("language", "lang"),
}  # what an attribute of a node may be called


def suits_graphml(head: Head) -> bool:
    """Tell whether a file is GraphML."""
    return "<graphml" in head.text[:2000] or head.suffix == ".graphml"


def suits_gexf(head: Head) -> bool:
    """Tell whether a file is GEXF."""
    return "<gexf" in head.text[:2000] or head.suffix == ".gexf"


def suits_edges(head: Head) -> bool:
    """Tell whether a table holds edges: its first columns are the two ends of one."""
    names = [name.lower() for name in head.columns]
    return len(names) >= 2 and tuple(names[:2]) in _PAIRS


def read_graphml(source: Source) -> Iterator[Item]:
    """Yield the nodes of a network in GraphML."""
    import networkx

    yield from _of_graph(source, networkx.read_graphml)


def read_gexf(source: Source) -> Iterator[Item]:
    """Yield the nodes of a network in GEXF."""
    import networkx

    yield from _of_graph(source, networkx.read_gexf)


def _of_graph(source: Source, read: Any) -> Iterator[Item]:
    """Yield the nodes of a network; an edge leads to the cited document, unless the network has `direction` flow."""
    import networkx

    try:
        graph = read(str(source.path))
    except (networkx.NetworkXError, ValueError, KeyError, SyntaxError, OSError) as error:
        raise FormatError(f"{source.path.name} can't be read: {error}.") from error
    flows = graph.graph.get("direction") == "flow" or text_of(graph.graph.get("woozle_direction")) == "flow"
    if not graph.is_directed():
        source.note(0, "its edges have no direction; they were left out")
    cited: dict[str, list[Link]] = {}
    for one, other, facts in graph.edges(data=True) if graph.is_directed() else ():
        citing, to = (other, one) if flows else (one, other)
        relation = text_of(facts.get("relation")) or "cites"
        cited.setdefault(str(citing), []).append(Link(str(to), relation, text_of(facts.get("evidence"))))
    for row, (node, facts) in enumerate(graph.nodes(data=True), start=1):
        yield _node(row, str(node), facts, tuple(cited.get(str(node), ())))


def _node(row: int, node: str, facts: Mapping[str, Any], links: tuple[Link, ...]) -> Item:
    by_name = {name.lower(): text_of(value) for name, value in facts.items()}
    told = {what: next((by_name[name] for name in names if by_name.get(name)), "") for what, names in _FACTS.items()}
    label = by_name.get("label", "")
    return Item(
        row=row,
        key=node,
        url=told["url"],
        title=told["title"] or (label if label != node else ""),
        outlet=told["outlet"],
        published=edtf(told["published"]),
        language=told["language"].split("-")[0].lower(),
        links=links,
    )


def read_edges(source: Source) -> Iterator[Item]:
    """Yield the ends of edges as documents; the first end of each row relies on the second."""
    cited: dict[str, list[Link]] = {}
    times: dict[str, str] = {}
    rows: dict[str, int] = {}
    for row, cells in table_rows(source):
        names = list(cells)
        one, other = (text_of(cells[name]) for name in names[:2])
        if not (one and other):
            source.note(row, "names only one end of an edge; left out")
            continue
        told = {name.lower(): text_of(value) for name, value in cells.items()}
        for end in (one, other):
            rows.setdefault(end, row)
            cited.setdefault(end, [])
        cited[one].append(Link(other, told.get("relation") or "cites", told.get("evidence", "")))
        time = next((told[name] for name in _FACTS["published"] if told.get(name)), "")
        if time and one not in times:
            times[one] = edtf(time)
    for node, links in cited.items():
        yield Item(
            row=rows[node],
            key=node,
            url=node if node.startswith("http") else "",
            title="" if node.startswith("http") else node,
            published=times.get(node, ""),
            links=tuple(links),
        )


GRAPHML = Format(
    "graphml",
    "GraphML",
    "nodes with their title, address, date, outlet and language, by the usual names of attributes; edges as citations",
    "other attributes, weights, positions; an edge must lead from the citing document to the cited one",
    suits_graphml,
    read_graphml,
    seen="named",
)
GEXF = Format(
    "gexf",
    "GEXF (Gephi)",
    "nodes and edges, as GraphML",
    "other attributes, weights, positions, colours",
    suits_gexf,
    read_gexf,
    seen="named",
)
EDGES = Format(
    "edges",
    "a list of edges (CSV with source, target)",
    "each end as a document; the first relies on the second; a date in a row is that of the first",
    "weights and other columns",
    suits_edges,
    read_edges,
    seen="named",
)
