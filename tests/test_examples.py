"""The examples: each run alone in a folder of its own, as a student would, with few steps of training.

Full runs take some seconds each; here only what must hold after a few steps is claimed.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sampling import one_in

for needed in ("sklearn", "matplotlib", "tqdm"):
    pytest.importorskip(needed)

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("[0-9]*.py"))
DEEP = "04_deep_network.py"
SIGNATURES = {".png": b"\x89PNG", ".svg": b"<?xml"}  # how such a file begins


def run(folder, example, *options):
    """The finished process, its output as text."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, ROOT / "examples" / example, *map(str, options)],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": path,
            "PYTHONIOENCODING": "utf-8",
            "OMP_NUM_THREADS": "1",
        },  # tests run abreast
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def assert_stops_with_one_line(process, *words):
    assert process.returncode == 2, process.stderr
    assert process.stdout == ""
    assert process.stderr.startswith("error: --data: ")
    assert process.stderr.count("\n") == 1
    assert all(word in process.stderr for word in words), process.stderr


def write_hdf5(path, **arrays):
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        for key, array in arrays.items():
            file[key] = array
    return path


def random_cats(m):
    """Pictures of noise in the form of the course's file."""
    rng = np.random.default_rng(0)
    return {
        "train_set_x": rng.integers(0, 256, (m, 64, 64, 3), dtype=np.uint8),
        "train_set_y": np.arange(m) % 2,
    }


@pytest.fixture(scope="module", params=one_in(5, EXAMPLES))
def finished(request, tmp_path_factory):
    """A finished run of every example: the process, and the folder it ran in."""
    folder = tmp_path_factory.mktemp(request.param[:2])
    return run(folder, request.param, "--iterations", 20), folder


def test_there_are_five_examples():
    assert len(EXAMPLES) == 5


def test_an_example_confirms_every_gradient_and_ends_well(finished):
    process, _ = finished
    assert process.returncode == 0, process.stdout + process.stderr
    assert re.search(r"(\d+) gradients: \1 right\.", process.stdout), process.stdout
    assert "WRONG" not in process.stdout
    assert "Warning" not in process.stderr.replace("Fontconfig warning", "")


def test_both_roads_give_the_same_curve(finished):
    process, _ = finished
    apart = re.search(r"largest relative difference of the two curves: (\S+)", process.stdout)
    assert float(apart[1]) < 1e-11  # 20 steps of rounding; a wrong gradient is off by 1e-3 and more


def test_training_lowers_the_cost_and_gives_an_accuracy(finished):
    process, _ = finished
    first, last = (
        float(re.search(rf"cost at the {when} step +(\S+)", process.stdout)[1]) for when in ("first", "last")
    )
    assert last < first
    assert re.search(r"accuracy: train \d+\.\d %", process.stdout)


def test_every_picture_that_is_announced_is_there(finished):
    process, folder = finished
    announced = re.findall(r"^picture: (.+)$", process.stdout, re.MULTILINE)
    assert sorted(announced) == sorted(str(path.relative_to(folder)) for path in folder.glob("pictures/*"))
    assert sum(name.endswith("_cost.png") for name in announced) == 1
    for name in announced:
        picture = (folder / name).read_bytes()
        assert picture.startswith(SIGNATURES[Path(name).suffix])
        assert len(picture) > 1000


def test_the_graph_of_the_neuron_is_drawn(tmp_path):
    pytest.importorskip("graphviz")
    pytest.importorskip("pygraphviz")
    process = run(tmp_path, "01_one_neuron.py", "--iterations", 1)
    assert f"picture: {Path('pictures', 'one_neuron.svg')}" in process.stdout, process.stderr


def test_the_output_fits_into_80_columns(finished):
    process, _ = finished
    assert [line for line in process.stdout.splitlines() if len(line) > 80] == []


def test_progress_goes_to_stderr(finished):
    process, _ = finished
    assert "20/20" in process.stderr
    assert "20/20" not in process.stdout


