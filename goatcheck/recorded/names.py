"""What recordings are named by: paths, patterns that many paths match, and URLs, which fsspec reads."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any, BinaryIO

from goatcheck.errors import UsageError

_PATTERN = re.compile(r"[*?\[]")
_BUFFER = 1024 * 1024


def is_url(name: str) -> bool:
    """Whether a name is a URL, such as s3://bucket/traffic.jsonl."""
    return "://" in name


def matches(name: str, home: Path = Path()) -> list[str]:
    """The names that a name stands for: of a pattern, what it matches below `home`, in order; else the name itself. UsageError for a
    URL that can't be looked up.
    """
    if not _PATTERN.search(name):
        return [name]
    if is_url(name):
        with _fsspec(name) as fsspec:
            files, pattern = fsspec.url_to_fs(name)
            found = [] if files.exists(pattern) else [files.unstrip_protocol(path) for path in files.glob(pattern)]
    else:
        found = [] if (home / name).exists() else glob(name, root_dir=home, recursive=True)  # noqa: PTH207 - a Path's own takes no absolute pattern
    return sorted(found) or [name]


def opened_url(name: str) -> BinaryIO:
    """The file at a URL. UsageError where there is none, or where it can't be read."""
    with _fsspec(name) as fsspec:
        return io.BufferedReader(fsspec.open(name, "rb").open(), _BUFFER)


@contextmanager
def _fsspec(name: str) -> Iterator[Any]:
    """fsspec, which may raise what it likes: each storage has errors of its own."""
    try:
        import fsspec  # noqa: PLC0415 - it comes with an extra only
    except ImportError as error:
        raise UsageError(f"{name} is a URL, which fsspec reads: pip install 'goatcheck[dask]'.") from error
    try:
        yield fsspec
    except Exception as error:
        raise UsageError(f"{name} can't be read: {getattr(error, 'strerror', None) or error}.") from error
