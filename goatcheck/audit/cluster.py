"""A Dask cluster as a crew: `distributed` is imported when one is asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from goatcheck.audit.partitions import Failed, mark
from goatcheck.errors import Unusable, UsageError

CONNECTING, JOINING = 10, 60
"""Seconds to wait for the scheduler, and for its first worker."""

RETRIES = 2
"""How often a worker's work is tried again after an error. A worker that is lost is another matter: the scheduler counts those."""

AHEAD = 4
"""Partitions for each thread of the cluster that are asked for before they are needed."""

LOST = "The Dask scheduler went away before the audit was through, so nothing is reported."

R = TypeVar("R")


@contextmanager
def connected(address: str, version: str) -> Iterator[Dask]:
    """A cluster by its scheduler's address; what was asked of it and is not done is given up at the end.

    `version` is the contract's: every worker must be of this goatcheck and have the same contract. UsageError where one is not,
    where there is no worker, or no scheduler, or where Dask is not installed.
    """
    try:
        import distributed  # noqa: PLC0415 - it comes with an extra only, and takes a while
    except ImportError as error:
        raise UsageError("--scheduler takes Dask, which is not installed: pip install 'goatcheck[dask]'.") from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is told below, in other words
    try:
        asyncio.run(_knock(distributed, address))
        client = distributed.Client(address, timeout=CONNECTING, set_as_default=False)
    except OSError as error:
        raise UsageError(
            f"No Dask scheduler was reached at {address} within {CONNECTING} seconds. Is it running?"
        ) from error
    except (ValueError, TypeError) as error:
        raise UsageError(f"{address} is no address of a Dask scheduler: {error}. Expected tcp://HOST:PORT.") from error
    with client:
        _refuse_others(client, address, version)
        yield Dask(distributed, client)


async def _knock(distributed: Any, address: str) -> None:
    """Connect and part again: a client that could not connect would not end for a while, and not in silence."""
    security = distributed.Security().get_connection_args("client")
    await (await distributed.core.connect(address, timeout=CONNECTING, **security)).close()


def _refuse_others(client: Any, address: str, version: str) -> None:
    # A cluster that grows with what is asked of it grows for this. Nothing of goatcheck's must be submitted yet: a worker without it
    # would end on what it can't read, where `run` says so.
    first = client.submit(int, pure=False)
    try:
        client.wait_for_workers(1, timeout=JOINING)
    except TimeoutError as error:
        raise UsageError(f"The scheduler at {address} has no worker, after {JOINING} seconds still.") from error
    first.release()
    here = mark(version)
    for worker, there in client.run(mark, version, on_error="return").items():
        if isinstance(there, OSError):
            continue  # it went away just now; another one in its place refuses by itself
        if isinstance(there, Exception):
            raise UsageError(f"The worker at {worker} has not this goatcheck: install it there ({there}).")
        if there != here:
            raise UsageError(f"The worker at {worker} has {there}, and this is {here}: install the same on both.")


@dataclass(frozen=True)
class Dask:
    """The workers of a Dask cluster, through a client of theirs and the module that it is of."""

    distributed: Any
    client: Any

    def submit(self, function: Callable[..., R], *arguments: object) -> _Coming[R]:
        """Have a worker run a function. Unusable where the scheduler is lost."""
        with _scheduler():
            future = self.client.submit(function, *arguments, pure=False, retries=RETRIES)
        return _Coming(self.distributed, future)

    def most(self) -> int:
        """As many as keep every thread that there is now busy. Unusable where the scheduler is lost."""
        with _scheduler():
            threads: int = sum(self.client.nthreads().values())
        return AHEAD * max(1, threads)


@dataclass(frozen=True)
class _Coming(Generic[R]):
    distributed: Any
    future: Any

    def result(self) -> R:
        """What the function gave. Failed where every worker that took it was lost, Unusable where the scheduler was."""
        try:
            given: R = self.future.result()
        except self.distributed.KilledWorker as error:
            raise Failed("every worker that took it was lost") from error
        except CancelledError as error:
            raise Unusable(LOST) from error
        return given


@contextmanager
def _scheduler() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # a client that has lost its scheduler raises one thing and another
        raise Unusable(LOST) from error
