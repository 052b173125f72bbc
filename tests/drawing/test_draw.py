"""Random values are a function of seed, label and strategy, and of nothing else."""

import json
import os
import re
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import strategies as st

from goatcheck.drawing import Draw
from goatcheck.errors import GeneratorError

STRATEGIES = {
    "numbers": st.integers(),
    "texts": st.text(st.characters(codec="ascii"), min_size=1, max_size=20),
    "objects": st.fixed_dictionaries({"a": st.booleans()}, optional={"b": st.lists(st.integers(0, 9))}),
}

IN_A_FOREIGN_FOLDER = """
import json, sys
from hypothesis import strategies as st
from goatcheck.drawing import Draw
from goatcheck.drawing.values import random_values
draw = Draw(11)
schema = random_values(json.dumps({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}))
print(json.dumps([draw.examples("numbers", st.integers(), 9), draw.examples("objects", schema, 5)]))
"""


def all_of(draw, labels=tuple(STRATEGIES)):
    return {label: draw.examples(label, STRATEGIES[label], 6) for label in labels}


def test_equal_seeds_draw_equal_values():
    assert all_of(Draw(7)) == all_of(Draw(7))
    assert Draw(7) == Draw(7)


def test_other_seeds_draw_other_values():
    assert all_of(Draw(7)) != all_of(Draw(8))


def test_the_order_of_the_calls_does_not_matter():
    assert all_of(Draw(7)) == all_of(Draw(7), tuple(reversed(STRATEGIES)))


def test_labels_tell_draws_of_one_strategy_apart():
    draw = Draw(7)
    assert draw.examples("one", st.integers(), 6) != draw.examples("other", st.integers(), 6)


def test_threads_get_what_one_thread_gets():
    draw = Draw(7)
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(draw.examples, label, STRATEGIES[label], 6) for label in list(STRATEGIES) * 5]
        results = [job.result() for job in jobs]
    assert results == list(all_of(Draw(7)).values()) * 5


def test_a_label_is_drawn_once_and_kept():
    draw = Draw(7)
    drawn = []
    strategy = st.integers().map(lambda value: drawn.append(value) or value)
    first = draw.examples("kept", strategy, 6)
    count = len(drawn)
    assert draw.examples("kept", strategy, 6) is first
    assert len(drawn) == count


def test_examples_are_distinct_and_bounded_by_the_count():
    values = Draw(7).examples("numbers", st.integers(0, 3), 10)
    assert len(set(values)) == len(values) <= 4
    assert len(Draw(7).examples("numbers", st.integers(), 3)) == 3


def test_values_that_only_python_takes_for_equal_are_distinct():
    assert len(Draw(7).examples("mixed", st.sampled_from([1, 1.0, True]), 9)) == 3


@pytest.mark.parametrize("count", [0, -1])
def test_no_values_are_drawn_where_none_are_wanted(count):
    assert Draw(7).examples("never", st.nothing(), count) == ()


def test_a_strategy_without_values_is_our_fault_and_names_the_label():
    with pytest.raises(GeneratorError, match="'impossible'"):
        Draw(7).examples("impossible", st.nothing(), 1)


def test_one_value_is_one_of_the_strategy_and_repeats():
    assert Draw(7).one("word", st.text("abc", min_size=3)) == Draw(7).one("word", st.text("abc", min_size=3))


def test_uuids_are_of_version_4_and_differ_by_label_and_seed():
    texts = {Draw(seed).uuid(label) for seed in (1, 2) for label in ("a", "b")}
    assert len(texts) == 4
    assert all(uuid.UUID(text).version == 4 and str(uuid.UUID(text)) == text for text in texts)


def test_tokens_have_the_documented_form_and_differ_by_label():
    tokens = {Draw(1).token(f"{label}") for label in range(50)}
    assert len(tokens) == 50
    assert all(re.fullmatch("tga_[0-9a-f]{64}", token) for token in tokens)


def test_a_pick_repeats_and_reaches_every_choice():
    picks = [Draw(1).pick(f"{label}", "abc") for label in range(50)]
    assert picks == [Draw(1).pick(f"{label}", "abc") for label in range(50)]
    assert set(picks) == set("abc")


def run(folder, code, **environment):
    keep = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_STORAGE_DIRECTORY"}
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))  # noqa: PTH120 - a text for PYTHONPATH
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env=keep | {"PYTHONPATH": root, "TMPDIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_another_process_draws_the_same_whatever_modules_it_has_loaded(tmp_path):
    (tmp_path / "local_constants.py").write_text("NUMBERS = [4711, 815, 90210]\nTEXT = 'local goat'\n")
    bare = run(tmp_path, IN_A_FOREIGN_FOLDER)
    loaded = run(tmp_path, f"import sys; sys.path.insert(0, '.'); import local_constants\n{IN_A_FOREIGN_FOLDER}")
    assert bare == loaded
    assert bare[0] == list(Draw(11).examples("numbers", st.integers(), 9))


def test_no_files_are_left_behind(tmp_path):
    run(tmp_path, IN_A_FOREIGN_FOLDER)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_the_user_chose_is_left_to_the_user(tmp_path):
    code = f"{IN_A_FOREIGN_FOLDER}\nimport os; assert os.environ['HYPOTHESIS_STORAGE_DIRECTORY'] == 'chosen'"
    run(tmp_path, code, HYPOTHESIS_STORAGE_DIRECTORY="chosen")
    assert {path.name for path in tmp_path.iterdir()} <= {"chosen"}
