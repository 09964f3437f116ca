"""Which parts of a claim survive how many hops, and which kind of hop changes most?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woozle.description import Column, columns, described
from woozle.measure.drift import drift, main_path, taken_at
from woozle.measure.intervals import LEVEL, exact
from woozle.model.cascade import Cascade
from woozle.rows import records_by_id

BOOTSTRAPS = 500
_LOSSES = ("genre lost", "date lost", "dropped attribution", "lost detail")


@described(
    "Lives of the fields",
    "One row a document, roots left out, and field",
    columns(
        "document",
        "field",
        "root",
        hops=Column("count", "hops to the change, or to the document"),
        changed=Column("yes or no", "whether it changed"),
        branch=Column("document", "the first on the way with at most half of all documents on or below it"),
    ),
    limits="documents of one branch share ancestors, and are no independent cases",
)
def field_lives(cascade: Cascade) -> pd.DataFrame:
    """Return for each document and field how many hops from the root the field's code lasted.

    The unit is a field of a document along its main parents. It starts at the root with the root's code, if that is
    known and not empty; it ends at the first hop after which the code is known to be another, or is still alive at
    the document (censored there). A code that is not known on the way is taken as unchanged until one is known. Where a
    document took another code from a second source, that is no change: it is censored before that hop.

    Examples
    --------
    >>> import woozle
    >>> lives = field_lives(woozle.open("dprk_troops_2024").cascade())
    >>> lives.query("document == 'globalgulag' and field == 'place'")[["hops", "changed"]].values.tolist()
    [[3, True]]
    """
    case = cascade.case
    branch_of = _branches(cascade)
    rows = []
    for document in cascade.carriers:
        path = main_path(cascade, document)
        if len(path) == 1 or path[0] not in case.codes:
            continue
        known = [case.codes[name][1] if name in case.codes else (None,) * len(case.fields) for name in path]
        for place, field in enumerate(case.fields):
            codes = [version[place] for version in known]
            if not codes[0]:
                continue
            end = next((hop for hop, code in enumerate(codes) if code is not None and code != codes[0]), None)
            hops = len(path) - 1 if end is None else end
            if end is not None and field in taken_at(cascade, path[end]):
                hops, end = end - 1, None
            if hops:
                rows.append([document, field, path[0], hops, end is not None, branch_of[document]])
    return pd.DataFrame(rows, columns=["document", "field", "root", "hops", "changed", "branch"])


@described(
    "Survival of the fields",
    "One row a field and number of hops at which a code changed or was last seen",
    columns(
        "field",
        hops=Column("count", "hops from the root", "hops from the root"),
        survival=Column("share", "codes that are still those of the root", "share unchanged"),
        low=Column("share", "the lower end of the 90 % interval, by resampled branches", "at least"),
        high=Column("share", "the upper end", "at most"),
        at_risk=Column("count", "documents whose code lasted till then", "documents so far"),
        changed=Column("count", "documents whose code changed at this hop", "changed here"),
        documents=Column("count", "all documents counted for this field"),
        branches=Column("count", "all branches on which these documents lie"),
    ),
    shown=("field", "hops", "survival", "low", "high", "at_risk", "changed"),
    limits="branches share ancestors: intervals resample whole branches, and are too narrow with few; a hop that all "
    "share is one hop: see `hop_hazard`, which counts each once",
    source="E. L. Kaplan and P. Meier, JASA 53 (1958); C. A. Field and A. H. Welsh, JRSS B 69 (2007)",
)
def field_survival(cascade: Cascade, seed: int = 0, bootstraps: int = BOOTSTRAPS) -> pd.DataFrame:
    """Return the share of each field's codes that survive so many hops from the root.

    Kaplan and Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958); documents with fewer
    hops are censored. Branches share ancestors, so their documents are no independent cases: the 90 % intervals come
    from resampling whole branches (cluster bootstrap; Field and Welsh, JRSS B 69, 2007). With few branches they are
    too narrow, so `branches` stands beside them.

    Examples
    --------
    >>> import woozle
    >>> found = field_survival(woozle.open("jang_dogs_2013").cascade())
    >>> found.query("field == 'modality' and hops == 1")[["survival", "documents"]].values.tolist()
    [[0.0, 8.0]]
    """
    from scipy import stats

    lives = field_lives(cascade)
    random = np.random.default_rng(seed)
    frames = []
    for field in [name for name in cascade.case.fields if name in set(lives["field"])]:
        own = lives[lives["field"] == field]
        hops, changed = own["hops"].to_numpy(), own["changed"].to_numpy()
        curve = stats.ecdf(stats.CensoredData(uncensored=hops[changed], right=hops[~changed])).sf
        times = np.unique(hops)
        estimate = curve.evaluate(times)
        names, branch = np.unique(own["branch"].to_numpy(), return_inverse=True)
        weights = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=bootstraps)[:, branch]
        drawn = kaplan_meier(hops, changed, times, weights)
        ends = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        frames.append(
            pd.DataFrame(
                {
                    "field": field,
                    "hops": times,
                    "survival": estimate,
                    "low": np.minimum(ends[0], estimate),
                    "high": np.maximum(ends[1], estimate),
                    "at_risk": [(hops >= time).sum() for time in times],
                    "changed": [((hops == time) & changed).sum() for time in times],
                    "documents": len(own),
                    "branches": len(names),
                }
            )
        )
    columns = ["field", "hops", "survival", "low", "high", "at_risk", "changed", "documents", "branches"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


@described(
    "Hazard of a hop",
    "One row a field and depth",
    columns(
        "field",
        "share_low",
        "share_high",
        hops=Column("count", "hops from the root, this one included", "hop"),
        changed=Column("count", "hops that changed it", "changed"),
        of=Column("count", "hops whose two codes are known"),
    ),
    caption="How many hops changed a field that had lasted until then. Each hop counts once, however many documents "
    "lie behind it.",
    shown=("field", "hops", "changed", "of", "share_low", "share_high"),
    limits="hops are no random sample",
    source="C. J. Clopper and E. S. Pearson, Biometrika 26 (1934)",
)
def hop_hazard(cascade: Cascade) -> pd.DataFrame:
    """Return how often a hop changes a field that had lasted until then, each hop counted once.

    `field_survival` weighs a hop by the documents behind it. Here the unit is the hop itself: of the main-parent hops
    that lie so many hops from the root, and whose parent still has the root's code, how many change it.

    Examples
    --------
    One hop, from the satirist to Wen Wei Po, changed how real it is said to be.

    >>> import woozle
    >>> found = hop_hazard(woozle.open("jang_dogs_2013").cascade())
    >>> found.query("field == 'modality'")[["hops", "changed", "of"]].values.tolist()
    [[1, 1, 1]]
    """
    case = cascade.case
    counts: dict[tuple[int, int], list[int]] = {}
    for document in cascade.main_parents.index:
        path = main_path(cascade, document)
        taken = taken_at(cascade, document)
        if not {path[0], path[-2], document} <= set(case.codes):
            continue
        for place in range(len(case.fields)):
            root, parent, own = (case.codes[name][1][place] for name in (path[0], path[-2], document))
            if root and parent == root and own is not None:
                pair = counts.setdefault((place, len(path) - 1), [0, 0])
                pair[0] += own != root and case.fields[place] not in taken
                pair[1] += 1
    rows = [[case.fields[key[0]], key[1], *counts[key], *exact(*counts[key])] for key in sorted(counts)]
    return pd.DataFrame(rows, columns=["field", "hops", "changed", "of", "share_low", "share_high"])


def kaplan_meier(hops: np.ndarray, changed: np.ndarray, times: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the product-limit estimate at `times` for many weightings of the same lives at once.

    Parameters
    ----------
    hops, changed
        How long each life lasted, and whether it ended with a change (else it is censored), one a life.
    times
        At which to estimate, in order.
    weights
        How often each life counts, weightings × lives.

    Returns
    -------
    ndarray
        Weightings × times; NaN from where no life of a weighting is left.

    Examples
    --------
    >>> kaplan_meier(np.array([1, 2]), np.array([True, True]), np.array([1, 2]), np.ones((1, 2))).tolist()
    [[0.5, 0.0]]
    """
    at_risk = np.stack([(weights * (hops >= time)).sum(axis=1) for time in times], axis=1)
    events = np.stack([(weights * ((hops == time) & changed)).sum(axis=1) for time in times], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        kept = np.where(at_risk > 0, 1 - events / at_risk, np.nan)
    survival = np.cumprod(kept, axis=1)
    ended = np.cumsum(np.nan_to_num(survival, nan=1) == 0, axis=1) > 0  # what has ended stays ended
    return np.where(ended, 0.0, survival)


@described(
    "Which hops change the claim",
    "By relation, in the order of its rank",
    columns(
        "relation",
        "share_low",
        "share_high",
        changed=Column("count", "hops that changed a field", "changed here"),
        of=Column("count", "hops with codes at both ends"),
        fields=Column("count", "changed fields, in all"),
        lost=Column("count", "of those: genre, date, attribution or detail lost"),
    ),
    caption="Which kind of hop changes the claim. The share has an exact interval; counts are small, and most kinds "
    "can't be told apart.",
    shown=("relation", "changed", "of", "share_low", "share_high", "fields", "lost"),
    limits="hops of a kind are no sample; counts are small",
    source="C. J. Clopper and E. S. Pearson, Biometrika 26 (1934)",
)
def hop_changes(cascade: Cascade) -> pd.DataFrame:
    """Return which kind of hop changes the claim how often.

    Only main-parent hops with codes at both ends count. The interval is exact (Clopper and Pearson) if hops of one kind
    are a sample of many like them. With counts this small it is wide, and most kinds can't be told apart.

    Examples
    --------
    DW changed what the alert said; the alert did not change what the official said, nor did two the alert's words.

    >>> import woozle
    >>> hop_changes(woozle.open("poland_missile_2022").cascade()).loc["attributes", ["changed", "of"]].to_list()
    [1, 4]
    """
    hops = cascade.main_parents
    hops = hops[hops["parent_version"] > 0]
    ledger = drift(cascade)
    lost = ledger[ledger["kind"].isin(_LOSSES)]
    rank = cascade.case.vocabularies["relation"].rank
    rows = {}
    for relation in sorted(set(hops["relation"]), key=rank):
        own = hops[hops["relation"] == relation]
        changed = ledger.loc[ledger["document"].isin(own.index), "document"].nunique()
        fields = int(ledger["document"].isin(own.index).sum())
        rows[relation] = [
            changed,
            len(own),
            *exact(changed, len(own)),
            fields,
            int(lost["document"].isin(own.index).sum()),
        ]
    columns = ["changed", "of", "share_low", "share_high", "fields", "lost"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("relation")


@described(
    "Steps of strength",
    "By field: modality, certainty",
    columns(
        "field",
        "share_low",
        "share_high",
        up=Column("count", "main-parent hops on which it rises"),
        same=Column("count", "on which it stays"),
        down=Column("count", "on which it falls"),
        of=Column("count", "all of these"),
    ),
    limits="both are ordinal, so steps are counted, never averaged; the interval is of `up` among hops that moved",
    source="C. J. Clopper and E. S. Pearson, Biometrika 26 (1934)",
)
def ordinal_steps(cascade: Cascade) -> pd.DataFrame:
    """Return in which direction modality and certainty move; both are ordinal, so steps are counted, never averaged.

    Examples
    --------
    >>> import woozle
    >>> ordinal_steps(woozle.open("jang_dogs_2013").cascade()).loc["modality", ["up", "same", "down"]].to_list()
    [1, 4, 3]
    """
    case, hops = cascade.case, cascade.main_parents
    rows = {}
    for field in ("modality", "certainty"):
        rank, codes = case.vocabularies[field].rank, case.claims[field]
        steps = [
            np.sign(rank(codes[name, 1]) - rank(codes[hop["parent"], hop["parent_version"]]))
            for name, hop in records_by_id(hops).items()
            if hop["parent_version"] and field not in taken_at(cascade, name)
        ]
        up, same, down = (steps.count(step) for step in (1, 0, -1))
        rows[field] = [up, same, down, len(steps), *exact(up, up + down)]
    columns = ["up", "same", "down", "of", "share_low", "share_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("field")


@described(
    "Losses",
    "One row a hop and field that is told no more",
    columns(
        "parent",
        "document",
        "field",
        "from",
        "relation",
        kind=Column("words", "genre lost, date lost, dropped attribution, lost detail"),
        below=Column("count", "documents with the claim below it on main paths: it did not reach them this way"),
    ),
    caption="Where a hop dropped something that its source had said, and how many documents lie below on main paths.",
    shown=("parent", "document", "field", "kind", "relation", "below"),
    limits="they may have it from another source",
)
def losses(cascade: Cascade) -> pd.DataFrame:
    """Return where information is lost: the rows of the drift ledger in which something is no longer said."""
    ledger = drift(cascade)
    lost = ledger[ledger["kind"].isin(_LOSSES)][["parent", "document", "field", "from", "kind", "relation"]].copy()
    parents = cascade.main_parents["parent"]
    passing: dict[str, int] = {}
    for name in cascade.carriers:
        while name in parents.index:
            name = parents[name]
            passing[name] = passing.get(name, 0) + 1
    lost["below"] = [passing.get(name, 0) for name in lost["document"]]
    return lost.sort_values("below", ascending=False, kind="stable").reset_index(drop=True)


def _branches(cascade: Cascade) -> dict[str, str]:
    """Return for each document the branch of the main-parent tree that it lies on, named by its first document.

    A branch begins below a root; one that holds more than half of all documents is split where it forks next.
    """
    names = cascade.carriers
    paths = {name: main_path(cascade, name) for name in names}
    holds: dict[str, int] = {}
    for path in paths.values():
        for name in path:
            holds[name] = holds.get(name, 0) + 1
    branches = {}
    for name, path in paths.items():
        lower = [step for step in path[1:] if 2 * holds[step] <= len(names)]
        branches[name] = lower[0] if lower else path[-1]
    return branches
