"""Files in pairs that differ in one place, of which one is right and one is wrong; and programs from the generators."""

import json
import warnings
from pathlib import Path

import pytest
from generators import driven, undriven
from sampling import one_in

from tinygrad_dnn import check
from tinygrad_dnn.cli import main

FOLDER = Path(__file__).parent / "data" / "pairs"
INDEX = {entry["file"]: entry for entry in json.loads((FOLDER / "index.json").read_text())}
SEEDS = range(40)
EACH = 8  # programs of a seed


def said_of(path, capsys):
    """The exit code, and all that is said, in small letters and on one line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = main(["check", str(path), "--no-suggest", "--seconds", "0.1"])
    captured = capsys.readouterr()
    return code, " ".join((captured.out + captured.err).lower().split())


@pytest.mark.parametrize("file", one_in(6, list(INDEX)))
def test_of_two_files_that_differ_in_one_place_the_right_one_is_right_and_the_wrong_one_wrong(file, capsys):
    entry = INDEX[file]
    code, said = said_of(FOLDER / file, capsys)
    assert code in entry["exit"], said
    assert not entry["note"] or any(form.strip().lower() in said for form in entry["note"].split("|")), said
    assert not entry["not"] or entry["not"].lower() not in said


def test_every_pair_differs_in_one_place():
    for file in INDEX:
        if file.endswith("_right.py"):
            right, wrong = ((FOLDER / name).read_text().splitlines() for name in (file, file.replace("right", "wrong")))
            different = [(a, b) for a, b in zip(right, wrong, strict=True) if a != b]
            assert len(different) == 1, file


@pytest.mark.parametrize("seed", one_in(10, SEEDS))
def test_programs_with_a_driver_get_the_verdict_of_their_label(seed):
    for _, program in zip(range(EACH), driven.programs(1000 + seed), strict=False):
        names = {"__name__": "program"}
        exec(compile(program.text, f"driven_{seed}.py", "exec"), names)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = check(names["cost"], names["gradients"], names["parameters"], seconds=0.1, suggest=False)
        for name in names["parameters"]:
            assert report[name].verdict == ("wrong" if name in program.wrong else "right"), program.text + str(report)


@pytest.mark.parametrize("seed", one_in(10, SEEDS))
def test_programs_without_a_driver_get_no_verdict_against_their_label(seed, tmp_path, capsys):
    for _, program in zip(range(EACH), undriven.programs(2000 + seed), strict=False):
        path = tmp_path / "handed_in.py"
        path.write_text(program.text)
        code, said = said_of(path, capsys)
        assert code != (1 if program.right else 0), program.text + said
