"""Einstein summation."""

import string
from math import prod
from typing import Any

import numpy as np


def einsum(subscripts: Any, *operands: Any, optimize: Any = None) -> Any:
    """Operands are brought together two at a time: batch indices, summed ones and the rest, then a matrix product."""
    if not isinstance(subscripts, str):
        subscripts, operands = with_letters((subscripts, *operands))
    operands = tuple(x if hasattr(x, "ndim") else np.asarray(x) for x in operands)
    inputs, output = parse_subscripts(subscripts, [np.ndim(x) for x in operands])
    terms = [diagonals(x, indices) for x, indices in zip(operands, inputs, strict=True)]
    while len(terms) > 1:
        (a, of_a), (b, of_b), *rest = terms
        needed = set(output).union(*(indices for _, indices in rest))
        terms = [contract(a, of_a, b, of_b, needed), *rest]
    x, indices = terms[0]
    x, indices = sum_out(x, indices, set(output))
    return np.transpose(x, [indices.index(i) for i in output]) if len(output) > 1 else x


def with_letters(arguments: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """The form einsum(a, [0, 1], b, [1, 2], [0, 2]) as subscripts and operands."""

    def letters(indices: Any) -> str:
        return "".join("..." if i is ... else (string.ascii_uppercase + string.ascii_lowercase)[i] for i in indices)

    operands, lists = arguments[: len(arguments) // 2 * 2 : 2], arguments[1::2]
    subscripts = ",".join(map(letters, lists))
    return subscripts + "->" + letters(arguments[-1]) if len(arguments) % 2 else subscripts, operands


def parse_subscripts(subscripts: str, ndims: list[int]) -> tuple[list[str], str]:
    """The indices of each operand and of the output as plain letters, an ellipsis spelled out."""
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    if len(inputs) != len(ndims):
        raise ValueError(f"np.einsum: {subscripts!r} names {len(inputs)} operands, {len(ndims)} came")
    free = [c for c in string.ascii_letters if c not in subscripts]
    most = max(n - len(i.replace("...", "")) for n, i in zip(ndims, inputs, strict=True))
    dots = "".join(free[: max(most, 0)])
    spelled = [
        i.replace("...", dots[len(dots) - (n - len(i) + 3) :]) if "..." in i else i
        for n, i in zip(ndims, inputs, strict=True)
    ]
    if arrow:
        output = right.replace("...", dots)
        if set(output) - set("".join(spelled)) or len(set(output)) < len(output) or (dots and "..." not in right):
            raise ValueError(f"np.einsum: the output of {subscripts!r} does not follow from its inputs")
        return spelled, output
    once = sorted(c for c in set(left) - set(",.") if left.count(c) == 1)
    return spelled, (dots if "..." in left else "") + "".join(once)


def diagonals(x: Any, indices: str) -> tuple[Any, str]:
    """An operand in which each index stands once: the diagonal where it stood twice."""
    if len(indices) != np.ndim(x):
        raise ValueError(f"np.einsum: {indices!r} has {len(indices)} indices, its operand {np.ndim(x)} axes")
    for c in dict.fromkeys(indices):
        while indices.count(c) > 1:
            i, j = indices.index(c), indices.rindex(c)
            if x.shape[i] != x.shape[j]:
                raise ValueError(f"np.einsum: {c!r} stands for the lengths {x.shape[i]} and {x.shape[j]}")
            x = np.diagonal(x, 0, i, j)
            indices = indices[:i] + indices[i + 1 : j] + indices[j + 1 :] + c
    return x, indices


def sum_out(x: Any, indices: str, needed: set[str]) -> tuple[Any, str]:
    """The sum over the indices that nobody needs any more."""
    axes = tuple(i for i, c in enumerate(indices) if c not in needed)
    return (np.sum(x, axis=axes), "".join(c for c in indices if c in needed)) if axes else (x, indices)


def contract(a: Any, of_a: str, b: Any, of_b: str, needed: set[str]) -> tuple[Any, str]:
    a, of_a = sum_out(a, of_a, needed | set(of_b))
    b, of_b = sum_out(b, of_b, needed | set(of_a))
    sizes = {
        c: max(n, m)
        for c, n in zip(of_a, a.shape, strict=True)
        for m in [dict(zip(of_b, b.shape, strict=True)).get(c, n)]
    }
    sizes |= {c: n for c, n in zip(of_b, b.shape, strict=True) if c not in sizes}
    batch = [c for c in of_a if c in of_b and c in needed]
    summed = [c for c in of_a if c in of_b and c not in needed]
    rest_a, rest_b = [c for c in of_a if c not in of_b], [c for c in of_b if c not in of_a]

    def table(x: Any, indices: str, *groups: list[str]) -> Any:
        order = [c for group in groups for c in group]
        x = np.broadcast_to(x, [sizes[c] for c in indices])
        x = np.transpose(x, [indices.index(c) for c in order]) if order else x
        return np.reshape(x, (*(sizes[c] for c in batch), *(prod(sizes[c] for c in group) for group in groups[1:])))

    y = table(a, of_a, batch, rest_a, summed) @ table(b, of_b, batch, summed, rest_b)
    result = [*batch, *rest_a, *rest_b]
    return np.reshape(y, [sizes[c] for c in result]), "".join(result)
