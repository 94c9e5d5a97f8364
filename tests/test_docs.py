"""The page of functions is what the table says today."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

import tinygrad_dnn
import viz
from tinygrad_dnn import load

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.1.0", reason="written with NumPy 2.1 or newer")
def test_the_page_of_functions_is_up_to_date():
    before = list(sys.path)
    page = load(ROOT / "docs" / "make_functions.py").page()
    sys.path[:] = before
    assert (ROOT / "docs" / "functions.md").read_text() == page


NOTES = Path(__file__).parents[2] / "shared" / "seeds"
notes = pytest.mark.skipif(not NOTES.is_dir(), reason="the course notes are not beside the project")


def page_of_notes():
    before = list(sys.path)
    page = load(ROOT / "docs" / "make_notes.py").page(NOTES)
    sys.path[:] = before
    return page


@pytest.mark.thorough
@notes
def test_the_page_of_the_notes_mistakes_is_what_the_tool_says_today():
    assert (ROOT / "docs" / "notes.md").read_text() == page_of_notes()


@notes
def test_every_mistake_of_the_notes_is_on_that_page():
    numbers = re.findall(r"^\| ([X\d][-\d]*) \|", (NOTES / "ERRATA.md").read_text(), re.MULTILINE)
    page = (ROOT / "docs" / "notes.md").read_text()
    named = set(re.findall(r"X\d+|\d-\d+", page))
    for first, last in re.findall(r"(\d-\d+) to (\d-\d+)", page):
        document = first[0]
        named |= {f"{document}-{n}" for n in range(int(first[2:]), int(last[2:]) + 1)}
    assert len(numbers) > 60
    assert set(numbers) <= named


def test_what_the_tool_is_said_to_find_it_finds():
    rows = [line for line in (ROOT / "docs" / "notes.md").read_text().splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 25
    assert all(line.split(" | ")[2] == "yes" for line in rows)


def test_every_public_name_is_in_the_reference():
    page = (ROOT / "docs" / "api.md").read_text()
    said = set(re.findall(r"auto(?:function|class):: (\w+)", page))
    assert said == set(tinygrad_dnn.__all__) | set(viz.__all__)
