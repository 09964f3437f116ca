"""Run one program with nothing of this machine to see or to harm.

Linux with bubblewrap: no network, a read-only system, no home, namespaces of its own, limits of memory, time, files and
processes. Started by root, it first changes to another account, because the kernel does not limit root's processes.
bubblewrap does not limit memory, so a watcher adds it up over all processes. The watcher can't count what the kernel
keeps for them (sockets, semaphores, attributes). Therefore a program may only make the system calls in
`syscalls.ALLOWED`. A control group counts the rest, if the machine allows one. If the machine's memory runs low, the
program is stopped.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import platform
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from woozle.classroom.cgroup import group
from woozle.classroom.syscalls import ALLOWED
from woozle.errors import WoozleError

PACKAGES = "/python"  # where the packages of this Python are seen
HOME = "/class"  # where the program runs: in memory, writable, gone afterwards
_BASE = "/base"  # where a Python is seen that is not the system's
_WHOLE = (
    "import bz2, ctypes, decimal, lzma, multiprocessing, sqlite3, ssl, unittest, zoneinfo"  # some systems lack parts
)
_MB = 1 << 20
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PAGE = os.sysconf("SC_PAGE_SIZE")
_RUNNING: set[subprocess.Popen] = set()
LOW_MEMORY = "the memory of this machine ran low"
_LEAST = 0.2  # share of the machine's memory that is to stay available
_UIDS = itertools.cycle(range(210_000, 211_000))  # of nobody; one a run, so that no run counts another's processes
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives")
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_NAMESPACES = 0x7E020000  # flags of clone that make a namespace


class SandboxError(WoozleError):
    """There is no sandbox here."""


@dataclass(frozen=True)
class Limits:
    """What a program may use.

    Attributes
    ----------
    seconds : float
        Of wall time, for all of it.
    memory : int
        Bytes, over all its processes.
    processes : int
        Processes and threads at once.
    disk : int
        Bytes in files, which lie in memory.
    output : int
        Bytes that it may hand out.
    """

    seconds: float = 180
    memory: int = 1536 * _MB
    processes: int = 128
    disk: int = 64 * _MB
    output: int = 4 * _MB


@dataclass(frozen=True)
class Ending:
    """How a program ended: what it handed out, and why it was stopped (empty if it ended by itself)."""

    output: bytes
    code: int
    stopped: str = ""
    error: str = ""


def why_not() -> str:
    """Return why no sandbox can be made here, with the remedy; empty where one can.

    Examples
    --------
    >>> isinstance(why_not(), str)
    True
    """
    if sys.platform != "linux":
        return (
            "Grading needs a sandbox, and bubblewrap runs on Linux only: grade in WSL2, a virtual machine or a "
            "container (see docs/teach.md)."
        )
    if platform.machine() not in _MACHINES:
        return (
            f"Grading knows no filter of system calls for this processor ({platform.machine()}): use x86-64 or ARM64."
        )
    if not shutil.which("bwrap", path=_PATH):
        return (
            "Grading needs bubblewrap (bwrap), which is not installed: sudo apt install bubblewrap, or sudo dnf "
            "install bubblewrap."
        )
    if os.geteuid() == 0 and not shutil.which("setpriv", path=_PATH):
        return "Grading as root needs setpriv (package util-linux), to change to another account; or use another user."
    ending = run(["/usr/bin/env", "true"], {}, Limits(seconds=20), whole=False)
    if ending.code == 0:
        return ""
    lines = ending.error.strip().splitlines()
    return (
        "bubblewrap is installed but can't make namespaces here "
        f"({lines[-1] if lines else 'it says nothing'}). In a container, start it with "
        "--security-opt seccomp=unconfined --security-opt apparmor=unconfined; on Ubuntu 24.04 allow bwrap user "
        "namespaces in AppArmor (see docs/teach.md)."
    )


def run(
    argv: Sequence[str],
    binds: Mapping[str, Path],
    limits: Limits = Limits(),
    environment: Mapping[str, str] | None = None,
    folder: str = HOME,
    unsafe: bool = False,
    whole: bool = True,
) -> Ending:
    """Run a program in the sandbox and return how it ended.

    Parameters
    ----------
    argv
        The program.
    binds
        What it sees, read-only: files and folders of this machine by their path inside.
    limits
        What it may use.
    environment
        The variables that it sees, besides HOME, PATH, LANG, TZ and PYTHONTZPATH.
    folder
        Where it starts: `HOME` or a folder in it.
    unsafe
        Run it without a sandbox. Time and output are limited, memory and processes only in part.
    whole
        Whether this Python is to be seen inside; `python` says how it is started there.
    """
    variables = {"HOME": "/tmp", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONTZPATH": ""}
    variables |= environment or {}
    if unsafe:
        return _watched(list(argv), limits, cwd=folder, env=variables)
    seen = dict(binds) | (_python() if whole else {})
    places = {
        inside: f"/seen/{number}" if os.geteuid() == 0 else str(path)
        for number, (inside, path) in enumerate(seen.items())
    }
    with _readable(_program(*_MACHINES[platform.machine()])) as seccomp:
        # Its options are not on its command line, nor the teacher's environment in its own: both can be read inside.
        options = _options(places, limits, variables, folder, seccomp)
        with _readable("\0".join([*options, ""]).encode()) as arguments:
            command = ["bwrap", "--args", str(arguments), "--", *argv]
            if os.geteuid() == 0:
                command = [*_view({place: seen[inside] for inside, place in places.items()}), *command]
            return _watched(command, limits, pass_fds=(seccomp, arguments), env={"PATH": _PATH})


def _view(places: Mapping[str, Path]) -> list[str]:
    """Return what root starts first: a view of these files and the system, under an account that owns nothing."""
    uid = next(_UIDS)
    view = ["bwrap", "--die-with-parent", "--tmpfs", "/", *_system()]
    view += ["--dev-bind", "/dev", "/dev", "--dev-bind", "/proc", "/proc", "--dir", "/seen"]
    view += ["--dir", "/tmp"]  # bwrap builds its own view there
    for place, path in places.items():
        view += ["--ro-bind", str(path), place]
    down = [f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--no-new-privs", "--inh-caps=-all"]
    return [*view, "--chdir", "/", "setpriv", *down, "--bounding-set=-all"]


def _options(
    places: Mapping[str, str], limits: Limits, variables: Mapping[str, str], folder: str, seccomp: int
) -> list[str]:
    """Return the options of the sandbox itself."""
    options = ["--unshare-all", "--hostname", "sandbox", "--die-with-parent", "--new-session"]
    options += ["--cap-drop", "ALL", "--clearenv"]
    for name, value in variables.items():
        options += ["--setenv", name, value]
    options += ["--seccomp", str(seccomp), *_system(), "--dev", "/dev"]  # no /proc: it tells places
    options += ["--size", str(_MB), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    options += ["--size", str(limits.disk // 2), "--tmpfs", "/tmp", "--size", str(limits.disk // 2), "--tmpfs", HOME]
    made = {"/", "/etc", "/tmp", HOME}
    for inside, outside in places.items():
        for parent in reversed(PurePosixPath(inside).parents):
            if str(parent) not in made:
                options += ["--dir", str(parent)]
                made.add(str(parent))
        options += ["--ro-bind", outside, inside]
    return [*options, "--dir", folder, "--remount-ro", "/", "--chdir", folder]


def _system() -> list[str]:
    """Return the options that show the system's programs and libraries, and nothing of its settings or users."""
    options = ["--dir", "/etc"]
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            options += ["--ro-bind", str(path), str(path)]
    return options


