"""Random values that are the same for the same seed. Hypothesis draws them; nothing is ever sent here."""

from __future__ import annotations

import atexit
import hashlib
import os
import random
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import HypothesisException
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.strategies import SearchStrategy

from goatcheck.errors import GeneratorError

T = TypeVar("T")

STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"
"""The environment variable that says where Hypothesis keeps its files."""

_BACKEND = "goatcheck"
_SPARE = 2
"""How many values are drawn for each one that is wanted, since some come twice."""

_one_at_a_time = threading.Lock()
"""Hypothesis seeds the interpreter's global random state while it draws, so no two draws may overlap."""


class _Unmined(HypothesisProvider):
    """Hypothesis' own provider of random choices, without its constants.

    It mines them from the modules that happen to be loaded, so that the same seed would draw otherwise in a checkout,
    in an installed copy, and before or after an import. What breaks servers comes from our own corpora instead.
    """

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
        return None


AVAILABLE_PROVIDERS[_BACKEND] = _Unmined


@dataclass(frozen=True)
class Draw:
    """A source of values for one run: equal seeds give equal values, in whatever order and thread they are asked for.

    `max_examples` bounds how many random examples each user of the source should ask for; 0 leaves the fixed ones only.
    """

    seed: int
    max_examples: int = 5
    _drawn: dict[tuple[str, int], tuple[Any, ...]] = field(default_factory=dict, repr=False, compare=False)
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        _keep_files_away()

    def examples(self, label: str, strategy: SearchStrategy[T], count: int) -> tuple[T, ...]:
        """Up to `count` distinct values of the strategy, in the order drawn.

        A label stands for one strategy: the values are drawn once and kept. Raises GeneratorError where the strategy
        gives no value at all.
        """
        if count < 1:
            return ()
        with _one_at_a_time:
            if (label, count) not in self._drawn:
                self._drawn[label, count] = _run(self._seed_of(label), strategy, count, label)
            return self._drawn[label, count]

    def one(self, label: str, strategy: SearchStrategy[T]) -> T:
        """One value; not the first that Hypothesis draws, which is always the simplest there is."""
        return self.examples(label, strategy, 3)[-1]

    def once(self, of: Hashable, make: Callable[[], T]) -> T:
        """What `make` made of something the first time; it must always make the same of it."""
        if of not in self._kept:
            self._kept[of] = make()
        return self._kept[of]  # type: ignore[no-any-return]

    def uuid(self, label: str) -> str:
        """A random version 4 uuid as text, which no resource has."""
        return self.once(
            ("uuid", label), lambda: str(uuid.UUID(int=self._random(f"uuid:{label}").getrandbits(128), version=4))
        )

    def token(self, label: str) -> str:
        """An API key of the documented form that was never issued."""
        return f"tga_{self._random(f'token:{label}').getrandbits(256):064x}"

    def pick(self, label: str, choices: Sequence[T]) -> T:
        """One of the choices."""
        return self._random(f"pick:{label}").choice(choices)

    def _random(self, label: str) -> random.Random:
        return random.Random(self._seed_of(label))  # noqa: S311 - test data, and it has to be repeatable

    def _seed_of(self, label: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.seed}\0{label}".encode()).digest()[:8])


def _run(number: int, strategy: SearchStrategy[T], count: int, label: str) -> tuple[T, ...]:
    found: dict[str, T] = {}

    @seed(number)
    @settings(
        backend=_BACKEND,
        database=None,
        deadline=None,
        derandomize=False,
        max_examples=count * _SPARE,
        phases=(Phase.generate,),
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def collect(value: T) -> None:
        found.setdefault(repr(value), value)

    try:
        collect()
    except HypothesisException as error:
        raise GeneratorError(f"nothing could be drawn for {label!r}: {error}") from error
    return tuple(found.values())[:count]


@cache
def _keep_files_away() -> None:
    """Send Hypothesis' own files to a temporary folder, unless the user has chosen a place for them."""
    if not os.environ.get(STORAGE):
        os.environ[STORAGE] = folder = tempfile.mkdtemp(prefix="goatcheck-hypothesis-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
