"""How much do the figures depend on uncertain dates, inferred hops and coders who disagree?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from woozle.description import Column, columns, described, description_of
from woozle.errors import ParameterError
from woozle.measure.agreement import resolved
from woozle.measure.headline import DATED, STATISTICS, States, in_seconds, states_of
from woozle.measure.intervals import check_draws, quantiles
from woozle.measure.turn import false_origins
from woozle.model.cascade import Cascade
from woozle.model.case import Case
from woozle.package.schema import CONFIDENCE

DRAWS = 1000
SWEEPS = 200
SOURCES = ("dates", "doubtful hops", "codings")
GUESS = CONFIDENCE["inferred"]  # how probable it is that a document without a coded version carries the claim
_CODINGS = 25  # so many resolved codings are drawn where coders disagree; each is used for several draws


def draw_dates(cascade: Cascade, draws: int = DRAWS, seed: int = 0, sweeps: int = SWEEPS) -> pd.DataFrame:
    """Return random draws of when each document was published, in possible orders only.

    Each document is uniform on its interval, given that none is older than what it relies on. By Gibbs sampling
    (Geman and Geman, IEEE TPAMI 6, 1984): one chain a draw, each from its own start; a sweep draws each document anew
    between the documents around it. Drawing all at random and throwing impossible orders away would keep almost none.

    Parameters
    ----------
    cascade
        The cascade; all its citations order its documents.
    draws, seed
        Number of draws, and the seed: the same seed gives the same draws.
    sweeps
        Number of sweeps of each chain.

    Returns
    -------
    DataFrame
        Draws × documents: seconds since 1970, UTC.

    Examples
    --------
    >>> import woozle
    >>> drawn = draw_dates(woozle.open("dprk_troops_2024").cascade(), draws=50)
    >>> bool((drawn["tvchosun"] <= drawn["pentagon_question"]).all())
    True
    """
    check_draws(draws, seed)
    states = states_of(cascade)
    return pd.DataFrame(states.draw_dates(draws, seed, sweeps), columns=list(states.names)).rename_axis("draw")


def headline_draws(
    cascade: Cascade,
    draws: int = DRAWS,
    seed: int = 0,
    vary: Sequence[str] = SOURCES,
    probability: float | Mapping[str | tuple[str, str], float] | None = None,
    sweeps: int = SWEEPS,
) -> pd.DataFrame:
    """Return draws of every headline figure, with what is uncertain varied at random.

    Parameters
    ----------
    cascade
        The cascade.
    draws, seed
        Number of draws, and the seed.
    vary
        What varies: "dates" (see `draw_dates`; a document exists if its drawn moment is not after the moment of
        reading), "doubtful hops" (each document without a coded version carries the claim by its probability, and each
        citation holds by its confidence: as its row says, else by how it was seen), "codings" (where two or more coders
        coded a version, each draw takes the codes of one of them). What does not vary is as coded; dates are then drawn
        once for all.
    probability
        How probable what is inferred is: one number for all documents without a version and all inferred citations, or
        numbers by document and by citation (cited, citing). If not given: an even chance for a document, and its
        confidence for a citation.
    sweeps
        See `draw_dates`.

    Returns
    -------
    DataFrame
        Draws × figures (`STATISTICS`) and their denominators; NaN where a figure has no value.

    Raises
    ------
    ParameterError
        A source of uncertainty is not known, or a probability is not between 0 and 1.

    Examples
    --------
    >>> import woozle
    >>> drawn = headline_draws(woozle.open("dprk_troops_2024").cascade(), draws=100)
    >>> float(drawn["roots"].min())  # four as coded; a citation that does not hold makes one more
    4.0
    """
    check_draws(draws, seed)
    for name in [vary] if isinstance(vary, str) else vary:
        if name not in SOURCES:
            raise ParameterError(f"vary: '{name}' is not one of {', '.join(SOURCES)}.")
    coded, key = states_of(cascade), (draws, seed, tuple(vary), sweeps)
    if probability is not None:
        return _draw_headline(coded, draws, seed, vary, probability, sweeps)
    if key not in coded.tables:  # tables, charts and sentences ask for the same draws
        coded.tables[key] = _draw_headline(coded, draws, seed, vary, probability, sweeps)
    return coded.tables[key].copy()


def _draw_headline(
    coded: States,
    draws: int,
    seed: int,
    vary: Sequence[str],
    probability: float | Mapping[str | tuple[str, str], float] | None,
    sweeps: int,
) -> pd.DataFrame:
    cascade, random = coded.cascade, np.random.default_rng([seed, 1])
    alternatives = resolved(cascade.case, _CODINGS, seed) if "codings" in vary else []
    pool = [states_of(replace(cascade, case=case)) for case in alternatives] or [coded]
    which = random.integers(len(pool), size=draws)
    holds = np.ones((draws, len(coded.hops)), dtype=bool)
    if "doubtful hops" in vary:
        holds = _draw_hops(coded, draws, probability, random)
    times = coded.draw_dates(draws if "dates" in vary else 1, seed, sweeps)
    # All that the cascade holds was perhaps out; without drawn dates it all counts, as in the coded state.
    out = times <= cascade.moment.timestamp() if "dates" in vary else np.ones((1, len(coded.names)), dtype=bool)
    documents = cascade.documents.loc[list(coded.names)]
    as_coded = list(zip(in_seconds(documents["earliest"]), in_seconds(documents["latest"]), strict=True))
    rows = []
    without_dates: dict[tuple[int, bytes], dict[str, float]] = {}  # where dates do not vary, few states are left
    for draw in range(draws):
        states, day = pool[which[draw]], draw if "dates" in vary else 0
        state = (int(which[draw]), holds[draw].tobytes())
        if day == 0 and state in without_dates:
            rows.append(without_dates[state])
            continue
        seconds, here = times[day].tolist(), out[day].tolist()
        moments = [(second,) for second in seconds] if "dates" in vary else as_coded
        counted = states.count(here, holds[draw].tolist(), moments)
        rows.append(counted | states.dated(counted, here, seconds))
        if "dates" not in vary:
            without_dates[state] = rows[-1]
    names = list(
        dict.fromkeys([*(figure.name for figure in STATISTICS), *(figure.of for figure in STATISTICS if figure.of)])
    )
    return pd.DataFrame(rows, columns=names, dtype=float).rename_axis("draw")


def _draw_hops(
    states: States, draws: int, probability: float | Mapping | None, random: np.random.Generator
) -> np.ndarray:
    """Return which hops hold, draws × hops: one coin a document without a version, one a citation."""
    known: dict[str | tuple[str, str], float] = {
        name: GUESS for name in states.names if states.cascade.carries(name) == "inferred"
    }
    known |= {(hop.cited, hop.citing): hop.confidence for hop in states.hops if hop.confidence < 1}
    if isinstance(probability, Mapping):
        allowed = {*known, *((hop.cited, hop.citing) for hop in states.hops)}
        for key in set(probability) - allowed:
            raise ParameterError(f"probability: {key!r} is neither a document without a version nor a citation.")
        known |= probability
    elif probability is not None:
        inferred = {(hop.cited, hop.citing) for hop in states.hops if hop.seen == "inferred"}
        known |= {key: probability for key in known if key in inferred or isinstance(key, str)}
    for key, chance in known.items():
        if not 0 <= chance <= 1:
            raise ParameterError(f"probability: {chance} of {key!r} is not between 0 and 1.")
    coins = {key: random.random(draws) < chance for key, chance in known.items()}
    holds = np.ones((draws, len(states.hops)), dtype=bool)
    for place, hop in enumerate(states.hops):
        for key in (hop.cited, hop.citing, (hop.cited, hop.citing)):
            if key in coins:
                holds[:, place] &= coins[key]
    return holds


@described(
    "Headline figures",
    "By figure, in the order of `STATISTICS`",
    columns(
        "figure",
        "unit",
        title=Column("words", "the title", "figure"),
        median=Column("in its unit", "the median of the draws"),
        low=Column("in its unit", "the lower end of the middle 90 % of the draws"),
        high=Column("in its unit", "the upper end of the middle 90 % of the draws"),
        value=Column(
            "in its unit",
            "with all documents that were perhaps out and all hops; missing where it depends on the order of dates",
            "all counted",
        ),
        of=Column("number", "the denominator, in the coded state"),
        of_drawn=Column("number", "the denominator, the median of the draws"),
        driver=Column("words", "what moves it most: dates, doubtful hops or codings; or not varied", "moved by"),
        coded_only=Column("in its unit", "the value without inferred hops", "without inferred hops"),
        seen_only=Column(
            "in its unit", "without citations that were not seen on the citing page", "without second hand"
        ),
        means=Column("words", "what it counts"),
    ),
    caption="All headline figures: first with all documents and hops, uncertain ones too. Then in draws of dates and "
    "inferred hops (median, and middle nine tenths), with what moves each figure most. Last, what is left without "
    "inferred hops, and without citations seen at second hand.",
    shown=("title", "value", "of", "median", "low", "high", "unit", "driver", "coded_only", "seen_only"),
    limits="the value is an extreme and may lie outside the interval; not varied does not mean certain",
)
def headline_intervals(
    cascade: Cascade,
    draws: int = DRAWS,
    seed: int = 0,
    probability: float | Mapping[str | tuple[str, str], float] | None = None,
) -> pd.DataFrame:
    """Return every headline figure with its uncertainty, and which uncertainty drives it.

    Examples
    --------
    >>> import woozle
    >>> found = headline_intervals(woozle.open("dprk_troops_2024").cascade(), draws=100)
    >>> found[["value", "low"]].loc["roots"].to_list(), found["driver"].loc["roots"]
    ([4.0, 4.0], 'doubtful hops')
    """
    ranges = headline_ranges(cascade, draws, seed, probability)
    sources = [name for name in SOURCES if name != "codings" or cascade.case.codings]
    alone = {name: headline_draws(cascade, draws, seed, (name,), probability) for name in sources}
    without = {
        "coded_only": states_of(replace(cascade, include_inferred=False)).as_coded(),
        "seen_only": states_of(replace(cascade, include_second_hand=False)).as_coded(),
    }
    drivers = {}
    for figure in STATISTICS:
        spread = {}
        for source, own in alone.items():
            ends = quantiles(own[figure.name])
            spread[source] = (ends[2] - ends[0], own[figure.name].max() - own[figure.name].min())
        most = max(spread, key=spread.__getitem__)
        drivers[figure.name] = most if spread[most][1] > 0 else "not varied"
    counted = {column: [state[name] for name in ranges.index] for column, state in without.items()}
    return ranges.assign(**counted, driver=pd.Series(drivers), means=[figure.means for figure in STATISTICS])


def headline_ranges(
    cascade: Cascade,
    draws: int = DRAWS,
    seed: int = 0,
    probability: float | Mapping[str | tuple[str, str], float] | None = None,
) -> pd.DataFrame:
    """Return every headline figure with its uncertainty: `headline_intervals` up to `of_drawn`, in half the time.

    Examples
    --------
    >>> import woozle
    >>> found = headline_ranges(woozle.open("ual_bankruptcy_2008").cascade(), draws=50)
    >>> found.loc["roots", ["value", "low"]].to_list()
    [1.0, 1.0]
    """
    drawn = headline_draws(cascade, draws, seed, probability=probability)
    value = states_of(cascade).as_coded()
    rows = {}
    for figure in STATISTICS:
        low, median, high = quantiles(drawn[figure.name])
        rows[figure.name] = {
            "title": figure.title,
            "value": value[figure.name],
            "median": median,
            "low": low,
            "high": high,
            "unit": figure.unit,
            "of": value.get(figure.of, float("nan")),
            "of_drawn": quantiles(drawn[figure.of])[1] if figure.of else float("nan"),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("figure")


@described(
    "The first false version",
    "By document that may be the first, most draws first",
    columns(
        "parent",
        document=Column("document", "the document that is false", "to"),
        draws=Column("count", "draws in which no other false version was out before", "first in draws"),
        of_draws=Column("count", "all draws", "of draws"),
        **{name: description_of(false_origins).columns[name] for name in ("below", "of")},
    ),
    caption="Which false version was the first: in how many draws of possible dates, and how many false versions lie "
    "on or below it by main parents. One without a source was false from the start, or had it from a document that "
    "nobody coded.",
    shown=("parent", "document", "draws", "of_draws", "below", "of"),
    limits="dates are uniform on what is possible, a convention",
)
def first_false(cascade: Cascade, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return the documents in which the claim may first have been false, each with the number of draws of dates.

    Examples
    --------
    >>> import woozle
    >>> first_false(woozle.open("ual_bankruptcy_2008").cascade(), draws=100)["draws"].to_dict()
    {'isa_summary': 100}
    """
    check_draws(draws, seed)
    states = states_of(cascade)
    origins = false_origins(cascade).query("may_be_first != 'no'")[["parent", "below", "of"]]
    times = states.draw_dates(draws, seed, SWEEPS)[:, [states.number[name] for name in origins.index]]
    out = times <= cascade.moment.timestamp()
    first = np.where(out, times, np.inf).argmin(axis=1)[out.any(axis=1)] if len(origins) else np.array([], dtype=int)
    origins["draws"] = np.bincount(first, minlength=len(origins))
    origins["of_draws"] = draws
    return origins.sort_values("draws", ascending=False, kind="stable")


