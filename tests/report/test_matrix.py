"""Operations against statuses: what was never tried stands out."""

from dataclasses import replace

from goatcheck.report.as_html import render_html
from goatcheck.report.matrix import Shown, matrix_of


def test_each_kind_of_cell_is_told_apart(samples):
    matrix = matrix_of(samples.bad)
    assert matrix.columns == ("400", "401", "409", "success")
    kinds = {row.operation: [(cell.kind, cell.text) for cell in row.cells] for row in matrix.rows}
    assert kinds == {
        "GET /creators": [("seen", "4"), ("never", "never"), ("none", ""), ("seen", "30")],
        "DELETE /creators/{id}": [("none", ""), ("missed", "0 of 3"), ("odd", "1"), ("never", "never")],
    }
    assert matrix.summary == "2 of 5 documented pairs of operation and status were seen; 2 were never tried."


def test_a_cell_says_how_it_was_tried(samples):
    [first, second] = matrix_of(samples.bad).rows
    assert first.cells[0] == Shown("seen", "4", "4 answers, 4 requests sent to see it")
    assert second.cells[1].title == "3 requests sent to see it, and it never came"
    assert second.cells[2].title == "1 answer, 0 requests sent to see it; not documented for this operation"


def test_what_was_not_selected_is_not_called_untried(samples):
    narrowed = replace(samples.bad, run=replace(samples.bad.run, selection=("409",)), requirements=())
    matrix = matrix_of(narrowed)
    assert {cell.kind for row in matrix.rows for cell in row.cells} == {"seen", "odd", "none"}
    assert matrix.columns == ("400", "409", "success")
    assert matrix.summary == "2 of 2 documented pairs of operation and status were seen; 0 were never tried."


def test_a_single_gap_is_told_in_the_singular(samples):
    one = replace(samples.bad, coverage=samples.bad.coverage[:1])
    assert matrix_of(one).summary.endswith("1 was never tried.")


def test_a_report_without_coverage_has_an_empty_matrix(samples):
    assert matrix_of(samples.good).rows == ()


def test_recorded_traffic_tries_nothing(samples):
    recorded = replace(samples.bad, target=replace(samples.bad.target, kind="recorded"))
    assert matrix_of(recorded).summary.endswith("; 2 were never met.")
    assert "tried so often" not in render_html(recorded)
    assert "tried so often" in render_html(samples.bad)
