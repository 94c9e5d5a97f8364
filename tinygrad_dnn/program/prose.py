"""Code that stands in a text: Markdown, R Markdown, reStructuredText, notes. What is no code becomes an empty line.

Where blocks are in Markdown is markdown-it-py's to say. A block of no language is taken if it is Python and says so by
what it does; in notes without blocks, code stands behind "In [3]:" or by itself between paragraphs.
"""

import ast
import re
import textwrap
from typing import NamedTuple

_PYTHON = {"python", "python3", "python2", "py", "py3", "ipython", "ipython3", "pycon", "ipythonconsole", "numpy",
           "code-cell", "jupyter-execute", "sage", "doctest", "testcode", "pyodide", "jupyter"}  # fmt: skip
_KINDS = "code-block|code|sourcecode|ipython|jupyter-execute|testcode|doctest|code-cell"
_DIRECTIVE = re.compile(rf"^(\s*)\.\. ({_KINDS})::\s*(\S*)")
_PROMPT = re.compile(r"^In ?\[[\d* ]*\]: ?(.*)$")
_RESULT = re.compile(r"^Out ?\[[\d* ]*\]:")


class Block(NamedTuple):
    """Lines of a text from start to before end, counted from 0, as code; and whether it is said to be Python."""

    start: int
    end: int
    lines: list[str]
    sure: bool


def blocks(text: str, ending: str) -> list[Block]:
    """The code in a text, in its order."""
    lines = text.split("\n")
    found = _of_rst(lines) if ending == ".rst" else _of_markdown(text)
    fenced = {i for block in found if block.sure for i in range(block.start - 1, block.end + 1)}
    cells = _of_prompts(lines, fenced)
    inside = {i for block in cells for i in range(block.start, block.end)}
    found = [*cells, *(block for block in found if block.start not in inside)]
    if not any(block.sure or _says_it_is_code(block) for block in found):
        found = _of_paragraphs(lines)
    whole = [block._replace(lines=dedented(without_prompts(block.lines))) for block in found]
    taken, last = [], 0
    for block in sorted(block for block in whole if block.sure or _says_it_is_code(block)):
        if block.start >= last:  # none within another
            taken.append(block)
            last = block.end
    return taken


def _of_markdown(text: str) -> list[Block]:
    from markdown_it import MarkdownIt

    found = []
    for token in MarkdownIt("commonmark").parse(text):
        if token.type in ("fence", "code_block") and token.map:
            word = re.match(r"\{?\.?([\w+-]*)\}?\s*\.?(\w*)", token.info.strip())
            kind = word[1].lower() if word else ""
            kind = word[2].lower() if word and kind in ("code-block", "code", "sourcecode") and word[2] else kind
            if kind and kind not in _PYTHON:
                continue
            own = token.content.removesuffix("\n").split("\n")
            start = token.map[0] + (token.type == "fence")
            found.append(Block(start, start + len(own), _without_options(own, kind), bool(kind)))
    return found


def _without_options(lines: list[str], kind: str) -> list[str]:
    """MyST's options of a cell left empty: lines :name: value at the beginning, or between two of ---."""
    if kind not in ("code-cell", "jupyter-execute"):
        return lines
    last = 0
    while last < len(lines) and re.match(r":[\w-]+:", lines[last]):
        last += 1
    if lines[:1] == ["---"] and "---" in lines[1:]:
        last = lines.index("---", 1) + 1
    return [""] * last + lines[last:]


def _of_rst(lines: list[str]) -> list[Block]:
    """What is indented below a directive for code, or below a paragraph that ends in ::."""
    found = []
    for i, line in enumerate(lines):
        directive = _DIRECTIVE.match(line)
        if directive is None and not (line.rstrip().endswith("::") and not line.lstrip().startswith("..")):
            continue
        deeper = len(line) - len(line.lstrip())
        end = i + 1
        while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > deeper):
            end += 1
        kind = (directive[3].lower() if directive else "") or ("python" if directive else "")
        if not kind or kind in _PYTHON:
            own = ["" if directive and re.match(r"\s+:[\w-]+:", own) else own for own in lines[i + 1 : end]]
            found.append(Block(i + 1, end, own, directive is not None))
    tests = [i for i, line in enumerate(lines) if line.startswith(">>> ")]
    inside = {i for block in found for i in range(block.start, block.end)}
    return found + [Block(i, j, lines[i:j], True) for i, j in _runs(lines, tests) if i not in inside]


def _runs(lines: list[str], starts: list[int]) -> list[tuple[int, int]]:
    """From each start to the next empty line; a start within such a run is none."""
    found: list[tuple[int, int]] = []
    for start in starts:
        if not found or start >= found[-1][1]:
            end = start
            while end < len(lines) and lines[end].strip():
                end += 1
            found.append((start, end))
    return found


