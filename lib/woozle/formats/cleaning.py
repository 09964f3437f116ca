"""Texts as the tables of a case can hold them: on one line, no longer than a quotation, with true addresses."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from woozle.package.check import ID, LABEL, WORDS, too_long_to_quote

_TITLE_WORDS, _TITLE_LETTERS = 12, 40  # of a text, where a document has no title
_TRACKING = re.compile(r"[?&](utm_\w+|fbclid|gclid|igshid|mc_[ce]id|ref_src|ref_url|s_cid|cmpid|at_medium)=[^&]*")
_TWEET = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:\w+|i/web)/status/(\d+)")


def address_key(url: str) -> str:
    """Return a key that is the same for all spellings of one address.

    Examples
    --------
    >>> address_key("http://www.Example.org/a/?utm_source=x#top") == address_key("https://example.org/a")
    True
    >>> address_key("https://twitter.com/ada/status/123"), address_key("https://x.com/i/web/status/123")
    ('x:123', 'x:123')
    """
    if match := _TWEET.match(url):
        return f"x:{match[1]}"
    bare = url.partition("#")[0]
    if "?" in bare:
        bare = _TRACKING.sub("", bare)
    _, mark, rest = bare.partition("://")
    host, slash, path = (rest if mark else bare).partition("/")
    host = host.lower().removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    return f"{host}{slash}{path}".rstrip("/?&")


def is_address(value: str) -> bool:
    """Tell whether a text is an address of the web."""
    if not value.startswith(("http://", "https://")) or not value.isprintable() or " " in value:
        return False
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:
        return False


def host_of(address: str) -> str:
    """Return the host of an address, without www; nothing where it has none."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def slug(name: str) -> str:
    """Return a name as an identifier; nothing where it has no Latin letters or digits.

    Examples
    --------
    >>> slug("Kvällsnytt"), slug("@user14.bsky.social"), slug("新华社")
    ('kvallsnytt', 'user14_bsky_social', '')
    """
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("ł", "l"))
    made = re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode().lower()).strip("_")
    return made if ID.fullmatch(made) else ""


def first_words(text: str) -> str:
    """Return the first words of a text to use as its title; the whole text never enters a package.

    Examples
    --------
    >>> first_words("heard that salt helps"), first_words("one " * 20)
    ('heard that salt helps', 'one one one one one one one one one one one one …')
    """
    if not text:
        return ""
    words = text[:600].split()
    cut = " ".join(words[:_TITLE_WORDS])
    if too_long_to_quote(cut):
        cut = cut[:_TITLE_LETTERS]
    shown = on_one_line(cut)
    return shown if len(words) <= _TITLE_WORDS and len(shown) >= len(on_one_line(" ".join(words))) else f"{shown} …"


def cut_quotation(words: str) -> str:
    """Return words no longer than a quotation may be."""
    if not too_long_to_quote(words):
        return words
    cut = " ".join(words.split()[: WORDS - 1])
    return cut[:_TITLE_LETTERS] if too_long_to_quote(cut) else cut


def cut_label(title: str) -> str:
    """Return a title no longer than a label may be."""
    return title if len(title) <= LABEL else title[: LABEL - 2].rstrip() + " …"


def language_form(language: str) -> str:
    """Return a code of a language as a package may hold it; else nothing."""
    return language if re.fullmatch("[a-z]{2,3}", language) else ""


def on_one_line(text: str) -> str:
    """Return a text on one line, of letters that can be shown."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = "".join(
        " " if unicodedata.category(letter)[0] in "CZ" and letter not in "\u200c\u200d" else letter for letter in text
    )
    return " ".join(kept.split())


def differs(column: str, had: str, new: str) -> bool:
    """Tell whether a new value contradicts the one that a case has.

    Other capitals, another spelling of an address or a more exact date do not contradict it.
    """
    if column == "url":
        return address_key(had) != address_key(new)
    if column == "published":
        return not (had.startswith(new) or new.startswith(had)) or had[-1] in "~?" or new[-1] in "~?"
    return had.casefold() != new.casefold()


def has_offset(text: str) -> bool:
    """Tell whether a time names its zone."""
    return bool(re.search(r"(Z|[+-]\d\d:\d\d)$", text))
