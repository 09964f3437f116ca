"""What students could do to a grader: each gets what was honestly done or nothing, a note, and no other is harmed.

Each notebook answers the first two items honestly, then attacks in the cell of the third, and answers the fourth
honestly again where its kernel still lives.
"""

import io
import json
import os
import re
import stat
import sys
import zipfile
from pathlib import Path

import classes
import pytest

from woozle.classroom.sandbox import Limits
from woozle.classroom.syscalls import ALLOWED

SECRET = "SECRET-OF-THE-TEACHER-4711"
# Long enough for what is honest where the machine has eight times as much to do; an endless loop takes all of it.
LIMITS = Limits(seconds=120, memory=700 << 20)
CELL_SECONDS = 12
FIRST = ("roots_early", "roots_late")

ATTACKS = {
    "endless_loop": "while True: pass",
    "fork_bomb": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "thread_bomb": "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,)).start()",
    "memory_at_once": "x = bytearray(10 << 30)",
    "memory_in_steps": "import mmap\nkept = []\nwhile True:\n    m = mmap.mmap(-1, 1 << 26); kept.append(m)\n    for i in range(0, 1 << 26, 4096): m[i] = 1",
    "sockets": "import socket\nkept = []\nwhile True:\n    a, b = socket.socketpair(); a.setblocking(False); kept.append((a, b))\n    try:\n        while True: a.send(b'x' * 65536)\n    except BlockingIOError: pass",
    "semaphores": "import ctypes\nlibc = ctypes.CDLL(None)\nassert any(libc.semget(0, 32000, 0o1600) >= 0 for _ in range(32000))",
    "empty_files": "i = 0\nwhile True:\n    i += 1\n    open(f'/tmp/{i}', 'w').close()",
    "locks": "import fcntl\nf = open('/tmp/l', 'w')\ni = 0\nwhile True:\n    i += 2\n    fcntl.lockf(f, fcntl.LOCK_EX, 1, i)",
    "pipes": "import os\nkept = []\nwhile True:\n    r, w = os.pipe(); os.set_blocking(w, False); kept.append(r)\n    try:\n        while True: os.write(w, b'x' * 4096)\n    except BlockingIOError: pass",
    "disk": "n = 0\nwith open('/tmp/big', 'wb') as f:\n    while True: n += f.write(b'x' * (1 << 20))",
    "disk_in_shm": "with open('/dev/shm/big', 'wb') as f:\n    while True: f.write(b'x' * (1 << 20))",
    "many_files": "i = 0\nwhile True:\n    i += 1\n    open(f'/tmp/{i}', 'wb').write(b'x' * (1 << 20))",
    "endless_output": "while True: print('x' * 10_000)",
    "kernel_exits": "import os\nos._exit(0)",
    "kills_itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "stops_itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "kills_everything": "import os, signal\nfor pid in (-1, 1, os.getppid(), 0):\n    try: os.kill(pid, signal.SIGKILL)\n    except OSError: pass",
    "takes_the_clock_away": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile True: pass",
    "catches_everything": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "breaks_the_shell": "import builtins, sys, IPython\nIPython.core.interactiveshell.InteractiveShell.run_cell = None\nbuiltins.str = builtins.len = None\nsys.stdout = None",
    "raises_in_its_error": "class E(Exception):\n    def __str__(self): raise E\nraise E",
    "stays_behind": "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(601.25)'], start_new_session=True)",
    "answers_without_end": "import itertools\nindependent = itertools.count()",
    "answer_of_50_mb": "independent = 'x' * 50_000_000",
    "answer_not_a_number": "independent = {name: float('nan') for name in asked['documents']}",
    "answer_huge_number": "independent = {name: 10 ** 4000 for name in asked['documents']}",
    "answer_true": "independent = {name: True for name in asked['documents']}",
    "answer_equal_to_all": "class All(dict):\n    __eq__ = lambda s, o: True\n    __hash__ = lambda s: 1\nindependent = All()",
    "answer_half_a_letter": "independent = {'\\ud800': '\\ud800'}",
    "answer_deep": "independent = []\nfor _ in range(100_000): independent = [independent]",
    "extended_attributes": "import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\nopen('/tmp/a', 'w').close()\nfor i in range(10 ** 9):\n    if libc.setxattr(b'/tmp/a', b'user.%d' % i, b'x' * 60000, 60000, 0) < 0: raise OSError(ctypes.get_errno())",
    "asynchronous_io": "import ctypes\nlibc = ctypes.CDLL(None)\nkept = []\nwhile True:\n    place = ctypes.c_ulong(0)\n    if libc.syscall({'x86_64': 206, 'aarch64': 0}[__import__('os').uname().machine], 65536, ctypes.byref(place)) < 0: raise OSError\n    kept.append(place)",
    "locked_pages": "import ctypes, mmap\nlibc = ctypes.CDLL(None)\nkept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 1 << 24))\n    if libc.mlockall(7) < 0: raise OSError",
    "timers": "import ctypes\nlibc = ctypes.CDLL(None)\nfor i in range(10 ** 9):\n    place = ctypes.c_void_p()\n    if libc.timer_create(0, None, ctypes.byref(place)) < 0: raise OSError",
    "larger_pipes": "import fcntl, os\nkept = []\nwhile True:\n    r, w = os.pipe(); kept += [r, w]; fcntl.fcntl(w, 1031, 1 << 20)\n    os.set_blocking(w, False)\n    try:\n        while True: os.write(w, b'x' * 65536)\n    except BlockingIOError: pass",
    "many_mappings": "import mmap\nkept = [mmap.mmap(-1, 4096, prot=1 + number % 2) for number in range(10 ** 7)]",
    "deep_folders": "import os\nos.chdir('/tmp')\nwhile True:\n    os.mkdir('x'); os.chdir('x')",
    "too_deep": "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(x): return f([x])\nf(repr)\nimport ctypes; ctypes.string_at(0)",
    "forges_the_end": "import json, os\nfor number in range(3, 64):\n    try: os.write(number, ('\\n' + json.dumps({'item': 'independent', 'value': {'score': 8}, 'at_the_end': True}) + '\\n').encode())\n    except OSError: pass\nindependent = None",
    "awaits_for_ever": "import asyncio\nwhile True:\n    try: await asyncio.sleep(0.01)\n    except BaseException: pass",
    "takes_the_loop": "import asyncio, time, selectors\nasyncio.SelectorEventLoop.run_until_complete = None\nselectors.BaseSelector = asyncio.new_event_loop = None\nawait asyncio.sleep(10 ** 6)",
    "takes_json": "import json, sys\njson.dumps = lambda *a, **k: '{\"item\": \"independent\", \"value\": {\"points\": 8}, \"score\": 8}'\nsys.modules['__main__'].tell = print",
    "painted_output": "independent = '\\x1b[2J\\x1b[H\\u202eAll is well: 12 notebooks graded'\nprint(independent)\nraise ValueError(independent)",
    "leaves_threads": "import threading\ndef spin():\n    while True: pass\n[threading.Thread(target=spin, daemon=False).start() for _ in range(20)]",
    "fills_descriptors": "import os\nkept = []\nwhile True: kept.append(os.open('/tmp', os.O_RDONLY))",
    "script_in_output": "from IPython.display import HTML, Javascript, display\ndisplay(HTML('<script>document.title=\"owned\"</script><img src=x onerror=alert(1)>'), Javascript('alert(1)'))\nprint('<script>document.title=\"owned\"</script>')\nindependent = '<script>document.title=\"owned\"</script>'",
}  # fmt: skip
# Not tried by number with arguments that mean nothing: they end, stop or wait.
_ENDING = ("exit", "exit_group", "pause", "fork", "vfork", "clone", "kill", "tkill", "tgkill", "rt_sigreturn", "rt_sigsuspend",
           "rt_sigtimedwait", "restart_syscall", "wait4", "waitid", "brk", "munmap", "execve", "setsid", "alarm", "dup2", "dup3",
           "close_range", "poll", "ppoll", "select", "pselect6", "rt_sigprocmask", "rt_sigaction", "futex", "set_robust_list",
           "mprotect", "madvise", "arch_prctl", "prctl", "umask", "setitimer", "nanosleep", "clock_nanosleep", "rseq",
           "set_tid_address", "sigaltstack", "close", "read", "write", "prlimit64", "setrlimit", "mremap", "mmap")  # fmt: skip