def _of_prompts(lines: list[str], taken: set[int]) -> list[Block]:
    """Cells that were copied out of a page: what follows "In [3]:" as long as it is Python, without what it printed."""
    found = []
    heads = [i for i, line in enumerate(lines) if _PROMPT.match(line) and i not in taken]
    for head, following in zip(heads, [*heads[1:], len(lines)], strict=False):
        end = next((i for i in range(head + 1, following) if i in taken or _RESULT.match(lines[i])), following)
        first = _PROMPT.match(lines[head])[1]  # type: ignore[index]
        own = [re.sub(r"^\s*\.\.\.+: ?", "", line) for line in (first, *lines[head + 1 : end])]
        code, printed = 0, ""
        for start, stop in _pieces(own):
            text = "\n".join(own[start:stop])
            told = re.match(r"[\w ]+[=:]\s*", own[start])
            if not _is_python(_quiet(text)) or _is_words(text) or (told and told[0].rstrip() in printed):
                break
            code, printed = stop, printed + " ".join(re.findall(r"[\"'](.*?)[\"'{]", text))
        if any(own[:code]):
            found.append(Block(head, head + code, own[:code], True))
    return found


def _of_paragraphs(lines: list[str]) -> list[Block]:
    """Statements between paragraphs: definitions, imports, and what computes."""
    found = [Block(a, b, lines[a:b], False) for a, b in _pieces(lines)]
    return [block for block in found if _says_it_is_code(block)]


def _pieces(lines: list[str]) -> list[tuple[int, int]]:
    """From where to where lines belong together: what is indented, closes a bracket or goes on, with what is not."""
    found: list[list[int]] = []
    for i, line in enumerate(lines):
        open_ = found and _is_open("\n".join(lines[found[-1][0] : i]))
        goes_on = not line.strip() or line[0] in " \t)]}#" or re.match(r"(else|elif|except|finally)\b", line)
        if found and (goes_on or open_):
            found[-1][1] = i + 1
        elif line.strip() or not found:
            found.append([i, i + 1])
    return [(a, b) for a, b in found]


def _is_open(text: str) -> bool:
    """Whether a text only waits for more: a bracket, a string, a definition after its decorator."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return bool(re.search("never closed|unterminated triple|unexpected EOF", error.msg)) and text.count("\n") < 40
    return False


def _quiet(text: str) -> str:
    """The text without lines that only IPython reads."""
    return re.sub(r"^(\s*)[%!].*", r"\1pass", text, flags=re.M)


def _is_python(text: str) -> bool:
    try:
        ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError):
        return False
    return True


def _is_words(text: str) -> bool:
    """Whether a text that parses is rather a word or a number: Conclusion, LINEAR, 0.5, (a, b)."""
    body = ast.parse(textwrap.dedent(_quiet(text))).body
    plain = (ast.Name, ast.Constant, ast.Tuple, ast.List, ast.UnaryOp, ast.BinOp, ast.Compare)
    return bool(body) and all(isinstance(s, ast.Expr) and isinstance(s.value, plain) for s in body)


def _says_it_is_code(block: Block) -> bool:
    """Whether a block of no language is Python by what it does: it defines, imports, loops, calls or computes."""
    own = dedented(without_prompts(block.lines))
    text = _quiet("\n".join(own))
    if not _is_python(text):
        return any(re.match(r"(?:def|class) \w+.*:|import \w+|from \w+ import ", line) for line in own)
    doing = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.For, ast.While, ast.If, ast.With)
    for s in ast.parse(textwrap.dedent(text)).body:
        if isinstance(s, doing) or (isinstance(s, ast.Assign | ast.AugAssign) and not isinstance(s.value, ast.Name)):
            return True
        if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call):
            return True
    return False


def without_prompts(lines: list[str]) -> list[str]:
    """What was typed at a prompt, >>> or In [3]:, without what was answered; lines without prompts stay."""
    if not any(re.match(r"\s*(>>>( |$)|In ?\[\d+\]: )", line) for line in lines):
        return lines
    found, waiting = [], False
    for line in lines:
        typed = re.match(r"\s*(?:>>>|In ?\[\d+\]:)(?: (.*))?$", line)
        further = re.match(r"\s*\.\.\.+:?(?: (.*))?$", line) if waiting else None
        waiting = bool(typed or further)
        found.append(((typed or further)[1] or "") if typed or further else "")  # type: ignore[index]
    return found


def dedented(lines: list[str]) -> list[str]:
    return textwrap.dedent("\n".join(lines)).split("\n")
