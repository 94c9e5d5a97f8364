"""A class of files: several at a time, or on a cluster that loses a worker; nothing is lost and nothing comes twice."""

import collections
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sampling import one_in
from submissions import DATA, SETS

from tinygrad_dnn.cli import main
from tinygrad_dnn.grading import marking, worker
from tinygrad_dnn.grading.reports import FORMS

CLASS = int(os.environ.get("TINYGRAD_CLASS", "12"))  # files; .ci/nightly takes 300
RIGHT = """
import numpy as np
parameters = {"w": np.array([0.5, -1.0])}
def cost(p):
    return np.sum(p["w"] ** 3)
def gradients(p):
    return {"dw": 3 * p["w"] ** 2}
"""
WRONG = RIGHT.replace("3 * p", "2 * p")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits are those of Unix")


def written(folder, texts):
    for name, text in texts.items():
        (folder / name).write_text(text)
    return [str(folder / name) for name in texts]


def class_of(folder, size):
    """So many files, one in three wrong, each a little different."""
    texts = {f"student_{i:03}.py": (WRONG if i % 3 == 0 else RIGHT) + f"number = {i}\n" for i in range(size)}
    return written(folder, texts)


def counted(lines):
    return collections.Counter(json.loads(line)["file"] for line in lines.splitlines())


def test_several_at_a_time_each_file_has_one_report(tmp_path, capsys):
    files = class_of(tmp_path, 7)
    assert main(["check", str(tmp_path), "--jobs", "3", "--json", "--no-suggest"]) == 1
    assert counted(capsys.readouterr().out) == dict.fromkeys(files, 1)


def test_reports_are_kept_and_only_what_is_new_is_checked_again(tmp_path, capsys, monkeypatch):
    (tmp_path / "class").mkdir()
    files, kept = class_of(tmp_path / "class", 4), tmp_path / "results.jsonl"
    command = ["check", *files, "--json", "--no-suggest", "--results", str(kept)]
    assert main(command) == 1
    first = capsys.readouterr().out
    assert len(kept.read_text().splitlines()) == 4
    kept.write_text(kept.read_text()[:-30])  # an interruption in the middle of a line
    Path(files[1]).write_text(WRONG)
    checked = []
    monkeypatch.setattr(marking, "check_apart", lambda job, f=worker.check_apart: checked.append(job.file) or f(job))
    assert main(command) == 1
    assert sorted(checked) == sorted({files[1], json.loads(first.splitlines()[-1])["file"]})
    assert counted(capsys.readouterr().out) == dict.fromkeys(files, 1)
    assert main(command) == 1
    assert len(checked) == 2


def test_a_results_file_that_is_something_else_is_left_alone(tmp_path, capsys):
    files, kept = class_of(tmp_path, 1), tmp_path / "notes.txt"
    kept.write_text("my notes\n")
    assert main(["check", *files, "--results", str(kept)]) == 2
    assert "line 1: it is no line that a check has written" in capsys.readouterr().err
    assert kept.read_text() == "my notes\n"


HARM = {
    "deleting": "import os\nfor name in os.listdir('.'):\n    os.remove(name)\n",
    "deleting_others": "import os\nos.remove({other!r})\n",
    "writing": "open({other!r}, 'w').write('gone')\n",
    "renaming": "import os\nos.rename({other!r}, 'mine')\n",
    "through_a_link": "open('student_001.py', 'w').write('gone')\n",
    "killing": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
    "a_program": "import subprocess\nsubprocess.run(['rm', {other!r}])\n",
    "calling": "import socket\nsocket.create_connection(('127.0.0.1', 9))\n",
}


@pytest.mark.parametrize("harm", one_in(4, HARM))
def test_a_file_that_does_harm_is_reported_and_the_others_are_as_they_were(tmp_path, capsys, harm):
    files = class_of(tmp_path, 2)
    before = Path(files[1]).read_text()
    written(tmp_path, {"a_harm.py": HARM[harm].format(other=files[1])})
    assert main(["check", str(tmp_path), "--json", "--no-suggest"]) == 1
    found = {Path(r["file"]).name: r for r in map(json.loads, capsys.readouterr().out.splitlines())}
    assert found["a_harm.py"]["code"] == 2
    assert [found[f"student_00{i}.py"]["code"] for i in range(2)] == [1, 0]
    assert Path(files[1]).read_text() == before


def test_a_file_may_write_in_its_own_folder_and_read_what_lies_beside_it(tmp_path, capsys):
    reading = RIGHT.replace("parameters", "print(open('data.csv').read(), file=open('log', 'w'))\nparameters", 1)
    written(tmp_path, {"data.csv": "1,2", "student.py": reading})
    assert main(["check", str(tmp_path)]) == 0
    assert "1 files: 1 right" in capsys.readouterr().out
    assert not (tmp_path / "log").exists()


