"""The sentences, charts and tables of the report on a collection of posts; what a notebook about one calls."""

from __future__ import annotations

import html
import inspect
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from woozle.chart import Figure
from woozle.chart import collection as charts
from woozle.description import Column
from woozle.notebook.about import put_out
from woozle.notebook.figures import NARROW
from woozle.notebook.story import Shown
from woozle.notebook.tables import Table
from woozle.notebook.words import Words, fill
from woozle.text import plain_number, visible

if TYPE_CHECKING:
    from woozle import collection

WIDE = 740  # pixels: a page of 800 holds it
_MOST_LETTERS = 200_000_000  # of texts that are compared with each other: more do not fit into the memory of a laptop
_FALSE = 0.05  # at most this share of the edges called beyond chance may be false
_LARGEST = 9  # cascades that are drawn
_SHOWN = 50  # rows of a table
_NAME = 24  # letters of an account above a picture
_FEW = 200  # one post in so many, at each end, may lie outside of the picture over time
_FAR = 10  # how far outside: this many times the span of the other posts
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000, 10**9)
_OF = {
    "urls": "address", "objects": "object", "media": "picture", "reposts": "post", "hashtags": "hashtag",
    "texts": "text",
}  # fmt: skip


def begin_collection(path: str, parameters: Mapping[str, Any]) -> CollectionReport:
    """Open a collection as the parameters of a notebook say; this is what its first cell calls."""
    report = CollectionReport(path, **{name: parameters[name] for name in ("of", "window", "min_participation", "draws")
                                       if name in parameters})  # fmt: skip
    put_out(report.about)
    return report


class Many(int):
    """A number that is told with commas."""

    def __str__(self) -> str:
        return f"{int(self):,}"