@pytest.mark.thorough
def test_pictures_go_where_one_wants_them(tmp_path):
    process = run(tmp_path, "02_logistic_regression.py", "--iterations", 2, "--pictures", "a/b")
    assert process.returncode == 0, process.stderr
    assert len(list((tmp_path / "a" / "b").iterdir())) == 2


@pytest.mark.parametrize("options", one_in(3, [["--iterations", 0], ["--iterations", "many"], ["--pictures", "taken"]]))
def test_a_wrong_option_is_named(tmp_path, options):
    (tmp_path / "taken").write_text("a file")
    process = run(tmp_path, DEEP, *options)
    assert process.returncode == 2
    assert f"argument {options[0]}: '{options[1]}'" in process.stderr


def test_a_wrong_gradient_stops_an_example(tmp_path):
    planted = (ROOT / "examples" / "01_one_neuron.py").read_text().replace("dA * A * (1 - A)", "dA * A * (1 + A)")
    (tmp_path / "planted.py").write_text(planted)
    (tmp_path / "common.py").write_text((ROOT / "examples" / "common.py").read_text())
    process = run(tmp_path, tmp_path / "planted.py")
    assert process.returncode == 1
    assert "WRONG" in process.stdout
    assert "accuracy" not in process.stdout
    assert "Not every gradient is right" in process.stderr


@pytest.mark.thorough
def test_a_missing_file_is_named(tmp_path):
    assert_stops_with_one_line(run(tmp_path, DEEP, "--data", "no.h5"), "no.h5", "does not exist")


@pytest.mark.thorough
def test_without_h5py_it_says_what_to_install(tmp_path):
    (tmp_path / "h5py.py").write_text("raise ImportError")  # hides an installed one
    (tmp_path / "hidden.py").write_text(
        f"import runpy, sys\nsys.path[:0] = [{str(tmp_path)!r}, {str(ROOT / 'examples')!r}]\n"
        f"runpy.run_path({str(ROOT / 'examples' / DEEP)!r}, run_name='__main__')\n"
    )
    (tmp_path / "cats.h5").write_bytes(b"")
    process = run(tmp_path, tmp_path / "hidden.py", "--data", "cats.h5")
    assert_stops_with_one_line(process, "pip install h5py")


@pytest.mark.thorough
def test_a_file_that_is_not_hdf5_is_refused(tmp_path):
    pytest.importorskip("h5py")
    (tmp_path / "cats.h5").write_text("no cats here")
    assert_stops_with_one_line(run(tmp_path, DEEP, "--data", "cats.h5"), "cats.h5", "not an HDF5 file")


@pytest.mark.thorough
def test_a_folder_is_refused(tmp_path):
    pytest.importorskip("h5py")
    assert_stops_with_one_line(run(tmp_path, DEEP, "--data", "."), "not an HDF5 file")


@pytest.mark.thorough
def test_missing_keys_are_named(tmp_path):
    write_hdf5(tmp_path / "cats.h5", train_set_x=np.zeros((2, 3)), pets=np.zeros(2))
    assert_stops_with_one_line(run(tmp_path, DEEP, "--data", "cats.h5"), "no train_set_y", "pets, train_set_x")


@pytest.mark.parametrize(
    "y", one_in(3, [np.zeros(3), np.zeros((2, 1)), np.array([1, 2])]), ids=["too many", "a column", "not 0 or 1"]
)
def test_labels_that_do_not_fit_are_refused(tmp_path, y):
    write_hdf5(tmp_path / "cats.h5", train_set_x=np.zeros((2, 4, 4, 3)), train_set_y=y)
    assert_stops_with_one_line(run(tmp_path, DEEP, "--data", "cats.h5"), "expected a 0 or 1 for every picture")


@pytest.mark.thorough
def test_the_courses_file_is_read(tmp_path):
    write_hdf5(tmp_path / "cats.h5", **random_cats(50))
    process = run(tmp_path, DEEP, "--data", "cats.h5", "--iterations", 3)
    assert process.returncode == 0, process.stdout + process.stderr
    assert "Layers of 12288, 20, 7, 5, 1 units; 40 examples." in process.stdout
    assert "12 gradients: 12 right." in process.stdout
