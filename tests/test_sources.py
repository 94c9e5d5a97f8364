"""Files as people have them: what is read, what is left out, and where each line stands."""

import ast
import inspect
import json
import linecache
import subprocess
import sys
import traceback
import warnings
from types import ModuleType

import nbformat
import numpy as np
import pytest
from nbformat import v3, v4

from tinygrad_dnn import check, explain
from tinygrad_dnn.program import answering, limits
from tinygrad_dnn.program.places import line_of
from tinygrad_dnn.program.rewriting import HELPER, Helper
from tinygrad_dnn.program.sources import located, place, read, statements

SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"


@pytest.fixture
def file(tmp_path):
    """Writes a file and reads it."""

    def written(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path)

    return written


def notebook(*cells, **metadata):
    """A notebook of today; a tuple is a cell of text."""
    made = [v4.new_markdown_cell(*c) if isinstance(c, tuple) else v4.new_code_cell(c) for c in cells]
    return nbformat.writes(v4.new_notebook(cells=made, metadata=metadata))


def made(source):
    """Where each name is made that the statements make."""
    found = {}
    for statement in statements(source)[0]:
        whole = isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
        nodes = [statement] if whole else ast.walk(statement)
        for node in nodes:
            if name := getattr(node, "id" if isinstance(getattr(node, "ctx", None), ast.Store) else "name", None):
                found.setdefault(name, place(source.path, node.lineno))
    return found


def said(source):
    return " ".join([*source.notes, *statements(source)[1]])


def run(source):
    module = ModuleType("it")
    setattr(module, HELPER, Helper())
    exec(compile(ast.Module(statements(source)[0], []), source.path, "exec"), module.__dict__)
    return module


def test_a_plain_file_stays_as_it_is(file):
    source = file("a.py", "x = 1\n\n" + SIGMOID)
    assert source[1:4] == ("x = 1\n\n" + SIGMOID, (), tuple((None, n) for n in (1, 2, 3, 4)))
    assert made(source) == {"x": "line 1", "sigmoid": "line 3"}


def test_the_cells_of_a_notebook_are_one_program_with_a_place_for_each_line(file):
    source = file("a.ipynb", notebook(("# Title",), "import numpy as np\nx = 1", SIGMOID))
    assert made(source) == {"x": "cell 2, line 2", "sigmoid": "cell 3, line 1"}
    assert located(source.path, 4) == (3, 2)


def test_every_format_of_notebooks_gives_the_cells_that_nbformat_gives(file):
    sheet = v3.new_worksheet(cells=[v3.new_code_cell(input="x = 1\ny = 2"), v3.new_text_cell("markdown", source="t"),
                                    v3.new_code_cell(input="z = 3")])  # fmt: skip
    old = json.dumps(v3.new_notebook(worksheets=[sheet]))
    upgraded = nbformat.convert(nbformat.reader.reads(old), 4)
    code = "".join(f"{cell.source}\n" for cell in upgraded.cells if cell.cell_type == "code")
    assert file("a.ipynb", old).text == code == "x = 1\ny = 2\nz = 3\n"
    assert file("b.ipynb", nbformat.writes(upgraded)).places == file("a.ipynb", old).places


@pytest.mark.parametrize("content", ["", "{", '{"cells": [1, {}]}', '{"cells": 3, "worksheets": null}', "[]", "null"])
def test_what_is_no_notebook_is_no_error(content, file):
    assert made(file("a.ipynb", content)) == {}


@pytest.mark.parametrize(
    ("line", "what"),
    [("%matplotlib inline", "%matplotlib"), ("!pip install numpy", "!pip"), ("files = !ls", "!ls"),
     ("t = %timeit -o f(1)", "%timeit"), ("np.dot?", "np.dot?"), ("?np", "?np"), ("%%time", "%%time"),
     ("get_ipython().run_line_magic('matplotlib', 'inline')", "%matplotlib")],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["py", "ipynb"])
def test_ipythons_lines_are_left_out_and_said(line, what, ending, file):
    text = f"{line}\nx = 1\n"
    source = file(f"a.{ending}", notebook(text) if ending == "ipynb" else text)
    assert list(made(source)) == ["x"]
    assert f"ine 1: {what} was left out." in said(source)


def test_what_only_looks_like_a_magic_stays(file):
    text = "s = '''\n%matplotlib inline\n!ls\n'''\nx = (7\n  % 4)\n%matplotlib inline\n"
    module = run(file("a.ipynb", notebook(text)))
    assert (module.s, module.x) == ("\n%matplotlib inline\n!ls\n", 3)


def test_cells_of_other_languages_are_left_out_and_timed_ones_stay(file):
    cells = "%%bash\nx = 1", "%%writefile a.txt\ny = 1", "%%time\nz = 1", "%%timeit -n 3\nu = 1"
    assert made(file("a.ipynb", notebook(*cells))) == {"z": "cell 3, line 2", "u": "cell 4, line 2"}


