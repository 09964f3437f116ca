"""The commands about collections of posts: read exports into one table, look at it, make a case of a part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from woozle.commands.bringing import Progress, bring_gathered, column_choices, show_columns, size_of
from woozle.console import out
from woozle.errors import WoozleError
from woozle.locate import short

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer()
group = typer.Typer(
    no_args_is_help=True, help="Collections of posts, as [b]woozle collect[/b] reads them (needs make big)."
)

Collection = Annotated[Path, typer.Argument(metavar="PATH", help="A file of woozle collect, or a folder of them.")]
_SOME = 12  # notes that are shown
_GROUP = 1_000_000  # rows of a table that are written at once


@app.command()
def collect(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Exports of any format, or folders of them.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The table, in Parquet.")] = Path(
        "posts.parquet"
    ),
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="Format of the files, if it is not recognised.")
    ] = "",
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=MEANING", help="What a column of a table means; repeatable."),
    ] = None,
    dates: Annotated[
        str, typer.Option("--dates", metavar="ORDER", help="How 04/05/2024 is read: day-first or month-first.")
    ] = "",
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="ZONE", help="Time zone of times that name none.")
    ] = "UTC",
    force: Annotated[bool, typer.Option("--force", help="Replace a table that is there.")] = False,
) -> None:
    """Read exports of posts into one table, however many there are.

    Every format of [b]woozle import[/b] is read. What is damaged is named by file and row, and stops nothing.

    Examples
    --------
      woozle collect exports/ -o posts.parquet

      woozle collection report posts.parquet
    """
    from woozle.collection import collect as read

    _check_table(output, (".parquet",))
    if output.exists() and not force:
        raise WoozleError(f"{output} is there already. Replace it with --force, or name another with -o.")
    with Progress(sum(map(size_of, paths)), "reading") as bar:
        done = read(
            paths, output, column_choices(mapped, dates), format_name, time_zone, lambda file, size: bar.step(size)
        )
    if done.columns:
        show_columns(done.columns)
    out.print(f"{escape(str(short(output)))}: {done.posts:,} row{'s' * (done.posts != 1)}.")
    if done.twice:
        out.print(f"{done.twice:,} were there more than once; we took one of each.")
    if done.undated:
        out.print(f"{done.undated:,} have no exact time. They are kept, but measures of time leave them out.")
    if done.to_come:
        out.print(f"{done.to_come:,} are dated in the future: they are kept as they are; look at their dates.")
    if done.nameless:
        out.print(f"{done.nameless:,} name no account: they are kept, and left out wherever accounts count.")
    for note in done.notes[:_SOME]:
        row = f", row {note.row}" if note.row else ""
        out.print(f"  {escape(note.file)}{row}: {escape(note.problem)}")
    if len(done.notes) > _SOME:
        log = output.with_suffix(".notes.csv")
        _write_notes(done.notes, log)
        out.print(f"  … and {len(done.notes) - _SOME:,} more, all in {escape(str(short(log)))}")
    out.print(f"Next: [b]woozle collection report {escape(str(output))}[/b]")


def _write_notes(notes: list, path: Path) -> None:
    import csv

    from woozle.files import whole

    with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "row", "problem"])
        writer.writerows(notes)


@group.command()
def report(
    path: Collection,
    of: Annotated[
        str,
        typer.Option("--of", metavar="WHAT", help="What is shared: urls, hashtags, media, objects, reposts, texts."),
    ] = "",
    window: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Seconds between two shares that count as together.")
    ] = 60,
    min_participation: Annotated[
        int, typer.Option(min=1, metavar="NUMBER", help="Leave out accounts with fewer shares than this.")
    ] = 2,
    draws: Annotated[
        int,
        typer.Option(min=1, metavar="NUMBER", help="How often the moments of shares are drawn by chance, to compare."),
    ] = 200,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FOLDER", help="The folder \\[default: reports/NAME].")
    ] = None,
) -> None:
    """Build the report of a collection: what it holds, how far it went, what was copied, who moved together.

    Examples
    --------
      woozle collection report posts.parquet

      woozle collection report posts.parquet --of hashtags --window 10 --min-participation 5
    """
    import sys

    from woozle import collection  # noqa: F401 - says what is missing before anything runs
    from woozle.report.of_collection import build_collection

    values = {"of": of, "window": window, "min_participation": min_participation, "draws": draws}
    page = build_collection(path, values, output.absolute() if output else None, sys.stderr.isatty())
    out.print(escape(str(short(page))))


_Of = Annotated[
    str, typer.Option("--of", metavar="WHAT", help="What is shared: urls, hashtags, media, objects, reposts, texts.")
]
_Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Address of a Dask cluster, such as tcp://10.0.0.1:8786; 'local': on this machine.",
    ),
]
_Table = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="A table: .parquet, or .csv by its name.")]


@group.command()
def coordination(
    path: Collection,
    of: _Of = "urls",
    window: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Greatest gap between two shares, in seconds.")
    ] = 60,
    min_participation: Annotated[
        int, typer.Option(min=1, metavar="NUMBER", help="Leave out accounts with fewer shares than this.")
    ] = 2,
    most: Annotated[
        int,
        typer.Option(
            "--most", min=1, metavar="NUMBER", help="Stop if there are more pairs than this; not with --scheduler."
        ),
    ] = 50_000_000,
    scheduler: _Scheduler = None,
    output: _Table = Path("pairs.parquet"),
) -> None:
    """Find all pairs of shares of one thing by different accounts within some seconds, as CooRTweet does.

    The pairs are written piece by piece, so that they need not fit into the memory. With a scheduler the same rows are
    found by a Dask cluster, for collections that no machine holds.
    """
    _check_table(output)
    from woozle import collection
    from woozle.collection.posts import OBJECTS

    if scheduler is None:
        shares = collection.open(path).shares(of)
        pieces = collection.coordination_in_pieces(shares, window, min_participation, most)
    else:
        from woozle.collection import distributed

        with distributed.scheduler("" if scheduler == "local" else scheduler):
            pieces = [distributed.coordination_on(distributed.shares_on(path, of), window, min_participation)]
    count = _write_table(pieces, output)
    out.print(f"{escape(str(short(output)))}: {count:,} pair{'s' * (count != 1)}.")
    if not count:
        others = [name for name in OBJECTS if name != of and len(collection.open(path).shares(name))]
        shared = f"No post shares any of its {of}. " if not len(collection.open(path).shares(of)) else ""
        hint = f"Try --of {others[0]}." if len(others) == 1 else f"Others to try with --of: {', '.join(others)}."
        out.print(shared + (hint if others else ""))


@group.command()
def cascades(path: Collection, scheduler: _Scheduler = None, output: _Table = Path("cascades.parquet")) -> None:
    """Count size, depth, breadth, structural virality and speed of all cascades of a collection."""
    _check_table(output)
    from woozle import collection

    if scheduler is None:
        parents, times, known, names = collection.open(path).forest()
        found = collection.cascades(parents, times, known)
        found = found.assign(root=names[found["root"]]).sort_values("root", ignore_index=True)
    else:
        from woozle.collection import distributed

        with distributed.scheduler("" if scheduler == "local" else scheduler):
            found = distributed.cascades_on(distributed.posts_on(path))
    count = _write_table([found], output)
    out.print(f"{escape(str(short(output)))}: {count:,} cascade{'s' * (count != 1)}.")


def _check_table(path: Path, endings: tuple[str, ...] = (".parquet", ".csv")) -> None:
    """Refuse a name for a table that can't be written, before anything is computed."""
    if path.suffix not in endings:
        raise WoozleError(f"-o {path}: a name that ends in {' or '.join(endings)} is needed.")
    if not path.absolute().parent.is_dir():
        raise WoozleError(f"-o {path}: there is no folder {path.parent}. Make it first.")


