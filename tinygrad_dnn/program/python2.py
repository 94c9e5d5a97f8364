"""Python 2 as Python 3, line for line.

By fissix, the kept heir of lib2to3, which knows all of Python 2's grammar. Its fixers that add or take away a line are
left out where they do, so that places stay. What a / b of two integers means is no matter of how it is written: the
text keeps it, and rewriting.py divides as Python 2 did.
"""

import ast
import logging
import re

_NEVER = {
    "idioms",
    "ws_comma",
    "set_literal",
    "buffer",
    "asserts",
    "isinstance",
    "import",
    "urllib",
    "reduce",
    "reload",
}
_ADDING = {
    "tuple_params",
    "imports",
    "imports2",
    "metaclass",
    "future",
    "itertools_imports",
    "intern",
    "sys_exc",
    "operator",
}


_FUNCTIONS = {"xrange", "raw_input", "unicode", "izip"}
_METHODS = {"has_key", "iteritems", "itervalues", "iterkeys"}
_NAMES = re.compile(rf"\b(?:{'|'.join(_FUNCTIONS | _METHODS)})\b")


def names(text: str) -> bool:
    """Whether a text that Python 3 can parse uses what only Python 2 has, and does not make it itself."""
    if not _NAMES.search(text) or re.search(r"\bversion_info\b|\bPY[23]\b|\bsix\b", text):
        return False  # or it is written for both
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        return False
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    methods = {f.attr for f in called if isinstance(f, ast.Attribute)} & _METHODS
    made = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    made |= {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    made |= {(a.asname or a.name) for n in nodes if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names}
    return bool(methods | ({f.id for f in called if isinstance(f, ast.Name)} & _FUNCTIONS) - made)


def translated(text: str) -> str | None:
    """The text in Python 3 with as many lines; None where it is no Python 2 either."""
    from fissix import refactor

    logging.getLogger("lib2to3").setLevel(logging.CRITICAL)
    # a raise that goes on in the next line becomes one line: the other one is kept empty
    text = re.sub(r"^([ \t]*raise [^\n]*?)\\\n[ \t]*([^\n]*)$", r"\1\2\n", text, flags=re.M)
    every = [f for f in refactor.get_fixers_from_package("fissix.fixes") if f.rpartition("fix_")[2] not in _NEVER]
    for fixers in (every, [f for f in every if f.rpartition("fix_")[2] not in _ADDING]):
        tool = refactor.RefactoringTool(fixers)
        try:
            found = str(tool.refactor_string(text if text.endswith("\n") else text + "\n", "it"))
            ast.parse(found)
        except Exception:  # as many as its tokenizer and its grammar have
            continue
        if found.count("\n") == text.count("\n") + (not text.endswith("\n")):
            return _with_reduce(found).removesuffix("" if text.endswith("\n") else "\n")
    return None


def _with_reduce(text: str) -> str:
    """reduce, which was a name of its own, imported on the line of the first import."""
    if not re.search(r"\breduce\(", text) or "import reduce" in text:
        return text
    return re.sub(
        r"^((?:import|from) [^\n#(\\]*[^\s#(\\])", r"\1; from functools import reduce", text, count=1, flags=re.M
    )


def only_python3(text: str) -> bool:
    """Whether a text has what no Python 2 has: then a print statement in it is a slip, and division is today's."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr | ast.Nonlocal | ast.MatMult | ast.YieldFrom):
            return True
        if isinstance(node, ast.arg) and node.annotation is not None:
            return True
        if isinstance(node, ast.FunctionDef) and (node.returns is not None or node.args.kwonlyargs):
            return True
    return False


def divides_truly(text: str) -> bool:
    return bool(re.search(r"^from __future__ import .*\bdivision\b", text, re.M))
