"""Build several reports side by side; if one fails, the others go on, and the result says what failed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from woozle.errors import WoozleError
from woozle.kernel.forks import CAN_FORK, shared_server
from woozle.report.execution import start_early
from woozle.report.run import Request, build_request

MEMORY_MB = 500  # at most what one report needs with its kernel, measured on the largest case


@dataclass(frozen=True)
class Outcome:
    """What came of a request.

    Attributes
    ----------
    request : Request
        What was asked for.
    page : Path, optional
        Of the report; None where it failed.
    built : bool
        Whether it was built now; False if it was there already, or failed.
    error : Exception, optional
        Why it failed.
    """

    request: Request
    page: Path | None = None
    built: bool = False
    error: Exception | None = None


def usual_jobs() -> int:
    """Return how many reports are built side by side: one a core, as far as the free memory goes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (ValueError, OSError):
        free = MEMORY_MB * cores
    return max(1, min(cores, int(free / MEMORY_MB)))


def build_all(
    requests: Sequence[Request],
    jobs: int | None = None,
    done: Callable[[Outcome], None] | None = None,
    force: bool = False,
) -> list[Outcome]:
    """Build reports side by side and return what came of each, in their order.

    If a report fails, the others go on. A report that is already there and up to date is not built again, so a batch
    that was stopped goes on where it was.

    Parameters
    ----------
    requests
        What to build.
    jobs
        How many at once; if not given, one a core, as far as memory goes (some 500 MB each).
    done
        Called with each outcome as it comes.
    force
        Also build reports that are already there and up to date.
    """
    outcomes: dict[int, Outcome] = {}
    left = []
    for number, request in enumerate(requests):
        page = None if force else request.found()
        if page:
            outcomes[number] = Outcome(request, page)
            if done:
                done(outcomes[number])
        else:
            left.append(number)
    if left:
        start_early()
        with ThreadPoolExecutor(min(jobs or usual_jobs(), len(left))) as pool:
            running = {pool.submit(_one, requests[number], force): number for number in left}
            try:
                for future in as_completed(running):
                    outcomes[running[future]] = future.result()
                    if done:
                        done(outcomes[running[future]])
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                if CAN_FORK:
                    shared_server().close()  # with its kernels, so that nobody has to wait for them
                raise
    return [outcomes[number] for number in range(len(requests))]


def _one(request: Request, force: bool) -> Outcome:
    try:
        return Outcome(request, build_request(request, force=force), built=True)
    except (WoozleError, OSError) as error:
        return Outcome(request, error=error)
    except Exception as error:  # whatever goes wrong in one report, the others go on
        return Outcome(request, error=WoozleError(f"{type(error).__name__}: {error}"))
