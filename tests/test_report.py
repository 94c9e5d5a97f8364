"""How a report reads: in 80 columns, in colour and without, and in a notebook."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from sampling import one_in
from submissions import SETS, driven

from tinygrad_dnn import check
from tinygrad_dnn.cli import in_colour
from tinygrad_dnn.judge.display import coloured
from tinygrad_dnn.judge.report import Report, Row

ANSI = re.compile(r"\033\[\d+m")
PATIENCE = 60.0  # seconds; most need one, but the machine may be busy
WRONG = [file for file, label in SETS["course"].items() if not label["correct"]]


class Text(HTMLParser):
    """The text of a page and the tags it is made of; fails at a tag that is not closed."""

    def __init__(self, page):
        super().__init__()
        self.text, self.tags, self.open = "", set(), []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("file", one_in(5, WRONG[::6]))
def test_a_report_reads_in_80_columns_and_is_the_same_in_colour(file):
    text = str(check(*driven(file), suggest=PATIENCE))
    own = [
        line for line in text.splitlines() if not line.startswith("    ")
    ]  # lines of the file are as long as they are
    assert max(map(len, own)) <= 80
    assert ANSI.sub("", coloured(text)) == text
    assert "\033[31m\033[1mWRONG\033[0m" in coloured(text)
    assert len(ANSI.findall(coloured(text))) > len(ANSI.findall(coloured(text.split("Mistake")[0])))


@pytest.mark.parametrize("file", one_in(5, WRONG[::6]))
def test_a_notebook_shows_the_same(file):
    report = check(*driven(file), suggest=PATIENCE)
    page = Text(report._repr_html_())
    assert page.tags <= {"div", "table", "thead", "tbody", "tr", "th", "td", "p", "b", "code", "pre", "span"}
    for row in report:
        assert row.name in page.text
    assert report.summary() in page.text
    assert report.fix.after in page.text
    assert report.causes[0].explanation in page.text


def test_names_that_are_markup_are_text():
    name = "<img src=x onerror=alert(1)>"
    report = check(
        lambda p: np.sum(p[name] ** 2), lambda p: {"d" + name: 3 * p[name]}, {name: np.ones(2)}, suggest=False
    )
    page = Text(report._repr_html_())
    assert "img" not in page.tags
    assert "<img" in page.text


@pytest.mark.parametrize(
    ("variables", "terminal", "colour"),
    [({}, True, True), ({}, False, False), ({"NO_COLOR": "1"}, True, False), ({"FORCE_COLOR": "1"}, False, True),
     ({"TERM": "dumb"}, True, False)],
)  # fmt: skip
def test_colour_is_for_terminals_that_want_it(monkeypatch, variables, terminal, colour):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    assert ("\033" in in_colour("dW  WRONG")) == colour


@pytest.mark.parametrize(
    "names",
    [
        ["dblocks.0.attn.W_q.W", "dblocks.0.attn.W_k.W"],
        ["dencoder_layer_1_weight_matrix_left", "dencoder_layer_2_weight_matrix_left", "dW"],
        [f"d{'x' * 40}{i}{'y' * 40}" for i in range(12)],
        ["d" + "a" * 300, "d" + "a" * 301],
        ["dW\n1", "dW\\n1" + "z" * 30],
    ],
    ids=range(5),
)
def test_no_two_rows_read_alike(names):
    report = Report([Row(name, (2,), "right", by_hand=0.0) for name in names], [], recorded=False)
    written = [line.split("  ")[0] for line in str(report).split("\n")[2 : 2 + len(names)]]
    assert len(set(written)) == len(names)
    assert all(name.isprintable() for name in written)
