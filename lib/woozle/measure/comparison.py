"""Compare several cases: what recurs, how they differ from random trees, and which kinds of citing change what."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woozle.description import STANDARD, Column, columns, described, description_of
from woozle.errors import ParameterError
from woozle.measure.drift import drift, taken_at
from woozle.measure.headline import STATISTICS
from woozle.measure.intervals import exact
from woozle.measure.shape import shape, size_alone
from woozle.measure.turn import false_from_start, false_roots, turn
from woozle.measure.uncertainty import DRAWS, headline_intervals
from woozle.model.cascade import Cascade
from woozle.rows import records_by_id

SLOTS = "slots"  # each case has slots of its own; together they are one field here
_COMMON = ("said_by", "modality", "certainty")


@described(
    "Headline figures, case by case",
    "By figure and case, in the order of `STATISTICS` and of the cases",
    {**description_of(headline_intervals).columns}
    | columns(
        case=Column("words", "the name under which it is shown"),
        share=Column("share", "value / of; missing if the figure is not a part of another"),
    ),
)
def compare_headlines(cascades: Mapping[str, Cascade], draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return the headline figures of several cases.

    Parameters
    ----------
    cascades
        By the name under which each is shown.
    draws, seed
        As in `headline_intervals`.

    Examples
    --------
    In the airline's case no hop turned the claim into a fact: of three that could, none did.

    >>> import woozle
    >>> found = compare_headlines({"airline": woozle.open("ual_bankruptcy_2008").cascade()}, draws=50)
    >>> found.loc[("told_as_fact", "airline"), ["value", "of"]].to_list()
    [0.0, 3.0]
    """
    _check(cascades)
    parts = {name: headline_intervals(cascade, draws, seed) for name, cascade in cascades.items()}
    table = pd.concat(parts, names=["case"]).swaplevel()
    order = pd.MultiIndex.from_product(
        [[figure.name for figure in STATISTICS], list(cascades)], names=["figure", "case"]
    )
    table = table.reindex(order)
    counts = [figure.name for figure in STATISTICS if figure.of]
    part = table.index.get_level_values("figure").isin(counts) & (table["value"] <= table["of"])
    table["share"] = (table["value"] / table["of"]).where(part & (table["of"] > 0))
    return table


@described(
    "What made the claim false, case by case",
    "By case, one row a hop that may be the turn",
    columns(
        "inferred",
        case=Column("words", "the case"),
        how=Column("words", "a hop; false from the start; source not known; no false version", "what"),
        parent=Column("words", "the label of the document that it came from", "from"),
        document=Column("words", "the label of the document in which it is false", "to"),
        relation=Column("words", "how the one relies on the other", "how"),
        made_by=Column("list", "the kinds of drift on this hop", "made by"),
        before=Column("list", "those that make a turn, on the way there", "lost before"),
    ),
    caption="What made the claim false in each case.",
    shown=("case", "how", "parent", "document", "relation", "made_by", "before"),
)
def compare_turns(cascades: Mapping[str, Cascade]) -> pd.DataFrame:
    """Return what made the claim false in each case.

    Examples
    --------
    >>> import woozle
    >>> names = ["ual_bankruptcy_2008", "poland_missile_2022"]
    >>> found = compare_turns({name: woozle.open(name).cascade() for name in names})
    >>> found[["how", "made_by"]].values.tolist()
    [['a hop', ('new date',)], ['false from the start', ()]]
    """
    _check(cascades)
    rows = []
    for name, cascade in cascades.items():
        labels, hops = cascade.documents["label"], turn(cascade)
        relations = cascade.case.vocabularies["relation"]
        for document, hop in records_by_id(hops).items():
            ends = [labels[hop["parent"]], labels[document], relations.title(hop["relation"])]
            rows.append([name, "a hop", *ends, hop["made_by"], hop["before"], bool(hop["inferred"])])
        if hops.empty:
            start, roots = false_from_start(cascade), false_roots(cascade).index
            how = "false from the start" if start else "source not known" if len(roots) else "no false version"
            first = next((labels[document] for document in (*start, *roots)), "")
            rows.append([name, how, "", first, "", (), (), False])
    columns = ["case", "how", "parent", "document", "relation", "made_by", "before", "inferred"]
    return pd.DataFrame(rows, columns=columns).set_index("case")