def test_many_magics_are_said_in_one_sentence(file):
    source = file("a.ipynb", notebook(*["%load_ext a\n!ls"] * 5))
    assert source.notes == ("10 lines for IPython were left out: %load_ext, !ls.",)


MARKDOWN = """# Notes

```python
x = 1
```

```bash
x = 2
```

~~~
J = -1/m sum of y log a
~~~

- item

  ```py
  y = x
  ```

And so:

    z = [y]
"""


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.Rmd"])
def test_the_code_of_a_text_is_at_the_lines_of_the_text(name, file):
    text = MARKDOWN.replace("```python", "```{python, echo=FALSE}") if name == "a.Rmd" else MARKDOWN
    source = file(name, text)
    assert made(source) == {"x": "line 4", "y": "line 18", "z": "line 23"}
    assert len(source.places) == text.count("\n")


def test_blocks_of_restructured_text_are_read(file):
    text = "T\n=\n\n.. code-block:: python\n   :linenos:\n\n   x = 1\n\n.. code:: bash\n\n   y = 1\n\n"
    text += ">>> z = 3\n>>> z\n3\n"
    assert made(file("a.rst", text)) == {"x": "line 7", "z": "line 13"}


def test_what_was_typed_at_a_prompt_counts_and_what_was_answered_does_not(file):
    typed = "```\n>>> def f(x):\n...     return x\n...\n>>> f(3)\n3\n>>> y = 1\n```\n"
    assert made(file("a.md", typed)) == {"f": "line 2", "y": "line 7"}


def test_cells_copied_out_of_a_page_end_where_their_output_begins(file):
    text = (
        'Text is here.\n\nIn [1]:\nZ = 3\n\nprint("Z = " + str(Z))\n\nZ = [[ 3.2 -1.2]]\n\n## More\n\nIn [2]:\nx = Z\n'
    )
    source = file("a.txt", text)
    assert made(source) == {"Z": "line 4", "x": "line 13"}
    assert run(source).x == 3


def test_code_between_paragraphs_is_found(file):
    text = f"The sigmoid is 1/(1+e^-z).\n\n{SIGMOID}\nThat is all.\nThanks\n"
    assert made(file("a.txt", text)) == {"sigmoid": "line 3"}


def test_an_unfinished_function_does_not_lose_the_rest(file):
    source = file("a.py", f"{SIGMOID}\ndef f(x):\n    D =\n    return x\n\ndef main():\n\ny = 3\n")
    assert made(source) == {"sigmoid": "line 1", "y": "line 10"}
    assert statements(source)[1] == [
        "line 5: not valid Python (invalid syntax): f was left out",
        "line 8: not valid Python (expected an indented block after function definition): main was left out",
    ]
    assert "D =" in source.text


def test_an_unfinished_method_does_not_lose_its_class(file):
    source = file("a.py", "class N:\n    def a(self):\n        x =\n    def b(self):\n        return 1\n")
    assert run(source).N().b() == 1
    assert "line 3: not valid Python (invalid syntax): N.a was left out" in said(source)


@pytest.mark.parametrize("broken", ["x = (1,\n", 'def f():\n    """text\n    return 1\n', "return 3\n", "x = 1 +\n"])
def test_what_stands_after_an_error_is_read(broken, file):
    assert made(file("a.py", f"{broken}\ndef after():\n    return 1\n"))["after"]


def test_a_cell_that_does_not_parse_is_there_as_text_and_the_others_run(file):
    source = file("a.ipynb", notebook("x = [1,", "y = 2"))
    assert made(source) == {"y": "cell 2, line 1"}
    assert source.text == "x = [1,\ny = 2\n"
    assert "cell 1, line 1: not valid Python" in said(source)


PYTHON2 = """import numpy as np
def f(m):
\tprint "m is", m
        print >>out, "%d" % m
\ttry:
\t\tpass
\texcept Exception, e:
\t\traise ValueError, \\
\t\t\t"m"
\tfor i in xrange(3):
\t\tif m <> 2: exec "pass"
\ta = 7
\ta /= 2
\treturn [1 / m, 1. / m, -7 / 2, (3 + m) / 2, a]
g = lambda (a, b): a
h = reduce(lambda a, b: a + b, [1, 2])
"""


def test_python_2_is_read_and_divides_as_it_did(file):
    source = file("a.py", PYTHON2)
    assert made(source) == {"f": "line 2", "g": "line 15", "h": "line 16"}
    assert "1 / m" in source.text
    assert "Python 2" in said(source)
    assert run(file("b.py", PYTHON2.replace("print >>out, ", ""))).f(4) == [0, 0.25, -4, 3, 3]  # as Python 2.7 has it


