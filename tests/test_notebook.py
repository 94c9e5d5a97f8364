"""JupyterLab, driven by a browser: what a cell shows when the notebook is trusted, and when it is not."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import numpy as np
import pytest

import viz
from tinygrad_dnn import Tensor

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REQUIRED = os.environ.get("TINYGRAD_BROWSER")
if CHROMIUM is None and not REQUIRED:
    pytest.skip("no Chromium is installed", allow_module_level=True)
if not REQUIRED:
    pytest.importorskip("jupyterlab")
pytestmark = pytest.mark.xdist_group("jupyterlab")  # one server for all

SETUP = """
import numpy as np
import viz
from tinygrad_dnn import Tensor, check, explain
rng = np.random.default_rng(1)
X, Y = rng.normal(size=(3, 5)), np.array([[1.0, 0, 1, 0, 1]])

def forward(p):
    Z1 = np.dot(p["W1"], X) + p["b1"]
    A1 = np.tanh(Z1)
    return A1, 1 / (1 + np.exp(-(np.dot(p["W2"], A1) + p["b2"])))

def cost(p):
    A2 = forward(p)[1]
    return -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))

def gradients(p):
    A1, A2 = forward(p)
    dZ2 = A2 - Y
    dZ1 = np.dot(p["W2"].T, dZ2) * (1 - A1**2)
    return {"dW2": np.dot(dZ2, A1.T) / 5, "db2": np.sum(dZ2, axis=1, keepdims=True),
            "dW1": np.dot(dZ1, X.T) / 5, "db1": np.sum(dZ1, axis=1, keepdims=True) / 5}

shapes = {"W1": (4, 3), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
parameters = {name: rng.normal(size=shape) for name, shape in shapes.items()}
tensors = {name: Tensor(value, name=name) for name, value in parameters.items()}
J = cost(tensors)
J.backward()
"""
CELLS = {
    "tensor": SETUP + "J",
    "drawing": "viz.draw(J)",
    "without a renderer": "import os, sys\nos.environ['PATH'], sys.modules['pygraphviz'] = '', None\nviz.draw(J)",
    "page": "viz.page(cost, parameters, gradients)",
    "report": "check(cost, gradients, parameters)",
    "explanation": "explain(cost, parameters)",
    "network": "viz.network(parameters)",
}  # fmt: skip


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """Each cell was run by a kernel; one copy is trusted, the other is not. By kind the place of its cell."""
    import nbclient
    import nbformat

    cells = [nbformat.v4.new_code_cell(code) for code in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    folder = tmp_path_factory.mktemp("notebooks")
    nbclient.NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    for name in ("trusted", "other"):
        notebook.metadata["own"] = name  # else the two would share their signature
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return notebook, folder


@pytest.fixture(scope="module")
def lab(notebooks, tmp_path_factory):
    """The address of a JupyterLab that knows one of the two notebooks."""
    home, (_, folder) = tmp_path_factory.mktemp("home"), notebooks
    kinds = ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
    own = {kind: str(home / kind) for kind in (*kinds, "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    environment = {**os.environ, "HOME": str(home), **own}
    jupyter = [sys.executable, "-m", "jupyter"]
    subprocess.run([*jupyter, "trust", folder / "trusted.ipynb"], env=environment, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
    ]
    command = [*jupyter, "lab", "--no-browser", "--allow-root", *options]
    with (home / "printed.txt").open("w") as printed:
        server = subprocess.Popen(command, env=environment, stdout=printed, stderr=subprocess.STDOUT)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=1).close()
                break
            except OSError:
                assert server.poll() is None, (home / "printed.txt").read_text()
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module", params=["trusted", "other"])
def shown(request, lab):
    """Whether the notebook is trusted, and by kind the output of each cell, as JupyterLab shows it."""
    with playwright.sync_playwright() as p:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        browser = p.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page(viewport={"width": 1300, "height": 6000})
        page.goto(f"{lab}/lab/workspaces/{request.param}/tree/{request.param}.ipynb?reset")
        cells = page.locator(".jp-CodeCell")
        cells.nth(len(CELLS) - 1).locator("img").wait_for(timeout=60_000)
        yield request.param == "trusted", {kind: cells.nth(i) for i, kind in enumerate(CELLS)}
        browser.close()


@pytest.mark.thorough
def test_no_cell_ends_in_a_traceback(notebooks):
    outputs = [o for cell in notebooks[0].cells for o in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error"]
    assert len([o for o in outputs if o.output_type == "execute_result"]) == len(CELLS)


def is_seen(image):
    box = image.bounding_box()
    return (
        image.evaluate("image => image.complete && image.naturalWidth > 0") and min(box["width"], box["height"]) > 100
    )


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["drawing", "page", "network"])
def test_a_picture_is_shown_whether_or_not_it_is_trusted(shown, kind):
    assert is_seen(shown[1][kind].locator("img"))


@pytest.mark.thorough
def test_only_a_trusted_notebook_has_the_live_page(shown):
    trusted, cells = shown
    frames = cells["page"].locator("iframe")
    assert frames.count() == trusted
    if trusted:
        inside = cells["page"].frame_locator("iframe")
        before = inside.locator("#count").inner_text()
        inside.get_by_role("button", name="Forward one step").click()
        assert inside.locator("#count").inner_text() != before
        frame, image = frames.bounding_box(), cells["page"].locator("img").bounding_box()
        assert frame["height"] > 600
        assert frame["y"] <= image["y"], "the page lies over the picture"
        assert frame["y"] + frame["height"] >= image["y"] + image["height"]
    else:
        assert "trust the notebook" in cells["page"].inner_text()


@pytest.mark.thorough
def test_text_is_readable_in_both(shown):
    _, cells = shown
    assert "WRONG" in cells["report"].inner_text()
    assert "db2" in cells["report"].inner_text()
    assert "b1 was broadcast" in cells["explanation"].inner_text()
    cells["explanation"].locator("mjx-container").nth(8).wait_for()  # the formulas are set by JupyterLab itself
    assert "digraph" in cells["without a renderer"].inner_text(), "the DOT text, where nothing can draw"
    assert "apt-get install graphviz" in cells["without a renderer"].inner_text()


def test_a_page_of_any_graph_needs_no_graphviz(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    x = Tensor(np.array([0.5, 2.0]), name="x")
    a, b = np.sin(x), np.exp(x)
    bundle = viz.page(np.sum(a * b))._repr_mimebundle_()
    assert "data:image/svg+xml" in bundle["text/html"]
