"""Archives of web pages (WARC, WACZ), and PDF files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from woozle.formats import pages
from woozle.formats.encoding import extra
from woozle.formats.items import Format, FormatError, Head, Item, Source
from woozle.formats.moments import edtf

_LARGEST = 20_000_000  # bytes of one page


def suits_warc(head: Head) -> bool:
    """Tell whether a file is a WARC or a WACZ."""
    return head.path.name.lower().endswith((".warc", ".warc.gz", ".wacz")) or head.text.startswith("WARC/")


def suits_pdf(head: Head) -> bool:
    """Tell whether a file is a PDF."""
    return head.suffix == ".pdf"


def read_warc(source: Source) -> Iterator[Item]:
    """Yield the web pages of an archive, each address once: the last copy in the archive."""
    iterator = extra("warcio.archiveiterator", "WARC").ArchiveIterator
    errors = extra("warcio.exceptions", "WARC")
    held: dict[str, list[Item]] = {}
    for name, stream in _streams(source):
        number = 0
        try:
            for number, record in enumerate(iterator(stream), start=1):
                if record.rec_type != "response" or record.http_headers is None:
                    continue
                kind = (record.http_headers.get_header("Content-Type") or "").lower()
                if "html" not in kind or (record.http_headers.get_statuscode() or "") != "200":
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                data = record.content_stream().read(_LARGEST)
                saved = edtf(record.rec_headers.get_header("WARC-Date") or "")
                inner = Source(source.path)
                found = list(pages.of_page(inner, _decoded(data, kind), url, saved))
                source.notes += [note._replace(file=name, row=number) for note in inner.notes]
                held[url] = [item._replace(row=number) for item in found]
        except (errors.ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            source.note(number + 1, f"the rest can't be read ({error}); the pages before it were read", name)
    if not held:
        source.note(0, "no web page was found in it")
    for items in held.values():
        yield from items


def _streams(source: Source) -> Iterator[tuple[str, Any]]:
    """Yield the WARC files in an archive, with their names."""
    if source.path.suffix.lower() != ".wacz":
        with source.path.open("rb") as file:
            yield source.path.name, file
        return
    try:
        with zipfile.ZipFile(source.path) as archive:
            for name in archive.namelist():
                if name.lower().endswith((".warc", ".warc.gz")):
                    with archive.open(name) as file:
                        yield f"{source.path.name}/{name}", io.BytesIO(file.read())
    except (zipfile.BadZipFile, OSError) as error:
        raise FormatError(f"{source.path.name} can't be read as a WACZ: {error}.") from error


def _decoded(data: bytes, kind: str) -> str:
    declared = kind.partition("charset=")[2].partition(";")[0].strip(" \"'")
    for encoding in (declared, "utf-8"):
        try:
            return data.decode(encoding) if encoding else data.decode("utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def read_pdf(source: Source) -> Iterator[Item]:
    """Yield the document of a PDF. The day on which the file was made is marked as uncertain: it may be a copy."""
    pypdf = extra("pypdf", "PDF")
    errors = extra("pypdf.errors", "PDF")
    try:
        reader = pypdf.PdfReader(str(source.path))
        facts = reader.metadata
        text = "\n".join(page.extract_text() or "" for page in reader.pages).strip()
    except (errors.PyPdfError, ValueError, OSError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FormatError(f"{source.path.name} can't be read as a PDF: {error}.") from error
    title = " ".join((getattr(facts, "title", None) or "").split())
    if not title:
        source.note(0, "the file has no title of its own; the first line of its text, or the file name, is used")
        title = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), source.path.stem)[:200]
    day = _made(facts)
    source.note(
        0, "the date is the day on which the file was made, marked as uncertain" if day else "no date was found"
    )
    if not text:
        source.note(0, "it holds no text (a scan, perhaps)")
    yield Item(
        key=source.path.name,
        title=title,
        published=f"{day}?" if day else "",
        author=" ".join((getattr(facts, "author", None) or "").split()),
        text=text,
        found="title, published: the PDF’s own metadata",
    )


def _made(facts: Any) -> str:
    try:
        moment = facts.creation_date if facts else None
    except ValueError:
        return ""
    return f"{moment:%Y-%m-%d}" if moment else ""


WARC = Format(
    "warc",
    "an archive of web pages (WARC, WACZ)",
    "each page in it as a saved page, with the address and the moment at which it was fetched",
    "pictures, scripts, redirects, pages that were not found; of several copies of one page all but the last",
    suits_warc,
    read_warc,
)
PDF = Format(
    "pdf",
    "PDF",
    "title, authors and text; the day on which the file was made, marked as uncertain",
    "pictures, links, the look of the pages",
    suits_pdf,
    read_pdf,
)