@described(
    "Shapes beside chance, case by case",
    "By case and figure (depth, max_breadth, structural_virality)",
    columns(
        case=Column("words", "the case", "case (documents of its tree)"),
        figure=Column("words", "which figure of the shape"),
        size=Column("count", "documents of its largest tree"),
        value=Column("number", "the figure of that tree"),
        low=Column("number", "the lower end of the middle 90 % of random trees of that size", "by chance, low"),
        median=Column("number", "their median"),
        high=Column("number", "the upper end"),
        outside=Column("yes or no", "the value is not between them"),
    ),
    shown=("figure", "case", "value", "low", "median", "high", "outside"),
    limits="a random tree is one idea of chance among several",
    source="J. L. Juul and J. Ugander, PNAS 118 (2021)",
)
def compare_shapes(cascades: Mapping[str, Cascade], draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return the shape of the largest tree of each case beside what its size alone would do.

    Larger trees are deeper and broader whatever they tell, so trees of different size are compared only beside this
    (Juul and Ugander, PNAS 118, 2021).

    Examples
    --------
    >>> import woozle
    >>> found = compare_shapes({"jang": woozle.open("jang_dogs_2013").cascade()})
    >>> [float(value) for value in found.loc[("jang", "depth"), ["size", "value"]]]
    [9.0, 3.0]
    """
    _check(cascades)
    rows = {}
    for name, cascade in cascades.items():
        trees = shape(cascade)
        if trees.empty:
            continue
        largest, size = trees.iloc[0], int(trees["size"].iloc[0])
        for figure, alone in records_by_id(size_alone([size], draws, seed).droplevel(0)).items():
            value = float(largest[figure])
            ends = {end: alone[end] for end in ("low", "median", "high")}
            outside = not ends["low"] <= value <= ends["high"]
            rows[(name, figure)] = {"size": size, "value": value, **ends, "outside": outside}
    columns = ["size", "value", "low", "median", "high", "outside"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    frame.index = pd.MultiIndex.from_tuples(frame.index, names=["case", "figure"])
    return frame


@described(
    "Which kinds of citing change which field",
    "By relation and field (said_by, modality, certainty; slots: those of each case, a hop counts if any is known)",
    columns(
        relation=Column("term", "how the citing document relies on the other"),
        field=Column("words", "the field"),
        title=Column("words", "the relation in words", "kind of citing"),
        changed=Column("count", "hops that changed the field", "changed"),
        of=Column("count", "hops whose codes are known at both ends"),
        share=Column("share", "changed / of"),
        share_low=STANDARD["share_low"],
        share_high=STANDARD["share_high"],
        cases=Column("count", "cases with such hops"),
        changed_in=Column("count", "cases in which one changed the field", "changed in"),
    ),
    shown=("title", "field", "changed", "of", "share", "share_low", "share_high", "cases", "changed_in"),
    limits="hops of one case are no independent draws, so the intervals are too narrow, and a case with many hops "
    "weighs more",
    source="C. J. Clopper and E. S. Pearson, Biometrika 26 (1934)",
)
def hop_typology(cascades: Mapping[str, Cascade]) -> pd.DataFrame:
    """Return which kinds of citing change which field how often, over all cases.

    A hop counts for a field where its code is known at both ends. Hops of one case are no independent draws: a case
    with many hops weighs more, and `cases` says from how many a row comes. The interval is exact for independent hops
    (Clopper and Pearson), so for these it is too narrow.

    Examples
    --------
    The one hop at which a satirist was read as news changed how real it is said to be.

    >>> import woozle
    >>> found = hop_typology({"jang": woozle.open("jang_dogs_2013").cascade()})
    >>> found.loc[("misreads_satire", "modality"), ["changed", "of"]].to_list()
    [1, 1]
    """
    _check(cascades)
    counts: dict[tuple[str, str], dict[str, list[int]]] = {}
    titles: dict[str, str] = {}
    for name, cascade in cascades.items():
        case = cascade.case
        for document, hop in records_by_id(cascade.main_parents).items():
            if not hop["parent_version"]:
                continue
            titles.setdefault(hop["relation"], case.vocabularies["relation"].title(hop["relation"]))
            taken = taken_at(cascade, document)
            pairs = zip(case.codes[hop["parent"]][hop["parent_version"]], case.codes[document][1], strict=True)
            known = zip(case.fields, pairs, strict=True)
            states = [None if None in pair else pair[0] != pair[1] and field not in taken for field, pair in known]
            fields = dict(zip(case.fields, states, strict=True))
            own = [state for field, state in fields.items() if field not in _COMMON and state is not None]
            told = {field: fields[field] for field in _COMMON} | {SLOTS: any(own) if own else None}
            for field, state in told.items():
                if state is not None:
                    found = counts.setdefault((hop["relation"], field), {}).setdefault(name, [0, 0])
                    found[0] += state
                    found[1] += 1
    rows = []
    for (relation, field), by_case in counts.items():
        changed, of = (sum(pair[end] for pair in by_case.values()) for end in (0, 1))
        changed_in = sum(pair[0] > 0 for pair in by_case.values())
        row = [
            relation,
            field,
            titles[relation],
            changed,
            of,
            changed / of,
            *exact(changed, of),
            len(by_case),
            changed_in,
        ]
        rows.append(row)
    columns = ["relation", "field", "title", "changed", "of", "share", "share_low", "share_high", "cases", "changed_in"]
    frame = pd.DataFrame(rows, columns=columns)
    hops = frame.groupby("relation")["of"].transform("max")
    places = frame["field"].map([*_COMMON, SLOTS].index)
    order = frame.assign(hops=-hops, place=places).sort_values(["hops", "relation", "place"], kind="stable").index
    return frame.loc[order].set_index(["relation", "field"])


def change_kinds(cascades: Mapping[str, Cascade]) -> pd.DataFrame:
    """Return how many hops of each case made which kind of change.

    Returns
    -------
    DataFrame
        By `kind`, those of most cases first: a column for each case (hops with a change of that kind) and `cases` (in
        how many it occurs).

    Examples
    --------
    >>> import woozle
    >>> found = change_kinds({"jang": woozle.open("jang_dogs_2013").cascade()})
    >>> int(found["jang"].loc["genre lost"])
    1
    """
    _check(cascades)
    counts = {}
    for name, cascade in cascades.items():
        counts[name] = drift(cascade).groupby("kind")["document"].nunique()
    frame = pd.DataFrame(counts).fillna(0).astype(int).rename_axis("kind")
    frame = frame.reindex(columns=list(cascades))
    frame["cases"] = (frame > 0).sum(axis=1)
    return frame.sort_values(["cases", *cascades], ascending=False, kind="stable")


def _check(cascades: Mapping[str, Cascade]) -> None:
    if not cascades:
        raise ParameterError("cases: none is given, so there is nothing to compare.")
