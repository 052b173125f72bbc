"""Expressions that decide what a mock takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatcheck.drawing.corpora import NOT_DATES, NOT_NUMBERS, NOT_UUIDS
from goatcheck.export import forms


def takes(form, value):
    return re.fullmatch(form, value) is not None


@given(st.dates())
def test_every_date_is_one(date):
    assert takes(forms.parameter({"type": "string", "format": "date"}), date.isoformat())


@pytest.mark.parametrize("value", [value for _, value in NOT_DATES])
def test_what_is_no_date_is_not(value):
    assert not takes(forms.parameter({"type": "string", "format": "date"}), value)


@given(st.uuids())
def test_every_uuid_is_one(value):
    form = forms.parameter({"type": "string", "format": "uuid"})
    assert takes(form, str(value))
    assert takes(form, str(value).upper())


@pytest.mark.parametrize("value", [value for _, value in NOT_UUIDS])
def test_what_is_no_uuid_is_not(value):
    assert not takes(forms.parameter({"type": "string", "format": "uuid"}), value)


@pytest.mark.parametrize("value", [value for _, value in NOT_NUMBERS])
def test_what_is_no_number_is_not(value):
    assert not takes(forms.parameter({"type": "integer"}), value)


def test_a_number_out_of_range_may_be_clamped():
    assert takes(forms.parameter({"type": "integer", "maximum": 100}), "-101")


def test_one_of_several_is_meant_letter_by_letter():
    form = forms.parameter({"enum": ["a.b", "c"]})
    assert [takes(form, value) for value in ("a.b", "c", "axb", "a.bc")] == [True, True, False, False]
    assert forms.parameter({"type": "string"}) == ""


@given(st.dates(), st.integers(1, 9998))
def test_dates_until_a_year_are_those_of_it_and_before(date, year):
    assert takes(forms.dates_until(f"{year:04}"), date.isoformat()) == (date.year <= year)


def test_old_nonsense_is_no_date_either():
    assert not takes(forms.dates_until("2019"), "2008-93-11")


def test_a_body_s_schema_loses_only_our_own_keywords():
    schema = {"type": "object", "properties": {"a": {"type": "string", "x-sure": True}}, "anyOf": [{"x-a": 1}]}
    assert forms.body(schema) == {"type": "object", "properties": {"a": {"type": "string"}}, "anyOf": [{}]}
