"""Write the gallery: the graphs of graphs.py as pictures and pages, and each wrong submission's page with its mistake.

python docs/make_gallery.py FOLDER [SET ...]: the index, the pictures, and under extra/pages the pages, into the
folder. The sets are those of tests/submissions.py, the 45 of the course where none is named; "every" is all of them.
The book calls this when it is built and there is no gallery yet.
"""

import contextlib
import html
import io
import sys
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "docs")]

from graphs import GRAPHS  # noqa: E402
from submissions import EVERY, SETS, driven  # noqa: E402

import viz  # noqa: E402
from tinygrad_dnn import check  # noqa: E402

HEAD = """# Gallery

Made by `python docs/make_gallery.py`, never by hand: each picture is what `viz.draw` draws of the function of its name
in `docs/graphs.py`, and each page what `viz.page` makes of it.
"""
MARKED = """
## Submissions with their mistakes

What `viz.page` makes of {count} wrong submissions: each page opens at the first wrong gradient, with what is wrong with
it, the mistake by its name, and the change that mends it. The files are in `tests/data/submissions`.
"""


class Marked(NamedTuple):
    """A submission: its set and file, the cause as check names it, its wrong gradients, and whether there is a page."""

    name: str
    file: str
    cause: str
    wrong: list[str]
    page: str


def quietly(do: Callable[[], Any]) -> Any:
    """What it returns; submissions print, and some of them divide by zero."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        return do()


def drawn(name: str, folder: Path) -> str:
    """The card of a graph."""
    graph = GRAPHS[name]
    title, page = name.replace("_", " "), f"{graph.cost.__name__}.html"
    viz.draw(graph.cost, graph.parameters, **graph.options).save(folder / f"{name}.svg")
    shown = graph.cost.__name__.replace("_", " ").capitalize()
    viz.page(graph.cost, graph.parameters, title=shown).save(folder / "extra" / "pages" / page)
    words = graph.caption or " ".join((graph.cost.__doc__ or "").split())
    options = "".join(f", {key}={value!r}" for key, value in graph.options.items())
    return f"""
## {title.capitalize()}

{words}

```python
viz.draw({graph.cost.__name__}, parameters{options})
```

```{{image}} {name}.svg
:alt: {title}, as viz.draw draws it
:class: graph
```

```{{only}} html
<a href="../pages/{page}">Step through it</a>
```
"""


def marked(name: str, file: str, pages: Path) -> Marked | None:
    """The page of a submission that check finds wrong; None of a right one."""
    cost, gradients, parameters = driven(file, name)
    report = check(cost, gradients, parameters)
    wrong = [row.name for row in report if row.verdict == "wrong"]
    if not wrong:
        return None
    cause = report.causes[0].kind if report.causes else ""
    try:
        page = viz.page(cost, parameters, gradients, report=report, title=file)
    except TypeError as error:  # what is judged by differences alone has no recording
        return Marked(name, file, cause, wrong, str(error))
    page.save(pages / f"{name}_{file.removesuffix('.py')}.html")
    return Marked(name, file, cause, wrong, "")


def judged(pages: Path, which: tuple[str, str]) -> Marked | None:
    return quietly(lambda: marked(*which, pages))


def row_of(found: Marked) -> str:
    """A line of the table; without a page it says why."""
    link = f'<a href="../pages/{found.name}_{found.file.removesuffix(".py")}.html">{html.escape(found.file)}</a>'
    first = html.escape(found.file) + f"<br>no page: {html.escape(found.page)}" if found.page else link
    cells = first, html.escape(found.cause.replace("_", " ") or "not named"), ", ".join(found.wrong)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def make(folder: Path, sets: Iterable[str] = ("course",)) -> list[Marked]:
    """Write all of it; what was found of the wrong submissions."""
    pages = folder / "extra" / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    cards = [drawn(name, folder) for name in GRAPHS]
    chosen = [(name, file) for name, file in EVERY if name in sets or "every" in sets]
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(partial(judged, pages), chosen))
    found = [m for m in results if m]
    table = "<table><tr><th>file</th><th>mistake</th><th>wrong gradients</th></tr>\n"
    table += "\n".join(map(row_of, found)) + "\n</table>\n"
    end = MARKED.format(count=len(found)) + f"\n```{{only}} html\n{table}```\n" if found else ""
    (folder / "index.md").write_text(HEAD + "".join(cards) + end, encoding="utf-8")
    return found


if __name__ == "__main__":
    if len(sys.argv) < 2 or set(sys.argv[2:]) - {*SETS, "every"}:
        sys.exit(f"make_gallery.py: expected are a folder and sets, of {', '.join(SETS)}, every\n\n{__doc__}")
    found = make(Path(sys.argv[1]), sys.argv[2:] or ("course",))
    without = [m for m in found if m.page]
    print(f"{len(GRAPHS)} graphs, {len(found)} wrong submissions, {len(without)} without a page")
    for m in without:
        print(f"  {m.name}/{m.file}: {m.page}")
