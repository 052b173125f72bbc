import shlex

import pytest

from goatcheck.report.text import clean, excerpt, longest_run, one_line, shell_lines, spans


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\x00", "\\x00"),
        ("\x85", "\\x85"),
        ("\r", "\\r"),
        ("\u202e", "\\u202e"),
        ("\u200d", "\\u200d"),
        ("\u2028", "\\u2028"),
        ("\ufeff", "\\ufeff"),
        ("\u00a0", "\\xa0"),
        ("\ud800", "\\ud800"),
        ("\ufffe", "\\ufffe"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_code_point(hidden, shown):
    assert clean(f"a{hidden}b") == f"a{shown}b"


def test_what_can_be_seen_stays_as_it_is():
    assert clean("Grüße, 山羊 🐐 ‹key:reader› \\") == "Grüße, 山羊 🐐 ‹key:reader› \\"


def test_a_block_keeps_its_lines_and_tabs():
    assert clean("a\n\tb\r\n") == "a\n\tb\\r\n"


def test_one_line_has_no_line_breaks():
    assert one_line("a\nb\tc") == "a\\nb\\tc"


def test_one_line_says_how_much_it_left_out():
    assert one_line("abcdef", limit=4) == "abcd... (2 more characters)"


def test_one_line_of_just_the_limit_is_whole():
    assert one_line("abcd", limit=4) == "abcd"


def test_an_excerpt_is_bounded_by_characters():
    assert excerpt("abcdef", characters=4, lines=9) == ("abcd", 2)


def test_an_excerpt_is_bounded_by_lines():
    assert excerpt("a\nb\nc", characters=9, lines=2) == ("a\nb", 2)


def test_an_excerpt_of_a_short_text_is_the_text():
    assert excerpt("a\x1b", characters=9, lines=9) == ("a\\x1b", 0)


def test_a_long_command_is_still_the_same_command_when_pasted():
    words = [
        "goatcheck run",
        "--base-url='http://h/a b'",
        '--label "it\'s # one"',
        "--only 'it'\"'\"'s'",
        "--out a\\ b",
    ]
    command = " ".join(words)
    lines = shell_lines(command, 40)
    assert max(len(line) for line in lines.split("\n")) <= 40
    assert shlex.split(lines.replace("\\\n", "")) == shlex.split(command)


def test_a_word_longer_than_the_line_stays_whole():
    assert shell_lines("curl aaaaaaaaaaaa b", 8) == "curl \\\n  aaaaaaaaaaaa \\\n  b"


def test_a_command_with_an_open_quote_is_not_torn_apart():
    assert shell_lines("it's not a command at all", 8) == "it's not a command at all"


def test_the_longest_run_of_a_character_is_counted():
    assert longest_run("` ``` ``", "`") == 3
    assert longest_run("none", "`") == 0


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain", [("plain", False)]),
        ("`a` is `b`.", [("a", True), (" is ", False), ("b", True), (".", False)]),
        ("an open ` is text", [("an open ` is text", False)]),
        ("```` ``` ` ``", [("```` ``` ` ``", False)]),
        ("over `two\nlines`", [("over `two\nlines`", False)]),
    ],
)
def test_a_sentence_is_parted_into_text_and_code(text, parts):
    assert list(spans(text)) == parts
