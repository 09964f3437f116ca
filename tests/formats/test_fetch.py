"""Pages are fetched as their sites allow, from where it is safe, and kept as they came; against a server of the test's own."""

import hashlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from woozle.formats import fetch
from woozle.formats.fetch import Fetcher, FetchError

PAGE = b"<html lang='en'><head><title>Salt</title></head><body><h1>Salt</h1><p>Shoppers queue.</p></body></html>"


class Site(BaseHTTPRequestHandler):
    asked = ()

    def do_GET(self):
        Site.asked = [*Site.asked, (self.path, self.headers["User-Agent"])]
        answers = {
            "/robots.txt": (200, b"User-agent: *\nDisallow: /private\n", "text/plain"),
            "/page": (200, PAGE, "text/html; charset=utf-8"),
            "/private": (200, PAGE, "text/html"),
            "/film": (200, b"x", "video/mp4"),
            "/large": (200, b"x" * 300, "text/html"),
        }
        if self.path in ("/moved", "/inside", "/file", "/round"):
            self.send_response(302)
            to = {"/moved": "/page", "/inside": "http://10.0.0.1/", "/file": "file:///etc/passwd", "/round": "/round"}
            self.send_header("Location", to[self.path])
            self.end_headers()
            return
        status, body, kind = answers.get(self.path, (404, b"", "text/html"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Site.asked = ()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher(tmp_path):
    return Fetcher(tmp_path / "captures", allowed=lambda address: address == "127.0.0.1", pause=0)


def test_a_page_is_kept_as_it_came_with_hash_and_moment(site, fetcher):
    capture = fetcher.fetch(f"{site}/moved")
    assert (capture.asked, capture.url) == (f"{site}/moved", f"{site}/page")
    assert (fetcher.folder / capture.file).read_bytes() == PAGE
    assert capture.sha256 == hashlib.sha256(PAGE).hexdigest()
    (line,) = (fetcher.folder / "captures.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["sha256"] == capture.sha256
    assert [path for path, _ in Site.asked] == ["/robots.txt", "/moved", "/page"]
    assert all("woozle" in agent for _, agent in Site.asked)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/private", "does not allow programs to fetch this page"),
        ("/inside", "leads into a private network"),
        ("/file", "is not a web address: it must begin with http"),
        ("/round", "redirects more than 5 times"),
        ("/film", "is not a page .video/mp4."),
        ("/gone", "answers 404 Not Found"),
    ],
)
def test_what_may_not_or_cannot_be_fetched_is_a_sentence(site, fetcher, path, says):
    with pytest.raises(FetchError, match=says):
        fetcher.fetch(site + path)
    assert not fetcher.folder.exists()
    assert ("/private", fetch.AGENT) not in Site.asked


def test_a_page_that_is_too_large_is_not_read_whole(site, fetcher, monkeypatch):
    monkeypatch.setattr(fetch, "LARGEST", 100)
    with pytest.raises(FetchError, match="has more than"):
        fetcher.fetch(f"{site}/large")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.1.2.3", "0.0.0.0", "2130706433"]
)
def test_no_private_address_is_asked_by_whatever_name(tmp_path, host):
    with pytest.raises(FetchError, match=r"private network|is not found"):
        Fetcher(tmp_path).fetch(f"http://{host}/")


def test_the_address_that_was_checked_is_the_one_that_is_asked(site, fetcher, monkeypatch):
    """A name that leads elsewhere the second time is not asked a second time."""
    port = int(site.rpartition(":")[2])
    asked = []

    def resolve(host, *_, **__):
        if host == "salt.example":
            asked.append(host)
        address = "127.0.0.1" if len(asked) < 3 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(fetch.socket, "getaddrinfo", resolve)
    real = socket.create_connection
    connected = []

    def connect(address, *rest, **more):
        connected.append(address[0])
        return real(address, *rest, **more)

    monkeypatch.setattr(fetch.socket, "create_connection", connect)
    fetcher.fetch(f"http://salt.example:{port}/page")
    assert (len(asked), set(connected)) == (2, {"127.0.0.1"})  # once for robots.txt, once for the page
    with pytest.raises(FetchError, match="private network"):
        fetcher.fetch(f"http://salt.example:{port}/page")