def _number_of(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"


class CollectionReport:
    """A collection of posts, and what a report tells of it; what is asked for twice is computed once.

    Parameters
    ----------
    path
        A file of `woozle collect`, or a folder of them.
    of
        What accounts share, as in `Posts.shares`; if empty, the first that the collection has of addresses, objects,
        pictures, reposts, hashtags and texts.
    window, min_participation
        As for `woozle.collection.coordination`.
    draws
        How often moments are drawn anew.
    """

    def __init__(self, path: str, of: str = "", window: float = 60, min_participation: int = 2, draws: int = 200):
        from woozle import collection

        self._measures = collection
        self.posts = collection.open(path)
        self.name = Path(path).stem
        self._of, self.window, self.min_participation, self.draws = of, window, min_participation, draws

    # What it holds

    @cached_property
    def _facts(self) -> pd.DataFrame:
        """The posts, a row for each: a post that shares several things has several rows in the file."""
        rows = self.posts.table(["key", "account", "time", "source"]).to_pandas()
        return rows[(rows["key"] == "") | ~rows["key"].duplicated()]

    @cached_property
    def _pictured(self) -> pd.Series:
        """The times that the picture over time shows: without a few that lie so far away that nothing else is seen."""
        times = self._facts["time"].dropna().sort_values(ignore_index=True)
        few = max(1, len(times) // _FEW)
        if len(times) < _FEW // 10:
            return times
        first, last = times.iloc[few], times.iloc[-1 - few]
        span = max(last - first, pd.Timedelta(days=1))
        return times[times.between(first - _FAR * span, last + _FAR * span)]

    @cached_property
    def _days(self) -> pd.DataFrame:
        """Posts by day, hour or month: `day`, `end`, `posts`."""
        times = self._pictured
        span = (times.max() - times.min()).days if len(times) else 0
        step = "h" if span < 4 else "D" if span < 1500 else "MS"
        counts = times.dt.tz_convert(None).dt.floor("h" if step == "h" else "D").value_counts().sort_index()
        counts = counts.asfreq("h" if step == "h" else "D", fill_value=0) if len(counts) else counts
        if step == "MS":
            counts = counts.resample("MS").sum()
        ends = counts.index + (
            pd.Timedelta(hours=1) if step == "h" else pd.Timedelta(days=1) if step == "D" else pd.DateOffset(months=1)
        )
        return pd.DataFrame({"day": counts.index, "end": ends, "posts": counts.to_numpy()})

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Runs of three days or more without a post between the first and the last: `from`, `to`, `days`."""
        times = self._facts["time"].dropna().dt.tz_convert(None).dt.floor("D").drop_duplicates().sort_values()
        after = times.shift(-1)
        days = (after - times).dt.days - 1
        found = pd.DataFrame({"from": times + pd.Timedelta(days=1), "to": after - pd.Timedelta(days=1), "days": days})
        return found[found["days"] >= 3].sort_values("days", ascending=False, ignore_index=True)

    # Cascades

    @cached_property
    def _forest(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.Index, int]:
        places, times, known, names = self.posts.answers()
        parents, cut = self._measures.without_circles(places, times)
        return parents, times, known, names, len(cut)

    @cached_property
    def cascades(self) -> pd.DataFrame:
        """See `woozle.collection.cascades`; with the name of the root in `key`, the largest first."""
        parents, times, known, names, _ = self._forest
        shapes = self._measures.cascades(parents, times, known)
        lost = ~shapes["known_root"].to_numpy(dtype=bool)
        key = pd.Series(names[shapes["root"]]).mask(lost, "not in the collection")
        return shapes.assign(key=key).sort_values(["size", "root"], ascending=[False, True], ignore_index=True)

    @cached_property
    def _grown(self) -> pd.DataFrame:
        """The largest cascades of three posts or more: `cascade` (words), `hours`, `posts`, at most 80 steps each."""
        parents, times, known, _, _ = self._forest
        large = self.largest[self.largest["size"] >= 3].head(_LARGEST)
        top = self._measures.roots_of(parents)
        parts = []
        for rank, row in enumerate(large.to_dict("records"), start=1):
            own = np.sort(times[(top == row["root"]) & known & ~np.isnan(times)])
            if not len(own):
                continue
            at = np.unique(np.linspace(0, len(own) - 1, min(len(own), 80)).round().astype(int))
            by = f", {visible(row['account'])[:_NAME]}" if row["account"] else ""
            name = f"{rank}. {row['size']:,} posts{by}"
            parts.append(pd.DataFrame({"cascade": name, "hours": (own[at] - own[0]) / 3600, "posts": at + 1}))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["cascade", "hours", "posts"])

    @cached_property
    def largest(self) -> pd.DataFrame:
        """The largest cascades of two posts or more, with `account`, `words` and `url` of their first posts."""
        large = self.cascades[self.cascades["size"] > 1].head(_SHOWN)
        posts = self.posts.table(["key", "account", "text", "url"]).to_pandas()
        first = posts[posts["key"].isin(large["key"])].drop_duplicates("key").set_index("key").reindex(large["key"])
        words = first["text"].fillna("").str.slice(0, 160)
        return large.assign(account=first["account"].fillna("").to_numpy(), words=words.to_numpy(),
                            url=first["url"].fillna("").to_numpy())  # fmt: skip

    # Words

    @cached_property
    def texts(self) -> pd.DataFrame:
        """Posts with words of their own, the first of them where there are very many."""
        letters = self._every_text["text"].str.len().cumsum()
        return self._every_text[(letters <= _MOST_LETTERS).to_numpy(dtype=bool)]

    @cached_property
    def _every_text(self) -> pd.DataFrame:
        return self.posts.texts().sort_values("time", kind="stable")

    @cached_property
    def copies(self) -> pd.DataFrame:
        """See `woozle.collection.sources`: the best source of each text."""
        return self._measures.sources(self.texts, most_sources=1)

    @cached_property
    def most_copied(self) -> pd.DataFrame:
        """Texts that most were taken from, directly: `source`, `copies`, `copied`, `cut`, `rewritten`, `words`."""
        if self.copies.empty:
            return pd.DataFrame(columns=["source", "copies", "copied", "cut", "rewritten", "words"])
        counts = self.copies.groupby(["source", "kind"]).size().unstack(fill_value=0)
        counts = counts.reindex(columns=["copied", "cut", "rewritten"], fill_value=0)
        counts.insert(0, "copies", counts.sum(axis=1))
        words = self.texts.set_index("id")["text"].str.slice(0, 160)
        counts["words"] = words.reindex(counts.index).to_numpy()
        return (
            counts.rename_axis("source")
            .reset_index()
            .sort_values(["copies", "source"], ascending=[False, True], ignore_index=True)
        )

    # Together

    @cached_property
    def of(self) -> str:
        """The kind of shared thing that the report is about."""
        if self._of:
            return self._of
        return next((name for name in _OF if len(self.posts.shares(name))), "urls")

    @cached_property
    def shares(self) -> pd.DataFrame:
        """See `Posts.shares`."""
        return self.posts.shares(self.of)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """See `woozle.collection.coordination`."""
        return self._measures.coordination(self.shares, self.window, self.min_participation)

    @cached_property
    def chance(self) -> collection.Chance:
        """See `woozle.collection.by_chance`."""
        return self._measures.by_chance(self.shares, self.window, self.min_participation, draws=self.draws)

    @cached_property
    def curve(self) -> pd.DataFrame:
        """See `woozle.collection.by_window`."""
        return self._measures.by_window(
            self.shares, min_participation=self.min_participation, draws=min(self.draws, 50)
        )

    @cached_property
    def together(self) -> pd.DataFrame:
        """Edges beyond chance with their communities: see `woozle.collection.communities`."""
        sure = self.chance.edges[self.chance.edges["q"] < _FALSE]
        found = self._measures.communities(sure)
        kinds = found.set_index("account")["community"]
        return sure.assign(community=kinds.reindex(sure["account"]).to_numpy() + 1 if len(sure) else [])

    # Sentences

    @cached_property
    def statistics(self) -> dict[str, Any]:
        """All that sentences may name; numbers of a thousand and more have commas."""
        return {name: Many(value) if type(value) is int else value for name, value in self._counted().items()}

    def _rules(self) -> dict[str, Any]:
        """The limits that the measures of texts and of chance use, for the sentences that name them."""
        usual = {name: of.default for name, of in inspect.signature(self._measures.sources).parameters.items()}
        return {"run": usual["ngram"], "common": usual["most_common"], "least": usual["least"],
                "percent": plain_number(100 * usual["share"]), "false_percent": plain_number(100 * _FALSE)}  # fmt: skip

    def _counted(self) -> dict[str, Any]:
        facts, shapes = self._facts, self.cascades
        times = facts["time"].dropna()
        lost = self._measures.missing_parents(shapes)
        trees = shapes[shapes["size"] > 1]
        first = trees.iloc[0] if len(trees) else None
        beyond = self.together
        return {
            "posts": len(facts), "accounts": facts.loc[facts["account"] != "", "account"].nunique(),
            "undated": int(facts["time"].isna().sum()), "outside": len(times) - len(self._pictured),
            "begin": f"{times.min():%-d %B %Y}" if len(times) else "",
            "end": f"{times.max():%-d %B %Y}" if len(times) else "",
            "gaps": len(self.gaps), "longest_gap": int(self.gaps["days"].max()) if len(self.gaps) else 0,
            "circles": self._forest[-1], "trees": len(trees), "alone": int((shapes["size"] == 1).sum()),
            "largest": int(first["size"]) if first is not None else 0,
            "largest_most": lost["largest"][1] if first is not None else 0,
            "half": _half(first["hours_to_half"] if first is not None else np.nan),
            "lost": int((~shapes["known_root"]).sum()),
            "lost_posts": int(shapes.loc[~shapes["known_root"], "size"].sum()),
            **self._rules(), "not_compared": len(self._every_text) - len(self.texts),
            "texts": len(self.texts), "copies": len(self.copies),
            "whole": int((self.copies["kind"] == "copied").sum()), "cut": int((self.copies["kind"] == "cut").sum()),
            "rewritten": int((self.copies["kind"] == "rewritten").sum()),
            "most_copies": int(self.most_copied["copies"].max()) if len(self.most_copied) else 0,
            "object": _OF[self.of],
            "window": plain_number(self.window), "participation": plain_number(self.min_participation),
            "shares": len(self.shares),
            "pairs": len(self.pairs), "edges": len(self.chance.edges),
            "expected": round(self.chance.expected), "low": round(self.chance.low), "high": round(self.chance.high),
            "usual": bool(len(self.pairs)) and not len(beyond), "beyond": len(beyond),
            "beyond_pairs": int(beyond["weight"].sum()) if len(beyond) else 0,
            "beyond_accounts": pd.unique(pd.concat([beyond["account"], beyond["other"]])).size if len(beyond) else 0,
            "groups": int(beyond["community"].nunique()) if len(beyond) else 0,
        }  # fmt: skip

    def tell(self, text: str, evidence: str = "", **values: object) -> Words:
        """Return a text with its figures, as `Teller` fills them."""
        return fill(text, evidence, **self.statistics, **values)

    def opening(self) -> Shown:
        """Show the head of the story: what it is, and its numbers."""
        of = self.statistics
        headline = f"{_number_of(of['posts'], 'post')} by {_number_of(of['accounts'], 'account')}"
        span = of["begin"] if of["begin"] == of["end"] else f"From {of['begin']} to {of['end']}"
        under = f"{span}." if of["begin"] else "No post has an exact time."
        tiles = [(f"{of['largest']:,}", "posts in the largest cascade", of["largest"])]
        repeat = "post repeats" if of["copies"] == 1 else "posts repeat"
        share = "pair of accounts shares" if of["beyond"] == 1 else "pairs of accounts share"
        tiles.append((f"{of['copies']:,}", f"{repeat} the words of an earlier one", of["copies"]))
        tiles.append((f"{of['beyond']:,}", f"{share} together far more often than by chance", of["beyond"]))
        shown = "".join(
            f'<li class="tile plain"><b>{number}</b> {means}</li>' for number, means, there in tiles if there
        )
        body = f'<h1 class="headline">{html.escape(headline)}</h1><p class="standfirst">{html.escape(under)}</p>'
        return Shown(body + (f'<ul class="tiles">{shown}</ul>' if shown else ""), f"{headline}. {under}")

    def about(self) -> dict[str, Any]:
        """Return what the report is about; see `woozle.page.about.About`."""
        of = self.statistics
        held = self._facts.groupby("source").size().rename("posts").reset_index()
        held["posts"] = [f"{count:,}" for count in held["posts"]]
        sources = Table(held.rename(columns={"source": "file"}), None, "The exports that it was read from.",
                        ["file", "posts"], "sources")  # fmt: skip
        return {
            "kind": "collection", "name": self.name, "title": f"The collection {visible(self.name)}", "claim": "",
            "question": "What does it hold, what was copied, and who moves together?", "authors": [],
            "date": f"{self._facts['time'].max():%Y-%m-%d}" if of["begin"] else "1970-01-01", "version": "",
            "data": f"{of['posts']:,} posts", "licence": {"title": "", "path": ""}, "facts": [f"{of['posts']:,} posts"],
            "log": [], "sources": sources.rows, "urls": [""] * len(held),
            "figures": {"posts": of["posts"], "accounts": of["accounts"], "cascades": of["trees"]},
        }  # fmt: skip

    # Charts

    def _figure(
        self,
        name: str,
        title: str,
        rows: pd.DataFrame,
        columns: Mapping[str, str | Column],
        draw: Any,
        of: pd.DataFrame,
        words: str,
    ) -> Figure | Words:
        if of.empty:
            return Words("")
        table = Table(rows, None, title, columns).rows
        return Figure(name, table, *(draw(of, title, words, width) for width in (WIDE, NARROW)))

    def days(self, title: str) -> Figure | Words:
        """Show how many posts there are by day, hour or month, whichever fits the time they cover."""
        told = self._days.assign(day=self._days["day"].dt.strftime("%Y-%m-%d %H:%M").str.removesuffix(" 00:00"))
        of = self.statistics
        words = f"Bars: posts by time, {of['begin']} to {of['end']}; the highest: {self._days['posts'].max():,}."
        title = html.unescape(self.tell(title).markdown)
        return self._figure(
            "posts-by-day", title, told, {"day": "from", "posts": "posts"}, charts.posts_by_day, self._days, words
        )

    def growth(self, title: str) -> Figure | Words:
        """Show how the largest cascades grew."""
        words = "Curves: posts of each of the largest cascades, by hours after its first post."
        columns = {"cascade": "cascade", "hours": "hours after the first post", "posts": "posts"}
        rows = self._grown.round({"hours": 2})
        return self._figure(
            "growth", html.unescape(self.tell(title).markdown), rows, columns, charts.growth, self._grown, words
        )

    def shapes(self, title: str) -> Figure | Words:
        """Show how many cascades have which size and depth."""
        of = self.cascades if self.statistics["trees"] else self.cascades.iloc[:0]
        size, depth = (np.searchsorted(_STEPS, of[name].clip(lower=1), side="right") - 1 for name in ("size", "depth"))
        depth = np.where(of["depth"] == 0, -1, depth)
        cells = pd.DataFrame({"size_at": size, "depth_at": depth}).value_counts().rename("cascades").reset_index()
        cells = cells.assign(size=[_step(at) for at in cells["size_at"]], depth=[_step(at) for at in cells["depth_at"]])
        cells = cells.sort_values(["size_at", "depth_at"], ignore_index=True)
        words = "Tiles: cascades by size and depth; darker: more of them, in a logarithmic scale."
        columns = {"size": "posts", "depth": "hops", "cascades": "cascades"}
        return self._figure(
            "shapes", html.unescape(self.tell(title).markdown), cells, columns, charts.shapes, cells, words
        )

    def windows(self, title: str) -> Figure | Words:
        """Show how the number of pairs depends on the window, beside what chance would give."""
        of = self.curve if len(self.pairs) else self.curve.iloc[:0]
        words = "Two curves over the window: pairs seen, and pairs by chance with their 90 % interval."
        columns = {"window": "seconds", "pairs": "pairs seen", "edges": "pairs of accounts", "accounts": "accounts",
                   "expected": "by chance", "low": "low", "high": "high"}  # fmt: skip
        return self._figure(
            "windows", html.unescape(self.tell(title).markdown), of.round(1), columns, charts.by_window, of, words
        )

    # Tables

    def table(self, frame: pd.DataFrame, caption: str, columns: Mapping[str, str], of: int = 0) -> Table:
        """Show the first rows of a table in words; `of`: how many rows there are, if `frame` holds only some."""
        shown = frame.head(_SHOWN).copy()
        every = max(of, len(frame))
        if every > len(shown):
            caption = f"{caption} The first {len(shown)} of {every:,}."
        for name in shown:
            if pd.api.types.is_float_dtype(shown[name].dtype):
                shown[name] = [_in_table(value) for value in shown[name]]
            elif pd.api.types.is_integer_dtype(shown[name].dtype):
                shown[name] = [f"{value:,}" for value in shown[name]]
            elif pd.api.types.is_datetime64_any_dtype(shown[name].dtype):
                shown[name] = shown[name].dt.strftime("%Y-%m-%d %H:%M")
        return Table(shown, None, caption, columns)

    def first_posts(self) -> pd.DataFrame:
        """Return the earliest posts: `time`, `account`, `text`, `url`."""
        table = self.posts.table(["time", "account", "text", "url"]).to_pandas().dropna(subset=["time"])
        found = table.sort_values("time", kind="stable").head(20)
        return found.assign(text=found["text"].str.slice(0, 160))


def _in_table(value: float) -> str:
    """Return a number as a table shows it: no power of ten but for what is very small."""
    return "–" if np.isnan(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _step(at: int) -> str:
    """Return the name of a step of sizes."""
    if at < 0:
        return "0"
    low, high = _STEPS[at], _STEPS[at + 1] - 1
    return f"{low:,}" if low == high else f"{low:,}+" if high > 10**8 else f"{low:,}–{high:,}"


def _half(hours: float) -> str:
    """Return, as the end of a sentence, when half of the posts were there; nothing where no time is known."""
    from woozle.text import duration

    return "" if np.isnan(hours) else f", and half of them came within {duration(hours)}"
