"""Run jobs in worker processes so that a job that takes its worker down harms no other job.

A pool of Python's own breaks as a whole when one worker dies, and does not tell which job did it. Here few jobs are
under way at a time; after a break each of them runs alone, and the one that breaks its worker again is the one.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from typing import TypeVar

WORTH_A_WORKER = 8  # jobs: starting a worker takes as long as so many of them, at least
Job = TypeVar("Job")
Done = TypeVar("Done")


def run_jobs(act: Callable[[Job], Done], jobs: Iterable[Job], workers: int) -> Iterator[tuple[Job, Done | Exception]]:
    """Each job with what `act` returned or raised, as they get ready; BrokenProcessPool for one that kills its worker.

    `act` and the jobs must be picklable. Whoever stops iterating waits for the jobs under way.
    """
    waiting = deque(jobs)
    while waiting:
        under_way: dict[Future[Done], Job] = {}
        pool = _pool(min(workers, 1 + len(waiting) // WORTH_A_WORKER))
        try:
            yield from _until_broken(pool, act, waiting, under_way, workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        for job in under_way.values():
            yield job, _alone(act, job)


def _until_broken(
    pool: ProcessPoolExecutor,
    act: Callable[[Job], Done],
    waiting: deque[Job],
    under_way: dict[Future[Done], Job],
    workers: int,
) -> Iterator[tuple[Job, Done | Exception]]:
    """Go through the jobs that wait; where the pool breaks, the jobs without an outcome are left in `under_way`."""
    while waiting or under_way:
        while waiting and len(under_way) < 2 * workers:
            try:
                under_way[pool.submit(act, waiting[0])] = waiting[0]
            except BrokenProcessPool:
                return
            waiting.popleft()
        ready, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in ready:
            outcome = _outcome(future)
            if isinstance(outcome, BrokenProcessPool):
                return
            yield under_way.pop(future), outcome


def _alone(act: Callable[[Job], Done], job: Job) -> Done | Exception:
    with _pool(1) as pool:
        return _outcome(pool.submit(act, job))


def _outcome(future: Future[Done]) -> Done | Exception:
    try:
        return future.result()
    except Exception as error:  # what went wrong in the worker is the caller's to judge
        return error


def _pool(workers: int) -> ProcessPoolExecutor:
    # A fresh interpreter: what the calling program holds open, threads and locks are not copied into it.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """In a worker: leave Ctrl-C to the coordinator, and end when the coordinator is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)
