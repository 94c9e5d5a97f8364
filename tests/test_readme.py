"""The README's code runs, and prints what stands under it."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from tinygrad_dnn.cli import main

README = (Path(__file__).parents[1] / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
ERRORS = re.compile(r"\d\.\de[-+]\d\d *|(?<=Seed )\d+")  # rounding and seeds differ, the rest does not


def printed_by(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})
    return out.getvalue()


@pytest.mark.parametrize("code", PYTHON)
def test_the_code_runs(code):
    printed_by(code)


def test_the_table_under_the_first_block_is_what_it_prints():
    table = next(text for language, text in BLOCKS if language == "text")
    assert ERRORS.sub("# ", printed_by(PYTHON[0])) == ERRORS.sub("# ", table)


def test_the_report_on_the_notebook_is_what_the_command_prints(capsys, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[1])
    command, _, report = next(text for language, text in BLOCKS if language == "console").partition("\n")
    main(command.removeprefix("$ tinygrad-dnn ").split())
    assert ERRORS.sub("# ", capsys.readouterr().out) == ERRORS.sub("# ", report)


def test_there_is_one_block_of_two_commands():
    (commands,) = [text for language, text in BLOCKS if language == "sh"]
    assert len(commands.splitlines()) == 2


def test_the_derivation_under_its_code_is_what_it_prints():
    code = next(text for text in PYTHON if "explain(cost" in text)
    derivation = next(text for language, text in BLOCKS if language == "text" and text.startswith("Forward"))
    numbers = re.compile(r" +\[")  # those of small arrays are left out
    printed = [line for line in printed_by(code).splitlines() if not numbers.match(line)]
    assert derivation.splitlines() == printed