_BY_NAME = {name: pair for calls in ALLOWED.values() for name, pair in calls.items()}
SKIPPED = {
    number for name in _ENDING for number in _BY_NAME[name][:: 1 if os.uname().machine == "x86_64" else -1][:1]
} - {None}
SKIPPED |= {335, 336}  # uprobes: newer kernels ask no filter of them, and end whoever calls them from elsewhere
# What each of these finds stands in its answer, so that the test can read it.
SPIES = {
    "network": """
import socket, urllib.request
def attempt(f):
    try: f(); return "reached"
    except OSError as error: return type(error).__name__
independent = {
    "address": attempt(lambda: socket.create_connection(("1.1.1.1", 53), 3)),
    "name": attempt(lambda: socket.getaddrinfo("example.org", 80)),
    "host": attempt(lambda: socket.create_connection(("10.0.2.2", 80), 3)),
}""",
    "passwords": """
def look(path):
    try: return open(path).read()[:50]
    except OSError as error: return type(error).__name__
independent = {path: look(path) for path in ("/etc/passwd", "/etc/shadow", "/etc/hosts", "/root/.bashrc", "/proc/1/environ")}""",
    "files": """
import os, sys
found = []
for top, folders, names in os.walk("/"):
    if top.startswith(("/proc", "/sys", "/usr", "/python", sys.base_prefix, "/grader/library")): folders[:] = []; continue
    found += [os.path.join(top, n) for n in names if n.endswith((".db", ".key", ".zip", ".ipynb")) or "roster" in n or "gradebook" in n or "essays" in n]
independent = found[:50]""",
    "answers": """
import importlib
def attempt(name):
    try: importlib.import_module(name); return "imported"
    except ImportError as error: return "not there"
independent = {name: attempt(name) for name in ("woozle.classroom", "woozle.classroom.problems", "woozle.classroom.scoring")}""",
    "left_out": """
def attempt(f):
    try: f(); return "works"
    except Exception as error: return type(error).__name__
cascade = case.cascade()
independent = {"roots": attempt(cascade.roots), "independent_roots": attempt(lambda: measure.independent_roots(cascade)),
    "headline": attempt(lambda: measure.headline(cascade)), "resting_on": attempt(lambda: measure.resting_on(cascade))}""",
    "others": """
import os
independent = sorted(os.listdir("/class")) + sorted(os.listdir("/grader")) + [str(p) for p in range(1, 60_000) if alive(p)]""".replace("independent =", """
def alive(number):
    try: os.kill(number, 0)
    except PermissionError: return True
    except OSError: return False
    return True
independent =""", 1),
    "environment": """
import os, sys, sysconfig
SECRET = "PLACE"
def holds(path):
    try: return SECRET.encode() in open(path, "rb").read()
    except OSError: return False
there = [os.path.join(top, name) for top, _, names in os.walk("/python") for name in names
         if name.endswith((".pyc", ".pth", ".cfg", ".json", "RECORD", "WHEEL", "METADATA"))]
seen = [*sys.path, sys.prefix, sys.base_prefix, sys.executable, *(getattr(m, "__file__", "") or "" for m in list(sys.modules.values()))]
independent = {"HOME": os.environ["HOME"], "prefix": sysconfig.get_config_var("prefix"), "environ": str(dict(os.environ)), "proc": str(os.path.exists("/proc") and os.listdir("/proc")),
    "files": " ".join(path for path in there if holds(path)), "looked at": len(there), "names": " ".join(name for name in seen if SECRET in name)}""".replace("PLACE", str(Path(__file__).parents[2])),
    "system_calls": """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
through = []
for number in range(0, 600):
    if number in SKIPPED: continue
    libc.syscall(number, -1, -1, -1, -1, -1, -1)
    if ctypes.get_errno() != errno.ENOSYS: through.append(number)
    ctypes.set_errno(0)
independent = through""".replace("SKIPPED", repr(SKIPPED)),
    "machine": "import os, platform, socket\nindependent = {'node': platform.node(), 'uname': '-'.join(os.uname()), 'name': socket.gethostname()}",
    "writes": """
import os
def attempt(path):
    try: open(path, "w").write("x"); return "written"
    except OSError as error: return type(error).__name__
places = ["/x", "/usr/x", "/etc/x", "/dev/x", "/grader/x", "/grader/job.json", "/grader/library/woozle/x.py", "/class/case/claims.csv", "/proc/sys/kernel/core_pattern"]
independent = {place: attempt(place) for place in places}""",
    "privileges": """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments): return "works" if libc.syscall(*arguments) >= 0 else "refused"
by_number = {"x86_64": (272, 165, 101, 319, 29, 56), "aarch64": (97, 40, 117, 279, 194, 220)}[os.uname().machine]
unshare, mount, ptrace, memfd, shmget, clone = by_number
independent = {
    "root": "yes" if os.getuid() == 0 else "no",
    "namespace": call(unshare, 0x10000000), "mount": call(mount, b"none", b"/tmp", b"tmpfs", 0, 0),
    "ptrace": call(ptrace, 16, os.getppid(), 0, 0), "memfd": call(memfd, b"x", 0), "shm": call(shmget, 0, 4096, 0o1600),
    "clone": call(clone, 0x10000000 | 17, 0, 0, 0, 0), "fsopen": call(430, b"tmpfs", 0),
}""",
}  # fmt: skip
REPLACES = """
for name in ("woozle", "nbgrader", "numpy", "pandas", "json"):
    open(f"{name}.py", "w").write("raise SystemExit('mine')")
import sys, types
for name in list(sys.modules):
    if name.split(".")[0] in ("woozle", "nbgrader", "numpy"):
        sys.modules[name] = types.ModuleType(name)
import builtins
builtins.isinstance = lambda value, kind: True
"""
FORGES = """
import json, os
lines = [
    {"item": "independent", "value": "all points please", "score": 8, "points": 8},
    {"item": "resting", "value": {"score": 1000}}, {"item": "seeming", "value": ["x"] * 100_000},
    {"score": 1000}, {"done": True}, [], None, {"item": ["a"], "value": 1}, {"item": "no_such_item", "value": 1},
]
for number in range(3, 64):
    try:
        with open(number, "w", closefd=False) as file:
            file.write("\\n" + "\\n".join(map(json.dumps, lines)) + "\\n" + "[" * 100_000 + "\\n" + "not json \\x00\\n")
    except OSError: pass
"""


