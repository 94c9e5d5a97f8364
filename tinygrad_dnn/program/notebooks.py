"""The cells of a notebook, of the formats 2, 3 and 4.

Read with json alone. nbformat is the library for it; but it costs a second and eight packages to say that code cells
are in nb["cells"] and were in nb["worksheets"] once, and refuses notebooks as people have them, that lack a key. The
tests hold what is read here against it.
"""

import json
from typing import Any, NamedTuple


class Cell(NamedTuple):
    """A code cell: its number among all cells of the notebook, from 1, and its lines."""

    number: int
    lines: list[str]


class Notebook(NamedTuple):
    """The code cells of a notebook, and its language as it says itself: python, python2, python3, R."""

    cells: list[Cell]
    language: str


def notebook(text: str) -> Notebook:
    """A notebook out of its JSON; ValueError where it is none."""
    whole = json.loads(text)
    if not isinstance(whole, dict) or not {"cells", "worksheets"} & whole.keys():
        raise ValueError("it has no cells")
    sheets = [whole] if isinstance(whole.get("cells"), list) else whole.get("worksheets") or []
    cells = [c for sheet in sheets for c in sheet.get("cells") or [] if isinstance(c, dict)]
    code = [Cell(n, lines(cell)) for n, cell in enumerate(cells, 1) if is_code(cell)]
    return Notebook(code, language(whole.get("metadata") or {}))


def is_code(cell: dict[str, Any]) -> bool:
    """Whether a cell holds Python; format 3 gives each cell a language."""
    return cell.get("cell_type") == "code" and str(cell.get("language", "python")).startswith(("python", "ipython"))


def lines(cell: dict[str, Any]) -> list[str]:
    """The lines of a cell's source, which is one text or a list of lines with their ends."""
    source = cell.get("source", cell.get("input", ""))
    text = source if isinstance(source, str) else "".join(map(str, source or []))
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return text.removesuffix("\n").replace("\0", "").split("\n") if text.strip() else []


def language(metadata: dict[str, Any]) -> str:
    """The language of a notebook: python2 or python3 where it says which, python where it says neither."""
    kernel, known = metadata.get("kernelspec") or {}, metadata.get("language_info") or {}
    name = str(known.get("name") or kernel.get("language") or "")
    if name.lower() in ("", "python", "ipython"):
        version = str(known.get("version") or str(kernel.get("name", "")).removeprefix("python"))[:1]
        return f"python{version}" if version in "23" else "python"
    return "python" if "python" in str(kernel.get("name", "")).lower() else name