def test_the_report_names_the_file_as_it_was_given(tmp_path, capsys):
    (path,) = written(tmp_path, {"student.py": WRONG})
    assert main(["check", str(tmp_path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["fix"]["file"] == path
    assert "tmp" not in found["fix"]["diff"].replace(path, "")


def test_an_interruption_ends_what_runs_and_begins_nothing(tmp_path):
    files = written(tmp_path, {f"slow_{i}.py": "sum(range(10**12))\n" for i in range(6)})
    jobs = [worker.Job(file, Path(file).read_bytes(), [], 60.0, 2048) for file in files]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a process in the background may ignore it
    threading.Timer(2.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    started = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            list(marking.mark(jobs, workers=2))
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - started < 30


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # sockets of the cluster's own
def test_a_cluster_loses_a_worker_and_no_report(tmp_path, capsys, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setenv("PYTHONPATH", worker.HOME)
    files, kept = class_of(tmp_path, CLASS), tmp_path / "results.jsonl"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]

        def kill_one():
            while not kept.exists() or len(kept.read_text().splitlines()) < CLASS // 4:
                time.sleep(0.02)
            os.kill(pids[0], signal.SIGKILL)

        killer = threading.Thread(target=kill_one, daemon=True)
        killer.start()
        command = ["check", *files, "--json", "--no-suggest", "--scheduler", cluster.scheduler_address]
        code = main([*command, "--results", str(kept)])
        printed = capsys.readouterr()
        assert code == 1, printed.err
        killer.join(1)
        assert not killer.is_alive()
    found = [json.loads(line) for line in printed.out.splitlines()]
    assert collections.Counter(r["file"] for r in found) == dict.fromkeys(files, 1)
    assert [r["code"] for r in sorted(found, key=lambda r: r["file"])] == [int(i % 3 == 0) for i in range(CLASS)]
    assert len(kept.read_text().splitlines()) == CLASS


def test_without_a_cluster_one_line_says_so(tmp_path, capsys):
    pytest.importorskip("distributed")
    files = class_of(tmp_path, 1)
    assert main(["check", *files, "--scheduler", "nonsense://nowhere"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("tinygrad-dnn check: ")
    assert err.count("\n") == 1


def test_the_labelled_submissions_are_each_reported(tmp_path, capsys):
    files = [str(DATA / "course" / name) for name in list(SETS["course"])[:3]]
    main(["check", *files, "--jobs", "2", "--json", "--no-suggest"])
    assert counted(capsys.readouterr().out) == dict.fromkeys(files, 1)


def test_what_could_not_be_run_has_failed_in_every_form():
    found = worker.not_checked("gone.py", "stopped after 60 seconds")
    said = "Not checked: stopped after 60 seconds"
    assert f'failures="1"><testcase classname="gone.py" name="gone.py"><failure message="{said}">' in re.sub(
        r">\s+<", "><", FORMS["junit"]([found])
    )
    (test,) = FORMS["gradescope"]([found])["tests"]
    assert (test["score"], test["status"], test["output"]) == (0.0, "failed", said)
    graded = FORMS["prairielearn"]([found])
    assert (graded["score"], len(graded["tests"])) == (0.0, 1)
    assert said in FORMS["markdown"]([found])


@pytest.mark.parametrize("event", ["open", "os.remove", "os.mkdir"])
def test_a_folder_of_a_longer_name_is_not_ones_own(event, tmp_path):
    own, other = tmp_path / "a", tmp_path / "ab"
    hook = worker.guard(str(own))
    more = ("w", 0) if event == "open" else (None, -1)
    hook(event, (str(own / "file"), *more))
    with pytest.raises(PermissionError, match="it may not"):
        hook(event, (str(other / "file"), *more))


@pytest.mark.thorough
def test_a_file_ends_when_whoever_began_it_is_gone(tmp_path):
    (path,) = written(tmp_path, {"endless.py": "sum(range(10**13))\n"})
    command = [sys.executable, "-m", "tinygrad_dnn.cli", "check", path, "--timeout", "1"]
    parent = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def children():
        listed = subprocess.run(["pgrep", "-f", path], capture_output=True, text=True, check=False).stdout.split()
        return [int(pid) for pid in listed if int(pid) != parent.pid]

    until = time.monotonic() + 60
    while not children() and time.monotonic() < until:
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    while children() and time.monotonic() < until:
        time.sleep(0.2)
    assert not children()
