"""Run jobs in worker processes so that a job that takes its worker down harms no other job.

A pool of Python's own breaks as a whole when one worker dies, and does not tell which job did it. Here few jobs are
under way at a time; after a break each of them runs alone, and the one that breaks its worker again is the one.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import TypeVar

from autograder.sandbox.host.scratch_folder import make_scratch

WORTH_A_WORKER = 8  # jobs: starting a worker takes as long as so many of them, at least
Job = TypeVar("Job")
Done = TypeVar("Done")


def run_jobs(act: Callable[[Job], Done], jobs: Iterable[Job], workers: int) -> Iterator[tuple[Job, Done | Exception]]:
    """Each job with what `act` returned or raised, as they get ready; BrokenProcessPool for one that kills its worker.

    `act` and the jobs must be picklable. Whoever stops iterating ends the jobs under way.
    """
    waiting = deque(jobs)
    scratch = make_scratch("autograder-workers-")  # a worker that is killed can't remove its own temporary files
    try:
        while waiting:
            pool = partial(_pool, worker_count(len(waiting), workers), scratch.path)
            suspects = yield from _until_broken(pool, act, waiting, 2 * workers)
            while suspects:
                broke_it = yield from _until_broken(partial(_pool, 1, scratch.path), act, suspects, 1)
                for job in broke_it:
                    yield job, BrokenProcessPool("its worker process ended")
    finally:
        scratch.remove()


def worker_count(jobs: int, most: int) -> int:
    """How many worker processes so many jobs are given."""
    return min(most, 1 + jobs // WORTH_A_WORKER)


def _until_broken(
    pool_of: Callable[[], ProcessPoolExecutor], act: Callable[[Job], Done], waiting: deque[Job], most: int
) -> Generator[tuple[Job, Done | Exception], None, deque[Job]]:
    """Go through the jobs that wait, `most` under way at a time; returns those that were when the pool broke."""
    under_way: dict[Future[Done], Job] = {}
    try:
        with _open(pool_of) as pool:
            while waiting or under_way:
                while waiting and len(under_way) < most:
                    under_way[pool.submit(act, waiting[0])] = waiting[0]
                    waiting.popleft()
                ready, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in ready:
                    outcome = _outcome(future)
                    if isinstance(outcome, BrokenProcessPool):
                        raise outcome
                    yield under_way.pop(future), outcome
    except BrokenProcessPool:
        return deque(under_way.values())
    return deque()


@contextmanager
def _open(pool_of: Callable[[], ProcessPoolExecutor]) -> Iterator[ProcessPoolExecutor]:
    """A pool that ends when its work does; whatever else ends it, such as Ctrl-C, ends its workers at once."""
    others = set(multiprocessing.active_children())
    pool = pool_of()
    try:
        yield pool
        pool.shutdown()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.kill()  # asked to end, one waits for ever where the pool was interrupted while it started another
            worker.join()
        raise


def _outcome(future: Future[Done]) -> Done | Exception:
    try:
        return future.result()
    except Exception as error:  # what went wrong in the worker is the caller's to judge
        return error


def _pool(workers: int, scratch: Path) -> ProcessPoolExecutor:
    # A fresh interpreter: what the calling program holds open, threads and locks are not copied into it.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(scratch,))


def _begin(scratch: Path) -> None:
    """In a worker: leave Ctrl-C to the coordinator, and end when the coordinator is killed."""
    tempfile.tempdir = str(scratch)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)
