"""The page of functions is what the table says today."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tinygrad_dnn import trace

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.1.0", reason="written with NumPy 2.1 or newer")
def test_the_page_of_functions_is_up_to_date():
    before = list(sys.path)
    page = trace.load(ROOT / "docs" / "make_functions.py").page()
    sys.path[:] = before
    assert (ROOT / "docs" / "functions.md").read_text() == page
