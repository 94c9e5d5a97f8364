"""JupyterLab, driven by a browser: what a cell shows when the notebook is trusted, and when it is not."""

import json
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
ASSIGNMENT = [  # an exercise: text and code in turn; the mistake is in the line of dZ1
    "# Planar data with one hidden layer\n\nFill in what is marked.",
    "import numpy as np\nimport matplotlib.pyplot as plt\n%matplotlib inline\nnp.random.seed(2)",
    "## 1. Parameters",
    """def initialize_parameters(n_x, n_h, n_y):
    W1 = np.random.randn(n_h, n_x) * 0.01
    W2 = np.random.randn(n_y, n_h) * 0.01
    return {"W1": W1, "b1": np.zeros((n_h, 1)), "W2": W2, "b2": np.zeros((n_y, 1))}""",
    "## 2. Forward propagation\n\n$A^{[1]} = \\tanh(Z^{[1]})$",
    """def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def forward_propagation(X, parameters):
    Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    A2 = sigmoid(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}""",
    "## 3. The cost",
    """def compute_cost(A2, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m""",
    "## 4. Backward propagation",
    """def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    A1, A2 = cache["A1"], cache["A2"]
    ### START CODE HERE ###
    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.dot(parameters["W2"].T, dZ2) * (1 - A1)
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    ### END CODE HERE ###
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}""",
    "Let us look at it.",
    "plt.plot(np.linspace(-3, 3), sigmoid(np.linspace(-3, 3)));",
    "## 5. Is it right?",
    "from tinygrad_dnn import check\ncheck()",
]


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
    kinds = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    exercise = [kinds[i % 2](source) for i, source in enumerate(ASSIGNMENT)]
    kernel = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
    }  # else it is asked for
    nbformat.write(nbformat.v4.new_notebook(cells=exercise, metadata=kernel), folder / "assignment.ipynb")
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


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as p:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        found = p.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield found
        found.close()


@pytest.fixture(scope="module", params=["trusted", "other"])
def shown(request, lab, browser):
    """Whether the notebook is trusted, and by kind the output of each cell, as JupyterLab shows it."""
    page = browser.new_page(viewport={"width": 1300, "height": 6000})
    page.goto(f"{lab}/lab/workspaces/{request.param}/tree/{request.param}.ipynb?reset")
    cells = page.locator(".jp-CodeCell")
    cells.nth(len(CELLS) - 1).locator("img").wait_for(timeout=180_000)
    yield request.param == "trusted", {kind: cells.nth(i) for i, kind in enumerate(CELLS)}
    page.close()


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
        playwright.expect(inside.locator("#count")).not_to_have_text(before)
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


@pytest.fixture(scope="module")
def answer(lab, browser):
    """The output of the last cell of the exercise, all of whose cells were run in JupyterLab."""
    page = browser.new_page(viewport={"width": 1300, "height": 3500})
    page.goto(f"{lab}/lab/workspaces/exercise/tree/assignment.ipynb?reset")
    page.locator('[data-status="idle"]').first.wait_for(timeout=180_000)
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Run All Cells", exact=True).click()
    output = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output")
    output.locator("table").wait_for(timeout=180_000)
    if folder := os.environ.get("TINYGRAD_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/assignment.png")
    yield output
    page.close()


@pytest.mark.thorough
def test_check_alone_names_the_cell_of_the_mistake(answer):
    said = answer.inner_text()
    assert "4 gradients: 2 right, 2 wrong" in said
    assert "initialize_parameters, forward_propagation, compute_cost and backward_propagation" in said
    assert "Mistake: 1 - A^2 is not (1 - A)^2." in said
    assert "cell In[5], line 8" in said
    assert '+    dZ1 = np.dot(parameters["W2"].T, dZ2) * (1 - A1 ** 2)' in answer.locator("pre").inner_text()
    assert is_seen_table(answer.locator("table"))


def is_seen_table(table):
    """A row for each gradient, its verdict in a colour of its own."""
    verdicts = table.locator("tbody tr td:last-child")
    colours = {v.evaluate("v => getComputedStyle(v).color") for v in verdicts.all()}
    return verdicts.all_inner_texts() == ["right", "right", "WRONG", "WRONG"] and len(colours) == 2


@pytest.mark.thorough
def test_the_command_line_says_the_same_of_the_notebook(answer, notebooks):
    command = [sys.executable, "-m", "tinygrad_dnn.cli", "check", "--json", str(notebooks[1] / "assignment.ipynb")]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    rows = answer.locator("tbody tr").all()
    shown = {row.locator("td").first.inner_text(): row.locator("td").last.inner_text().lower() for row in rows}
    assert {row["name"]: row["verdict"] for row in found["gradients"]} == shown
    assert (found["fix"]["cell"], found["fix"]["line"]) == (10, 8)  # counted with the text between the cells
    assert found["fix"]["after"] in answer.inner_text()
    assert found["causes"][0]["kind"] in answer.inner_text()


def test_a_page_of_any_graph_needs_no_graphviz(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    x = Tensor(np.array([0.5, 2.0]), name="x")
    a, b = np.sin(x), np.exp(x)
    bundle = viz.page(np.sum(a * b))._repr_mimebundle_()
    assert "data:image/svg+xml" in bundle["text/html"]
