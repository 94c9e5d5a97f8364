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


_NAMES = re.compile(r"\b(?:xrange|raw_input|unicode|basestring|has_key|iteritems|itervalues|iterkeys|izip)\b")


def names(text: str) -> bool:
    """Whether a text that Python 3 can parse uses what only Python 2 has, and does not make it itself."""
    for name in set(_NAMES.findall(text)):
        if not re.search(rf"import .*\b{name}\b|^\s*{name} *=|\.moves|past\.builtins", text, re.M) and not _defined(
            text, name
        ):
            return True
    return False


def _defined(text: str, name: str) -> bool:
    return bool(re.search(rf"def {name}\(", text)) or not re.search(rf"\b{name}\(", text)


def translated(text: str) -> str | None:
    """The text in Python 3 with as many lines; None where it is no Python 2 either."""
    from fissix import refactor

    logging.getLogger("lib2to3").setLevel(logging.CRITICAL)
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