def python() -> list[str]:
    """Return how Python is started inside; the packages lie in `PACKAGES`, a part of `PYTHONPATH`."""
    program = _program_inside()
    if not program.startswith("/usr/"):
        program = f"{_BASE}/{os.path.relpath(program, os.path.realpath(sys.base_prefix))}"
    return [program, "-s", "-S"]  # no site: it would look for packages where a system keeps them


@functools.cache
def _program_inside() -> str:
    """Return the Python that runs inside: the system's of this version where it is whole, or else this one.

    One of pyenv or conda lies in a person's home, and names the place in its own files.
    """
    own, system = os.path.realpath(sys.executable), f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"
    if not own.startswith("/usr/"):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run([system, "-I", "-S", "-c", _WHOLE], check=True, capture_output=True, timeout=60)
            return system
    return own


@functools.cache
def _python() -> dict[str, Path]:
    """Return what is seen of this Python, by paths inside that tell nothing of this machine."""
    packages = Path(sysconfig.get_path("purelib"))
    seen = {} if _program_inside().startswith("/usr/") else {_BASE: Path(os.path.realpath(sys.base_prefix))}
    seen[PACKAGES] = packages
    # These files name the place where a package was installed from, or where it was compiled after the installation.
    place, nothing = os.fsencode(sys.prefix), Path(__file__).parents[1] / "py.typed"
    telling = [*packages.glob("*.pth"), *packages.glob("*.dist-info/direct_url.json")]
    telling += [path for path in packages.rglob("*.pyc") if place in path.read_bytes()]
    return seen | {f"{PACKAGES}/{path.relative_to(packages)}": nothing for path in telling}


@contextlib.contextmanager
def _readable(data: bytes) -> Iterator[int]:
    """Yield a descriptor from which another program reads some bytes."""
    with os.fdopen(os.memfd_create("data"), "w+b") as file:
        file.write(data)
        file.seek(0)
        yield file.fileno()


