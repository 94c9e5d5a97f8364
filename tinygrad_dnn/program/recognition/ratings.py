"""Data of three columns: who, what, and how much, as one row for each rating.

for user, item, rating in data, and data[:, 2] beside data[:, 0], say that an argument is such a table.
"""

import ast
from typing import Any

import numpy as np

from .values import tree_of

RATINGS = np.array([[1, 2, 4], [3, 1, 2], [2, 3, 5], [1, 1, 1], [3, 3, 3], [2, 1, 4]])  # counted from 0 or from 1
SAYS = "the data are 6 rows of three: who, what, and how much"
COLUMNS = 3


def are_ratings(function: Any, name: str) -> bool:
    """Whether a function takes an argument apart into three: row by row, or column by column."""
    columns = set[int]()
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.For | ast.comprehension) and is_of_three(node.target) and is_of(node.iter, name):
            return True
        if isinstance(node, ast.Assign) and is_of_three(node.targets[0]) and is_of(node.value, name):
            return isinstance(node.value, ast.Subscript)
        if isinstance(node, ast.Subscript) and is_of(node.value, name) and isinstance(node.slice, ast.Tuple):
            last = node.slice.elts[-1]
            columns |= {last.value} if isinstance(last, ast.Constant) and isinstance(last.value, int) else set()
    return bool(columns) and columns <= set(range(COLUMNS)) and 0 in columns


def is_of(node: ast.expr, name: str) -> bool:
    """Whether it is an argument, or a part of it."""
    node = node.value if isinstance(node, ast.Subscript) else node
    return isinstance(node, ast.Name) and node.id == name


def is_of_three(target: ast.expr) -> bool:
    return isinstance(target, ast.Tuple) and len(target.elts) == COLUMNS