@pytest.mark.parametrize(
    ("text", "expected"),
    [("print 'x'\na = 1 / 2", 0), ("for i in xrange(2): pass\na = 1 / 2", 0), ("a = 1 / 2", 0.5),
     ("from __future__ import division\nprint 'x'\na = 1 / 2", 0.5), ("print 'x'\ns = f'{3}'\na = 1 / 2", 0.5),
     ("s = 'xrange(3)'\na = 1 / 2", 0.5), ("def xrange(n): return range(n)\nxrange(3)\na = 1 / 2", 0.5)],
)  # fmt: skip
def test_only_a_file_of_python_2_divides_so(text, expected, file):
    assert run(file("a.py", text)).a == expected


def test_a_notebook_says_whether_it_is_python_2(file):
    def kernel(version):
        return {"language_info": {"name": "python", "version": version}}

    assert run(file("a.ipynb", notebook("a = 1 / 2", **kernel("2.7.6")))).a == 0
    assert run(file("a.ipynb", notebook("a = 1 / 2", "print 'a slip'", **kernel("3.8.1")))).a == 0.5


@pytest.mark.parametrize(
    ("content", "value", "note"),
    [("x = 'é'".encode("utf-8-sig"), "é", ""), ("# réseau\nx = 'é'".encode("latin-1"), "é", "Windows-1252"),
     ("# 反向传播\nx = '中文'".encode("gbk"), "中文", "GB 18030"), ("x = 'é'".encode("utf-16"), "é", ""),
     ("# coding: latin-1\nx = 'é'".encode("latin-1"), "é", ""), (b"y = 1\rx = 'e'\r", "e", ""),
     ("x\u00a0= “it”".encode(), "it", "ypographic"), ("x = str（'“−”'）".encode(), "“−”", "ypographic")],
)  # fmt: skip
def test_encodings_line_ends_and_signs_are_met(content, value, note, file):
    source = file("a.py", content)
    assert run(source).x == value
    assert note in said(source)
    assert bool(note) == bool(said(source))


def test_tracebacks_and_inspect_know_the_lines_of_a_notebook(file):
    source = file("a.ipynb", notebook("import numpy as np", SIGMOID, "def fails():\n    return 1 / 0"))
    module = run(source)
    linecache.checkcache()
    assert inspect.getsource(module.sigmoid) == SIGMOID
    with pytest.raises(ZeroDivisionError) as caught:
        module.fails()
    assert "return 1 / 0" in "".join(traceback.format_exception(caught.value))


TASK = """X, Y = np.arange(15.0).reshape(3, 5) / 10, np.array([[1.0, 0, 1, 0, 1]])
def cost(p):
    A = sigmoid(np.dot(p["w"].T, X))
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / 5
"""
WRONG = """# the gradient
def gradients(p):
    dZ = sigmoid(np.dot(p["w"].T, X)) - Y
    dw = np.dot(X, dZ.T)
    return {"dw": dw}
"""


def test_a_fix_is_found_and_run_in_a_notebook_and_its_diff_is_that_of_the_cell(file):
    source = file("a.ipynb", notebook("import numpy as np", SIGMOID, "def unfinished(:", TASK, WRONG))
    module = run(source)
    report = check(module.cost, module.gradients, {"w": np.full((3, 1), 0.3)}, seed=1)
    assert (report.fix.cell, report.fix.line) == (5, 4)
    lines = report.fix.diff.splitlines()
    assert lines[0] == f"--- {source.path}, cell 5"
    assert lines[2] == "@@ -3,3 +3,3 @@"
    assert report.to_dict()["fix"]["cell"] == 5
    assert report.causes[0].where == "a.ipynb, cell 5, line 4"
    assert "Fix: a.ipynb, cell 5, line 4" in str(report)
    assert "def unfinished(:" in report.fix.source


def test_errors_say_the_cell(file):
    source = file("a.ipynb", notebook("x = 1", "y = 2\n\n1 / 0"))
    with pytest.raises(ZeroDivisionError) as caught:
        run(source)
    assert answering.shown(*line_of(caught.value, source.path)) == f"{source.path}, cell 2, line 3"
    assert answering.shown(file("a.py", "x = 1\n").path, 1).endswith("a.py:1")


def test_warnings_say_the_cell(file):
    source = file("a.ipynb", notebook("x = 1", "import warnings\nwarnings.warn('so')"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(source)
    assert limits.warned(caught) == ["Warning: a.ipynb, cell 2, line 2: so."]


def test_explain_says_the_cell(file):
    code = "def J(p):\n    z = p['w'] ** 2\n    a = np.tanh(z)\n    return np.sum(a)"
    module = run(file("a.ipynb", notebook("import numpy as np", code)))
    assert "J, cell 2, line 3" in str(explain(module.J, parameters={"w": np.ones(3)}))


def test_a_plain_file_imports_none_of_the_libraries():
    code = """
import sys, pathlib
from tinygrad_dnn.program.sources import read, statements
statements(read("a.py", b"x = 1 % 2\\n"))
print({"IPython", "parso", "markdown_it", "fissix", "nbformat"} & set(sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