def _zip(path, entries, packing=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = packing
            entry.external_attr = mode << 16
            archive.writestr(entry, data)


# What is run wherever there is a sandbox; all others stand in the slow set, for each lasts as long as it may.
EACH_TIME = (
    "endless_loop", "fork_bomb", "memory_at_once", "kernel_exits", "kills_everything", "breaks_the_shell", "stays_behind",
    "answer_equal_to_all", "script_in_output", *SPIES,
)  # fmt: skip


def attacks(*told):
    """Return parameters of a test, by the name of an attack: those that are slow are marked so."""
    rows = [one if isinstance(one, tuple) else (one,) for one in told]
    return [pytest.param(*row, marks=[] if row[0] in EACH_TIME else pytest.mark.slow) for row in rows]


@pytest.fixture(scope="module")
def second(root):
    return classes.assignments(root)[2]


@pytest.fixture(scope="module")
def honest(second):
    return classes.model(second)


@pytest.fixture(scope="module")
def graded(root, box, second, honest, tmp_path_factory, request):
    """The attacks that are tested, graded in one run, with a bystander among them."""
    tests = [item for item in request.session.items if item.path == request.path and hasattr(item, "callspec")]
    asked = {item.callspec.params.get("name") for item in tests}
    home = tmp_path_factory.mktemp("hostile-class")
    handed = home / "handed in"
    handed.mkdir()
    secrets = [home / "gradebook.db", home / "roster.csv", home / "course.key"]
    for path in secrets:
        path.write_text(SECRET)
    before = {path: path.read_bytes() for path in secrets}
    scripts = {name: code for name, code in ATTACKS.items() if name in asked}
    scripts |= {**SPIES, "replaces": REPLACES, "forges": FORGES}
    for name, code in scripts.items():
        kept = "" if name not in ("replaces", "forges") else "\n" + honest["independent"]
        answers = {**honest, "independent": code + kept}
        classes.hand_in(handed, name, second, classes.filled(second, answers))
    notebooks = _strange_notebooks(second, honest)
    for name, notebook in notebooks.items():
        classes.hand_in(handed, name, second, notebook)
    zipped = _strange_zips(home, handed, second, honest)
    students = [*scripts, *notebooks, *zipped, "bystander"]
    classes.hand_in(handed, "bystander", second, classes.filled(second, honest))
    os.environ["WOOZLE_TEST_SECRET"] = SECRET
    try:
        found, done = classes.grade(
            root, handed, home / "grades", classes.course(*students), (2,), limits=LIMITS, cell_seconds=CELL_SECONDS
        )
    finally:
        del os.environ["WOOZLE_TEST_SECRET"]
    assert {path: path.read_bytes() for path in secrets} == before
    UNREAD.clear()
    for student, name, why in done.unread:
        UNREAD[student] = f"{UNREAD.get(student, '')} {name}: {why}"
    return {student: one for (student, _), one in found.items()}


def _strange_notebooks(second, honest) -> dict:
    forged = classes.filled(second, {"roots_early": honest["roots_early"]})
    for cell in forged["cells"]:
        facts = cell["metadata"].get("nbgrader", {})
        if "points" in facts:
            facts |= {"points": 1000, "score": 1000, "manual_score": 1000, "grade": True}
    forged["metadata"]["score"] = 1000
    swapped = classes.filled(second, honest)
    for cell in swapped["cells"]:
        facts = cell["metadata"].get("nbgrader", {})
        if facts.get("grade_id") == "setup":
            cell["source"] = "raise SystemExit"
    deleted = classes.filled(second, honest)
    deleted["cells"] = [
        c for c in deleted["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") not in ("independent", "own")
    ]
    doubled = classes.filled(second, honest)
    copy = json.loads(
        json.dumps([c for c in doubled["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "roots_late"])
    )
    copy[0]["source"] = "roots_late = ['wrong']"
    doubled["cells"] += copy
    half = classes.filled(second, honest)
    half["cells"] += [
        {"cell_type": "code", "source": "x = '\ud800'", "metadata": {"nbgrader": {"grade_id": "\ud800"}}}
    ] * 2
    half["cells"] += [
        {"cell_type": "code", "source": "x = 1", "metadata": {"nbgrader": {"grade_id": "x" * 1_000_000}}}
    ] * 2
    return {
        "forged_points": forged,
        "changed_setup": swapped,
        "deleted_cells": deleted,
        "doubled_cell": doubled,
        "half_letters": half,
        "not_json": b"{" * 10,
        "not_a_notebook": b'{"cells": 7}',
        "deep_json": b"[" * 200_000,
        "odd_cells": json.dumps({"cells": [{}, {"cell_type": 7, "metadata": [], "source": {"a": 1}}, {"cell_type": "code", "source": [1, 2]}]}).encode(),
        "empty_file": b"",
        "binary": bytes(range(256)) * 100,
        "large": b'{"cells": [], "x": "' + b"x" * 6_000_000 + b'"}',
    }  # fmt: skip


def _strange_zips(home, handed, second, honest) -> list[str]:
    name, good = f"{second.name}.ipynb", json.dumps(classes.filled(second, honest)).encode()
    _zip(
        handed / "zip_outside.zip",
        [(f"../../{name}", good, stat.S_IFREG | 0o644), ("/etc/cron.d/x", b"x", stat.S_IFREG | 0o644)],
    )
    _zip(handed / "zip_link.zip", [(name, str(home / "course.key").encode(), stat.S_IFLNK | 0o777)])
    _zip(
        handed / "zip_link_and_notebook.zip",
        [("link", b"/etc/passwd", stat.S_IFLNK | 0o777), (f"a/{name}", good, stat.S_IFREG | 0o644)],
    )
    _zip(handed / "zip_bomb.zip", [(name, b"0" * 300_000_000, stat.S_IFREG | 0o644)])
    _zip(handed / "zip_many.zip", [(f"{n}.ipynb", b"", stat.S_IFREG | 0o644) for n in range(5000)])
    inner = io.BytesIO()
    _zip(inner, [(name, good, stat.S_IFREG | 0o644)])
    (handed / "zip_broken.zip").write_bytes(inner.getvalue()[:-40])
    _zip(handed / "zip_nested.zip", [("inner.zip", inner.getvalue(), stat.S_IFREG | 0o644)])
    _zip(handed / "zip_bzip2.zip", [(name, b"0" * 50_000_000, stat.S_IFREG | 0o644)], zipfile.ZIP_BZIP2)
    marked = bytearray(inner.getvalue())  # the bit that says: encrypted, in both headers
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        marked[marked.index(sign) + place] |= 1
    (handed / "zip_encrypted.zip").write_bytes(bytes(marked))
    broken = bytearray(inner.getvalue())
    middle = 30 + len(name) + 20  # within the packed data
    broken[middle : middle + 200] = bytes(200)
    (handed / "zip_damaged.zip").write_bytes(bytes(broken))
    (handed / "odd_names").mkdir()
    os.symlink(b"/etc/passwd", os.fsencode(handed / "odd_names") + b"/\xff\xfe.ipynb")
    (handed / "odd_names" / "²").write_bytes(b"")
    (handed / "odd_names" / name).write_bytes(good)
    (handed / "².zip").write_bytes(b"")
    (handed / "environment_inside" / "env").mkdir(parents=True)
    (handed / "environment_inside" / "env" / "pyvenv.cfg").write_bytes(b"")
    for number in range(2500):
        (handed / "environment_inside" / "env" / f"{number}.ipynb").write_bytes(b"")
    (handed / "environment_inside" / name).write_bytes(good)
    (home / "elsewhere.ipynb").write_bytes(good)
    (handed / "linked_notebook").mkdir()
    (handed / "linked_notebook" / name).symlink_to(home / "elsewhere.ipynb")
    (home / "other").mkdir()
    (home / "other" / name).write_bytes(good)
    (handed / "linked_folder").symlink_to(home / "other", target_is_directory=True)
    (handed / "pipe").mkdir()
    os.mkfifo(handed / "pipe" / name)
    _zip(handed / "zip_list.zip", [(f"{n:060000}", b"", stat.S_IFREG | 0o644) for n in range(400)])
    doll = good
    for number in range(6):
        packed = io.BytesIO()
        _zip(packed, [(f"{number}.zip" if number else name, doll, stat.S_IFREG | 0o644)])
        doll = packed.getvalue()
    (handed / "zip_matryoshka.zip").write_bytes(doll)
    (handed / "painted_names").mkdir()
    (handed / "painted_names" / name).write_bytes(good)
    (handed / "painted_names" / "\x1b[2J\x1b[HAll is well: 12 notebooks graded.txt").write_bytes(b"x")
    return ["zip_list", "zip_matryoshka", "painted_names", "zip_outside", "zip_link", "zip_link_and_notebook", "zip_bomb", "zip_many", "zip_broken", "linked_notebook", "linked_folder", "pipe", "zip_nested", "zip_bzip2", "zip_encrypted", "zip_damaged", "odd_names", "environment_inside"]  # fmt: skip


def points(found) -> dict[str, float]:
    return {name: score.points for name, score in found.scores.items()}


def notes(found) -> str:
    """Return all that a person is told of a submission."""
    return " ".join([*(found.run.notes if found.run else []), UNREAD.get(found.student, "")]).strip()


UNREAD: dict[str, str] = {}  # what was not read, by student
FULL = {"roots_early": 3, "roots_late": 3, "independent": 8, "resting": 4, "seeming": 4}


def test_the_bystander_is_unharmed(graded):
    assert points(graded["bystander"]) == FULL
    assert notes(graded["bystander"]) == ""


@pytest.mark.parametrize("name", attacks(*ATTACKS))
def test_what_was_answered_before_counts_and_the_attack_gives_nothing(graded, name):
    got = points(graded[name])
    assert {item: got[item] for item in FIRST} == {item: FULL[item] for item in FIRST}
    assert got["independent"] == 0


# After these the kernel still lives, and what follows counts.
@pytest.mark.parametrize(
    "name",
    attacks(
        "endless_loop", "memory_at_once", "sockets", "semaphores", "empty_files", "locks", "disk", "disk_in_shm", "many_files", "endless_output", "raises_in_its_error", "stays_behind", "answer_of_50_mb", "answer_not_a_number",
        "extended_attributes", "asynchronous_io", "locked_pages", "timers", "larger_pipes", "forges_the_end",
        "painted_output", "leaves_threads", "fills_descriptors",
        "answer_huge_number", "answer_true", "answer_equal_to_all", "answer_half_a_letter", "script_in_output", "answers_without_end",
    ),
)  # fmt: skip
def test_what_is_answered_after_counts_where_the_kernel_lives(graded, name):
    got = points(graded[name])
    # The fifth answer uses a function that the model answer defines in the cell of the attack.
    assert got["resting"] == FULL["resting"]


@pytest.mark.parametrize(
    ("name", "said"),
    attacks(
        ("kernel_exits", "stopped running before its last cell"),
        ("kills_itself", "stopped running before its last cell"),
        ("stops_itself", f"more than {LIMITS.seconds:g} seconds"),
        ("kills_everything", "stopped running before its last cell"),
        ("takes_the_clock_away", f"more than {LIMITS.seconds:g} seconds"),
        ("memory_in_steps", "memory"),
    ),
)
def test_a_note_says_what_happened(graded, name, said):
    assert said in notes(graded[name]), notes(graded[name])


@pytest.mark.parametrize("name", attacks("endless_loop", "endless_output", "catches_everything"))
def test_a_cell_that_takes_too_long_is_stopped(graded, name):
    assert "seconds" in notes(graded[name]) + graded[name].run.errors.get("independent", ""), name


@pytest.mark.parametrize("name", attacks("fork_bomb", "thread_bomb"))
def test_bombs_of_processes_are_stopped_or_starve(graded, name):
    assert graded[name].run.notes or graded[name].run.errors["independent"]


def spied(graded, name):
    value = graded[name].run.values["independent"]
    assert value, notes(graded[name])
    assert SECRET not in json.dumps(value)
    return value


def test_what_a_cell_printed_can_be_read(graded):
    """Errors come without the codes of a terminal, and one that was stopped without the place of the clock."""
    failed = [work for work in graded.values() if work.run and any(work.run.errors.values())]
    assert len(failed) > 5
    for work in failed:
        if work.student != "painted_output":
            assert "U+001B" not in " ".join(work.run.texts.values()), work.student
    assert "inside.py" not in " ".join(graded["endless_loop"].run.texts.values())


def test_there_is_no_network(graded):
    assert set(spied(graded, "network").values()) <= {"OSError", "gaierror"}


def test_no_file_of_the_machine_can_be_read(graded):
    found = spied(graded, "passwords")
    assert set(found.values()) == {"FileNotFoundError"}


def test_no_gradebook_roster_key_or_submission_is_to_be_seen(graded):
    assert graded["files"].run.values["independent"] == []


def test_neither_answers_nor_what_compares_them_are_there(graded):
    assert set(spied(graded, "answers").values()) == {"not there"}


def test_what_the_assignment_is_about_is_left_out(graded):
    assert set(spied(graded, "left_out").values()) == {"NotImplementedError"}


def test_nothing_of_other_students_is_there(graded):
    found = spied(graded, "others")
    assert found[:1] == ["case"]
    assert not [told for told in found if "bystander" in told or "handed" in told]
    assert sum(told.isdigit() for told in found) <= 5  # processes: its own


def test_the_environment_is_not_the_teachers(graded):
    found = spied(graded, "environment")
    assert "WOOZLE_TEST_SECRET" not in json.dumps(found)
    assert found["HOME"] == "/tmp"
    assert found["proc"] in ("False", "[]")


def test_the_places_of_the_teacher_are_not_seen(graded):
    """Neither where woozle's environment lies nor anything installed from there: also not in what was compiled."""
    found = spied(graded, "environment")
    assert found["looked at"] > 1000
    assert (found["files"], found["names"]) == ("", "")
    if Path(f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}").exists():
        assert found["prefix"] == "/usr"  # and not where a person keeps another


def test_nothing_can_be_written_outside(graded):
    assert set(spied(graded, "writes").values()) <= {"OSError", "PermissionError", "FileNotFoundError"}


def test_no_other_system_call_is_let_through(graded):
    """Each number up to those of this year's kernels is tried: what the table does not name does not exist inside."""
    column = {"x86_64": 0, "aarch64": 1}[os.uname().machine]
    allowed = {pair[column] for calls in ALLOWED.values() for pair in calls.values()}
    tried = spied(graded, "system_calls")
    assert set(tried) <= allowed, sorted(set(tried) - allowed)


def test_numbers_of_system_calls_are_those_of_this_machine():
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not header.exists():
        pytest.skip("the header of the kernel's calls is not installed (linux-libc-dev)")
    told = dict(re.findall(r"#define __NR_(\w+) (\d+)", header.read_text()))
    ours = {name: pair[0] for calls in ALLOWED.values() for name, pair in calls.items() if pair[0] is not None}
    assert ours == {name: int(told[name]) for name in ours}


def test_what_costs_memory_that_nobody_counts_is_not_allowed():
    names = {name for calls in ALLOWED.values() for name in calls}
    assert not names & {
        "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "io_setup", "mlock", "mlock2", "mlockall", "timer_create",
        "timerfd_create", "eventfd2", "memfd_create", "shmget", "semget", "msgget", "mq_open", "socket", "socketpair",
        "epoll_create1", "inotify_init1", "io_uring_setup", "userfaultfd", "splice", "vmsplice", "tee", "mknod", "mount",
    }  # fmt: skip


def test_the_name_of_the_machine_is_not_seen(graded):
    import platform

    found = spied(graded, "machine")
    assert found["node"] == "sandbox"
    assert platform.node() not in json.dumps(found)


def test_painted_texts_are_shown_as_they_are(graded):
    run = graded["painted_output"].run if "painted_output" in graded else None
    told = notes(graded["painted_names"]) + (json.dumps([run.texts, run.errors]) if run else "")
    assert "\x1b" not in told
    assert "All is well" in told


def test_there_are_no_privileges(graded):
    assert spied(graded, "privileges") == {"root": "no"} | dict.fromkeys(
        ("namespace", "mount", "ptrace", "memfd", "shm", "clone", "fsopen"), "refused"
    )


def test_replacing_libraries_changes_nothing_outside(graded):
    got = points(graded["replaces"])
    assert {item: got[item] for item in FIRST} == {item: FULL[item] for item in FIRST}
    assert all(got[item] in (0, FULL[item]) for item in got)


def test_forged_lines_are_answers_at_most(graded):
    got = points(graded["forges"])
    assert {item: got[item] for item in FIRST} == {item: FULL[item] for item in FIRST}
    assert all(got[item] in (0, FULL[item]) for item in got)
    assert set(graded["forges"].run.values) <= set(FULL)


def test_forged_points_are_not_read(graded):
    assert points(graded["forged_points"]) == {**dict.fromkeys(FULL, 0), "roots_early": 3}
    assert all(score.most == FULL[name] for name, score in graded["forged_points"].scores.items())


def test_a_changed_cell_is_run_as_it_was_given(graded):
    assert points(graded["changed_setup"]) == FULL
    assert "was changed" in notes(graded["changed_setup"])


def test_deleted_cells_give_nothing_and_the_set_up_is_put_back(graded):
    got = points(graded["deleted_cells"])
    assert got["independent"] == 0
    assert {item: got[item] for item in (*FIRST, "resting")} == {item: FULL[item] for item in (*FIRST, "resting")}
    assert "no cell that answers 'independent'" in notes(graded["deleted_cells"])


def test_of_two_cells_what_the_name_holds_at_last_counts(graded):
    assert points(graded["doubled_cell"]) == FULL | {"roots_late": 0}
    assert "appears twice" in notes(graded["doubled_cell"])


@pytest.mark.parametrize("name", ["not_json", "not_a_notebook", "deep_json", "empty_file", "binary", "large"])
def test_what_is_no_notebook_gets_nothing_and_a_note(graded, name):
    assert set(points(graded[name]).values()) == {0}
    assert "notebook" in notes(graded[name])


def test_half_letters_and_long_names_do_no_harm(graded):
    assert points(graded["half_letters"]) == FULL
    assert max(map(len, graded["half_letters"].run.notes)) < 400


def test_odd_cells_are_passed_over(graded):
    assert set(points(graded["odd_cells"]).values()) == {0}
    assert "no answer is written in it" in notes(graded["odd_cells"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("zip_outside", "leads out of it"),
        ("zip_link", "symbolic link"),
        ("zip_bomb", "more than 5 MB"),
        ("zip_many", "more than 2000 files"),
        ("zip_list", "its list of files has more than"),
        ("zip_matryoshka", "packed in an unusual way"),
        ("zip_bzip2", "an unusual way"),
        ("zip_encrypted", "encrypted"),
        ("zip_damaged", "damaged"),
        ("zip_broken", "damaged"),
        ("linked_notebook", "symbolic link"),
        ("linked_folder", "symbolic link"),
    ],
)
def test_what_is_not_read_gets_nothing_and_a_note(graded, name, said):
    assert set(points(graded[name]).values()) == {0}
    assert said in notes(graded[name])


def test_a_pipe_is_not_waited_for(graded):
    assert set(points(graded["pipe"]).values()) == {0}
    assert "not a file" in notes(graded["pipe"])


@pytest.mark.parametrize("name", ["odd_names", "environment_inside", "zip_nested", "painted_names"])
def test_what_lies_beside_an_honest_notebook_does_no_harm(graded, name):
    assert points(graded[name]) == FULL


def test_a_link_beside_an_honest_notebook_is_passed_over(graded):
    assert points(graded["zip_link_and_notebook"]) == FULL
    assert "symbolic link" in notes(graded["zip_link_and_notebook"])


def test_nothing_of_a_submission_runs_on_afterwards(graded):
    """What another test grades beside this one comes to its end; what an attack left would run on."""
    import psutil

    left = []
    for process in psutil.process_iter(["cmdline"]):
        told = " ".join(process.info["cmdline"] or [])
        if ("-s -S /grader/inside.py" in told) or "time.sleep(601.25)" in told:
            left.append(process)
    _, left = psutil.wait_procs(left, timeout=300)
    assert [" ".join(process.cmdline()) for process in left] == []