def _write_table(pieces: Iterable[pd.DataFrame], path: Path) -> int:
    """Write a table that comes in pieces, and return how many rows it has; files of the same rows are the same."""
    from woozle.files import whole

    with whole(path) as fresh:
        if path.suffix == ".csv":
            count = 0
            with fresh.open("w", encoding="utf-8", newline="") as file:
                for piece in pieces:
                    piece.to_csv(file, index=False, header=not count, lineterminator="\n")
                    count += len(piece)
            return count
        return _write_parquet(iter(pieces), fresh)


def _write_parquet(pieces: Iterator[pd.DataFrame], path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rest = pa.Table.from_pandas(next(pieces), preserve_index=False)
    count = len(rest)
    with pq.ParquetWriter(path, rest.schema, compression="zstd") as writer:
        for piece in pieces:
            count += len(piece)
            rest = pa.concat_tables([rest, pa.Table.from_pandas(piece, rest.schema, preserve_index=False)])
            while len(rest) > _GROUP:
                writer.write_table(rest.slice(0, _GROUP))
                rest = rest.slice(_GROUP)
        writer.write_table(rest, row_group_size=_GROUP)
    return count


@group.command()
def case(
    path: Collection,
    query: Annotated[str, typer.Option("--query", metavar="WORDS", help="Words or a phrase that the posts have.")],
    name: Annotated[str, typer.Option("--as", metavar="CASE", help="The case; a new one is started.")],
    most: Annotated[
        int, typer.Option("--most", min=1, metavar="NUMBER", help="Make no case of more posts than this.")
    ] = 5000,
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Write without asking.")] = False,
) -> None:
    """Make a case of the posts that contain some words, and of the other posts in their threads.

    This codes nothing. The coding desk then proposes which posts were copied from which.

    Examples
    --------
      woozle collection case posts.parquet --query "salt radiation" --as salt
    """
    from woozle.collection import open as open_posts
    from woozle.collection import rumour

    bring_gathered(name, rumour(open_posts(path), query, most), yes)
