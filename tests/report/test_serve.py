"""Reports are shown to this machine, built again on change, and nothing else is shown."""

import http.client
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_run import put_code

WOOZLE = Path(sys.executable).with_name("woozle")


@pytest.fixture
def served(checkout):
    put_code(checkout, "import woozle; print(woozle.open('dprk_troops_2024').title)")
    (checkout / "reports").mkdir()
    (checkout / "secret.txt").write_text("secret")
    running = subprocess.Popen([WOOZLE, "serve", "--port", "0"], cwd=checkout, stdout=subprocess.PIPE, text=True)
    port = None
    for line in running.stdout:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
            port = int(found[1])
            break
    assert port, running.poll()
    yield checkout, port
    running.send_signal(signal.SIGINT)
    assert running.wait() == 0


def ask(port, path, host=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def test_pages_are_shown_hidden_and_other_files_are_not_and_a_change_is_built(served):
    home, port = served
    assert ask(port, "/")[0] == 200
    assert ask(port, "/dprk_troops_2024/")[0] == 200
    for path in (
        "/.woozle/built/",
        "/%2ewoozle/",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/dprk_troops_2024/../../secret.txt",
        "/dprk_troops_2024/data/",
    ):
        assert ask(port, path)[0] == 404, path
    assert ask(port, "/", host="evil.example:80")[0] == 404
    package = home / "data" / "dprk_troops_2024" / "datapackage.json"
    text = package.read_text("utf-8")
    title = re.search(r'"title": "([^"]+)"', text)[1]
    package.write_text(text.replace(title, "A title of today", 1), "utf-8")
    deadline = time.monotonic() + 300
    while "A title of today" not in ask(port, "/dprk_troops_2024/")[1]:
        assert time.monotonic() < deadline
        time.sleep(0.5)