def _program(column: int, machine: int) -> bytes:
    """Return the filter as classic BPF: what is not allowed fails, as it does on a kernel that does not know it."""
    load, equal, above, bits, end = 0x20, 0x15, 0x35, 0x45, 0x06
    numbers = [pair[column] for calls in ALLOWED.values() for name, pair in calls.items() if name != "clone"]
    clone = ALLOWED["processes, as many as are allowed"]["clone"][column]
    steps = [(load, "", "", 4), (equal, "", "refuse", machine), (load, "", "", 0)]
    steps += [(above, "refuse", "", 0x40000000)]  # x32: the same calls by other numbers
    steps += [(equal, "allow", "", number) for number in numbers if number is not None]
    # clone3, whose flags can't be read here, is not allowed: programs then use clone.
    steps += [(equal, "", "refuse", clone), (load, "", "", 16), (bits, "refuse", "allow", _NAMESPACES)]
    endings = {"refuse": 0x00050000 | 38, "allow": 0x7FFF0000}  # fails with ENOSYS
    places = {name: len(steps) + number for number, name in enumerate(endings)}
    packed = []
    for number, (code, yes, no, value) in enumerate(steps):
        jumps = [places[name] - number - 1 if name else 0 for name in (yes, no)]
        packed.append(struct.pack("HBBI", code, *jumps, value))
    packed += [struct.pack("HBBI", end, 0, 0, value) for value in endings.values()]
    return b"".join(packed)


def _watched(command: list[str], limits: Limits, **options: Any) -> Ending:
    """Run a command; stop it when it uses too much, and everything that it started with it."""
    with group(limits.memory + limits.disk) as held:
        ending = _watch(held.inside(command), limits, **options)
        if not ending.stopped and held.ended_something():
            return replace(ending, stopped=_too_large(limits))
        return ending


def _too_large(limits: Limits) -> str:
    return f"it took more than {limits.memory // _MB} MB of memory"


def _watch(command: list[str], limits: Limits, **options: Any) -> Ending:
    program = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **options,
    )
    _RUNNING.add(program)
    out, errors = _Reader(program.stdout, limits.output), _Reader(program.stderr, 10_000)
    end, stopped, before = time.monotonic() + limits.seconds, "", _available()[0]
    try:
        while program.poll() is None and not stopped:
            stopped = _too_much(program.pid, limits, end, out) or _too_little(before, limits)
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(0.05)
    finally:
        _kill(program)
        program.wait()
        _RUNNING.discard(program)
    out.join(5)
    errors.join(5)
    if not stopped and out.full:
        stopped = "it handed out too much"
    return Ending(bytes(out.found), program.returncode, stopped, errors.found.decode("utf-8", "replace"))


def stop_all() -> None:
    """Stop all programs that run in sandboxes now; those who wait for one get its output so far."""
    for program in tuple(_RUNNING):
        _kill(program)


def _kill(program: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)


def _too_much(pid: int, limits: Limits, end: float, out: _Reader) -> str:
    """Return what a running program uses too much of; empty if nothing."""
    if time.monotonic() > end:
        return f"it ran for more than {limits.seconds:g} seconds"
    if out.full:
        return "it handed out too much"
    memory = count = 0
    for process in _below(pid):
        with contextlib.suppress(OSError, ValueError, IndexError):
            memory += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
            count += len(os.listdir(f"/proc/{process}/task"))
    if memory > limits.memory:
        return _too_large(limits)
    if count > limits.processes:
        return f"it started more than {limits.processes} processes"
    return ""


def _too_little(before: int, limits: Limits) -> str:
    """Return a reason to stop if the machine's memory is low and fell by over half of what a program may use."""
    now, whole = _available()
    low = now < whole * _LEAST and before - now > limits.memory // 2
    return LOW_MEMORY if low else ""


def _available() -> tuple[int, int]:
    """Return how many bytes of memory are available, and how many there are."""
    try:
        text = Path("/proc/meminfo").read_text()
        facts = dict(line.split(":", 1) for line in text.splitlines())
        return int(facts["MemAvailable"].split()[0]) << 10, int(facts["MemTotal"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        return 0, 0


def _below(pid: int) -> Iterator[int]:
    """Yield the processes below one, which its process namespace holds together."""
    if not Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists():  # a kernel without that list
        import psutil

        with contextlib.suppress(psutil.NoSuchProcess):
            yield from (process.pid for process in psutil.Process(pid).children(recursive=True))
        return
    waiting = [pid]
    while waiting:
        parent, children = waiting.pop(), []
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{parent}/task"):
                with contextlib.suppress(OSError):
                    children += map(int, Path(f"/proc/{parent}/task/{thread}/children").read_text().split())
        waiting += children
        yield from children


class _Reader(threading.Thread):
    """Reads a stream to its end and keeps no more than the first bytes of it."""

    def __init__(self, stream, most: int):
        super().__init__(daemon=True)
        self._stream, self._most = stream, most
        self.found, self.full = bytearray(), False
        self.start()

    def run(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while piece := self._stream.read1(65536):
                room = self._most - len(self.found)
                self.found += piece[: max(room, 0)]
                self.full = self.full or len(piece) > room