@described(
    "As it could be known",
    "By moment at which it can have changed, and figure",
    columns(
        "moment",
        "figure",
        surely=Column("number", "with the documents that surely were out", "with what surely was out"),
        perhaps=Column("number", "with those too that perhaps were", "with what perhaps was out too"),
    ),
    limits="no interval of probability; figures that depend on the order of dates are left out",
)
def as_of_series(case: Case | Cascade) -> pd.DataFrame:
    """Return the headline figures as they could be known at each moment at which that can have changed.

    Figures that depend on the order of dates (time to half, first correction and the like) are left out: they have no
    value without an order; see `headline_intervals` with the cascade as of a moment.

    At each moment a figure is counted twice: with the documents that surely were out, and with those too that perhaps
    were. That is no interval of probability; it shows how far the dates leave the figure open.

    Parameters
    ----------
    case
        A case, or a cascade: then moments after its own are left out.

    Examples
    --------
    >>> import woozle
    >>> series = as_of_series(woozle.open("dprk_troops_2024"))
    >>> series.xs("carriers", level="figure").iloc[-1].to_list()
    [46.0, 46.0]
    """
    cascade = case if isinstance(case, Cascade) else case.cascade()
    documents = cascade.documents
    moments = pd.concat([documents["earliest"], documents["latest"]]).drop_duplicates().sort_values()
    rows = []
    names = [figure.name for figure in STATISTICS if figure.name not in DATED]
    for moment in moments[moments <= cascade.moment]:
        then = states_of(replace(cascade, as_of=moment.isoformat()))
        ends = {name: then.as_coded(surely=name == "surely") for name in ("surely", "perhaps")}
        rows += [(moment, figure, ends["surely"][figure], ends["perhaps"][figure]) for figure in names]
    frame = pd.DataFrame(rows, columns=["moment", "figure", "surely", "perhaps"])
    return frame.set_index(["moment", "figure"]).astype(float)
