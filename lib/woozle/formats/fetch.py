"""Fetch web pages politely and safely, and keep what was fetched: with its hash and its moment, outside git.

A page is fetched only if its site's robots.txt allows it, only over http or https, and only from public addresses. Each
redirect is checked again, and woozle connects to the very address that it checked. Size and time are limited. Pages of
one site are fetched at most once a second.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from woozle.errors import WoozleError
from woozle.files import whole

FOLDER = "captures"  # beside data/, outside git
LARGEST, SECONDS, REDIRECTS, PAUSE = 20_000_000, 30.0, 5, 1.0  # bytes, seconds, redirects a page; seconds between two
AGENT = "woozle (a case study; fetches single pages on request)"
_KINDS = {"text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".txt"}
Allowed = Callable[[str], bool]


class FetchError(WoozleError):
    """A page can't be fetched, or may not be."""


@dataclass(frozen=True)
class Capture:
    """A page as it was fetched.

    Attributes
    ----------
    asked, url : str
        The address that was asked for, and the one that answered after redirects.
    fetched : str
        The moment, in EDTF (UTC).
    sha256 : str
        The SHA-256 of its bytes.
    kind : str
        Its media type.
    file : str
        The name of the file in the folder of captures.
    """

    asked: str
    url: str
    fetched: str
    sha256: str
    kind: str
    file: str


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet.

    Examples
    --------
    >>> is_public("93.184.216.34"), is_public("127.0.0.1"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False, False)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (mapped is None or mapped.is_global)


@dataclass
class Fetcher:
    """Fetches pages; it remembers what each site allows and when it was last asked.

    Parameters
    ----------
    folder
        Where captures are kept.
    allowed
        Tells whether an IP address may be connected to.
    pause
        Seconds between two requests to one site.
    """

    folder: Path
    allowed: Allowed = is_public
    pause: float = PAUSE
    _rules: dict[str, RobotFileParser] = field(default_factory=dict[str, RobotFileParser])
    _last: dict[str, float] = field(default_factory=dict[str, float])

    def fetch(self, url: str) -> Capture:
        """Fetch a page, keep it, and return what is known of it.

        Raises
        ------
        FetchError
            The address is not one of http or https, the site forbids fetching or can't be reached, the page is too
            large or too slow, or what came is not a page.
        """
        asked, left = url, REDIRECTS
        ends = time.monotonic() + SECONDS
        while True:
            self._check_rules(url, ends)
            status, headers, body = self._get(url, ends)
            if status in (301, 302, 303, 307, 308) and headers.get("location"):
                if not left:
                    raise FetchError(f"{asked} redirects more than {REDIRECTS} times.")
                url, left = urljoin(url, headers["location"]), left - 1
                continue
            if status != 200:
                raise FetchError(f"{asked}: the site answers {status} {http.client.responses.get(status, '')}.".strip())
            return self._keep(asked, url, headers.get("content-type", ""), body)

    def _check_rules(self, url: str, ends: float) -> None:
        parts = _web_address(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            rules = RobotFileParser()
            status, _, body = self._get(f"{site}/robots.txt", ends, for_rules=True)
            if status == 200:
                rules.parse(body[:500_000].decode("utf-8", "replace").splitlines())
            elif 400 <= status < 500:
                rules.parse([])  # there are none
            else:
                raise FetchError(f"{site} did not send its rules for programs (robots.txt: {status}). Try again later.")
            self._rules[site] = rules
        if not self._rules[site].can_fetch(AGENT, url):
            raise FetchError(
                f"{site} does not allow programs to fetch this page (robots.txt). Open it in a browser, save it, and "
                "import the file."
            )

    def _get(self, url: str, ends: float, for_rules: bool = False) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of one answer; for robots.txt (`for_rules`), redirects are followed here."""
        for _ in range(REDIRECTS + 1):
            host, connection = self._connection(url, ends)
            wait = self._last.get(host, 0.0) + self.pause - time.monotonic()
            if wait > 0 and not for_rules:
                time.sleep(min(wait, self.pause))
            self._last[host] = time.monotonic()
            parts = urlsplit(url)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            try:
                connection.request("GET", target, headers={"User-Agent": AGENT, "Accept-Encoding": "identity"})
                answer = connection.getresponse()
                body = _read(answer, url, ends)
                headers = {name.lower(): value for name, value in answer.getheaders()}
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise FetchError(f"{url} can't be fetched: {error or type(error).__name__}.") from error
            finally:
                connection.close()
            if not for_rules or answer.status not in (301, 302, 307, 308) or not headers.get("location"):
                return answer.status, headers, body
            url = urljoin(url, headers["location"])
        raise FetchError(f"{url} redirects too often.")

    def _connection(self, url: str, ends: float) -> tuple[str, http.client.HTTPConnection]:
        """Return a connection to an address that was checked."""
        parts = _web_address(url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError, UnicodeError) as error:
            raise FetchError(
                f"{url}: the site '{parts.hostname}' is not found. Without a network, import saved files."
            ) from error
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(map(self.allowed, addresses)):
            raise FetchError(f"{url} leads into a private network, where nothing is fetched.")
        timeout = max(0.1, ends - time.monotonic())
        secure = parts.scheme == "https"
        return parts.netloc, _Pinned(parts.hostname or "", addresses[0], port, timeout, secure)

    def _keep(self, asked: str, url: str, kind: str, body: bytes) -> Capture:
        plain = kind.partition(";")[0].strip().lower() or "text/html"
        if plain not in _KINDS:
            raise FetchError(f"{asked} is not a page ({plain}). Save it, and import the file.")
        sha256 = hashlib.sha256(body).hexdigest()
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{sha256[:16]}{_KINDS[plain]}"
        with whole(self.folder / name) as fresh:
            fresh.write_bytes(body)
        capture = Capture(asked, url, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", sha256, kind, name)
        with (self.folder / "captures.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(capture), ensure_ascii=False) + "\n")
        return capture


def _web_address(url: str) -> SplitResult:
    """Return the parts of an address, or raise `FetchError` where it is not one of the web."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts
    except ValueError:  # half an IPv6 address
        pass
    raise FetchError(f"'{url}' is not a web address: it must begin with http:// or https://.")


class _Pinned(http.client.HTTPConnection):
    """A connection to the IP address that was checked, even if the host name leads elsewhere by now."""

    def __init__(self, host: str, address: str, port: int, timeout: float, secure: bool):
        super().__init__(host, port, timeout=timeout)
        self._address, self._secure = address, secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _read(answer: http.client.HTTPResponse, url: str, ends: float) -> bytes:
    """Return the body of an answer, within the limits."""
    parts: list[bytes] = []
    size = 0
    while part := answer.read1(1 << 16):
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise FetchError(f"{url} has more than {LARGEST / 1e6:.0f} MB.")
        if time.monotonic() > ends:
            raise FetchError(f"{url} took more than {SECONDS:.0f} seconds.")
    return b"".join(parts)
