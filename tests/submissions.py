"""The labelled submissions, each with what drives it; tests/data/submissions/README.md says what the sets are."""

import json
from pathlib import Path

import numpy as np

from tinygrad_dnn import load

DATA = Path(__file__).parent / "data" / "submissions"


def labels_of(name):
    """The labels of a set by file."""
    return {entry["file"]: entry for entry in json.loads((DATA / name / "index.json").read_text())}


SETS = {
    name: labels_of(name)
    for name in ("course", "models", "applications", "homework", "backgrounds", "lectures", "idioms")
}
LABELS = SETS["course"]
EVERY = [(name, file) for name, labels in SETS.items() for file in labels]


def driven(file, name="course", source=None):
    """(cost, gradients, parameters) of a submission, or of another text in its place."""
    path = DATA / name / file
    if source is not None:
        path, text = source
        path.write_text(text)
    namespace = {"np": np, "S": load(path)}
    exec(SETS[name][file]["driver"], namespace)
    return namespace["cost"], namespace["grads"], namespace["params"]
