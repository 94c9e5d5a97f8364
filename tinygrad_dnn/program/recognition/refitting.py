"""Sizes that code has fixed for itself, 784 pixels or two inputs, by what it says to data of other sizes."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from .values import Sizes

TWO = re.compile(r"not aligned: (\d+) \(dim \d+\) != (\d+)|size (\d+) is different from (\d+)")
SHAPE = re.compile(r"\(([\d, ]+)\)")
LAST = re.compile(r"index (\d+) is out of bounds for axis \d+ with size (\d+)")
TRIED = 4  # other sizes, one after the other


def refitted(errors: Iterable[Exception], sizes: Sizes) -> Iterator[Sizes]:
    """The sizes with one number as code wants it that raised these errors, what was said most often first."""
    said = Counter(pair for error in errors for pair in mismatches(str(error)))
    for (a, b), _ in said.most_common():
        for ours, theirs in ((a, b), (b, a)):
            if theirs in (0, 1, sizes.examples) or theirs > 10**5:
                continue
            if ours == sizes.features:
                yield sizes._replace(features=theirs)
            if ours == sizes.classes:
                yield sizes._replace(classes=theirs)


def mismatches(text: str) -> Iterator[tuple[int, int]]:
    """Pairs of numbers that ought to be equal, as an error says."""
    if (two := TWO.search(text)) is not None:
        a, b = (int(n) for n in two.groups() if n is not None)
        yield a, b
    elif (last := LAST.search(text)) is not None:
        yield int(last[1]) + 1, int(last[2])
    elif "broadcast" in text:
        shapes = [[int(n) for n in found.split(",") if n.strip()] for found in SHAPE.findall(text)]
        for one, other in itertools.pairwise(shapes):
            for a, b in zip(one[::-1], other[::-1], strict=False):
                if a != b and 1 not in (a, b):
                    yield a, b


def every_size(first: Sizes, errors: list[Exception]) -> Iterator[Sizes]:
    """The usual sizes, and then those that the errors ask for which came meanwhile."""
    waiting, seen = [first], [first]
    while waiting:
        sizes, before = waiting.pop(0), len(errors)
        yield sizes
        for other in refitted(errors[before:], sizes):
            if other not in seen and len(seen) <= TRIED:
                seen.append(other)
                waiting.append(other)
