"""Streams of JSON: what the reader below can't bear never reaches it, and all else does, in whatever pieces it comes."""

import io
import json

import ijson
import pytest

from goatcheck.recorded.streams import top_names, values_at

PREFIX = "log.entries.item"
ENTRY = {"a": ['x\\"[' * 20, "]}\\", '"'], "b": {"c": [1, 2.5e10, -3, "9" * 5000]}, "d": "[" * 2000}


class InPieces(io.BytesIO):
    """Gives a few bytes at a time, however many are asked for."""

    def __init__(self, text, size):
        super().__init__(text)
        self._size = size

    def read(self, size=-1):
        return super().read(min(size, self._size) if size > 0 else size)


def text_of(entries):
    return f'{{"log": {{"entries": {entries}}}}}'.encode()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 64, 4096])
def test_a_text_is_read_as_it_is_in_whatever_pieces_it_comes(size):
    stream = InPieces(text_of(json.dumps([ENTRY] * 3)), size)
    assert list(values_at(stream, PREFIX)) == [ENTRY] * 3


@pytest.mark.parametrize("size", [7, 100_000])
def test_what_is_nested_without_end_is_told_before_it_takes_the_memory(size):
    with pytest.raises(RecursionError, match="nested too deeply"):
        list(values_at(InPieces(text_of("[" * 20_000), size), PREFIX))


@pytest.mark.parametrize("size", [7, 100_000])
def test_a_number_that_python_would_not_read_is_told_before_it_is_read(size):
    stream = InPieces(text_of(f'[{{"time": {"9" * 10_000}}}]'), size)
    with pytest.raises(ijson.JSONError, match="too long"):
        list(values_at(stream, PREFIX))


@pytest.mark.parametrize("more", ["[" * 20_000, "9" * 10_000])
def test_names_at_the_top_are_told_as_far_as_they_can_be_read(more):
    assert top_names(f'{{"log": 1, "other": {more}'.encode()) <= {"log", "other"}
