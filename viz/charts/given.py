"""What a chart is given: real numbers and names, or an error that says what came instead."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygrad_dnn import Tensor

from ..text import ELLIPSIS, on_one_line

Array = NDArray[Any]
REAL = "fiub"  # the kinds of NumPy's types


def plain(value: Any) -> Any:
    """The value of a Tensor; of an array with a mask, nan for what is masked."""
    value = value.data if isinstance(value, Tensor) else value
    masked = isinstance(value, np.ma.MaskedArray) and value.dtype.kind in REAL
    return value.astype(float).filled(np.nan) if masked else value


def array_of(who: str, name: str, value: Any) -> Array:
    """The value of a Tensor, an array or a number, or a TypeError that says what came instead."""
    try:
        array = np.asarray(plain(value))
    except ValueError:  # a list whose parts differ in length
        array = np.asarray(None)
    if array.dtype.kind not in REAL:
        came = f"an array of {array.dtype}" if isinstance(value, np.ndarray) else f"of type {type(value).__name__}"
        raise TypeError(f"{who}: {name} is {came}; an array of real numbers is expected")
    return array


def listed_names(names: Any) -> Any:
    """Names that can be read twice; what are no names, as it came."""
    return list(names) if np.iterable(names) and not isinstance(names, str) else names


def are_names(names: Any, count: int) -> bool:
    """Whether it is a list of so many names, or None."""
    return names is None or (isinstance(names, list) and len(names) == count)


def short(name: Any, most: int = 18) -> str:
    """A name on one line; of a long one both ends, as names often differ at the end."""
    text = on_one_line(str(name))
    return text if len(text) <= most else text[: most // 2] + ELLIPSIS + text[-(most - most // 2 - 1) :]


def shorts(names: Sequence[Any]) -> list[str]:
    """Names on one line; those that differ only in what is cut off are numbered."""
    texts = [short(name) for name in names]
    same = [(texts[:i].count(text), texts.count(text)) for i, text in enumerate(texts)]
    return [f"{text} ({i + 1})" if count > 1 else text for text, (i, count) in zip(texts, same, strict=True)]


def listed(words: Sequence[str], between: str = ", ", most: int = 8) -> str:
    return between.join(words[:most]) + f"{between}and {len(words) - most} more" * (len(words) > most)
