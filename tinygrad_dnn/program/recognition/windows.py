"""Settings of layers over images, by the words of their names: how many filters, how large, how far apart."""

import inspect
from collections.abc import Iterator
from typing import Any

from .pairing import words
from .shapes import Shapes
from .values import Values

COUNTED = {"filters", "kernels", "maps"}
LARGE = {"size", "sizes", "shape", "dim", "dims", "height", "width", "h", "w"}
OVER = {"kernel", "kernels", "filter", "filters", "pool", "pooling", "window", "k", "f", "ksize", "size", "field"}
CHANNELS = {"channel", "channels", "ch", "chan", "depth"}
GOES_IN = {"in", "input", "inputs", "inp", "image", "img", "prev"}
COMES_OUT = {"out", "output", "num", "n", "number", "no", "count", "nb"}


def windows_for(kind: type, x_shape: tuple[int, ...], shapes: Shapes) -> Iterator[Values]:
    """What the constructor of a layer over images is given; windows as one number, and as two."""
    parameters = list(inspect.signature(kind).parameters.values())
    pool = "pool" in kind.__name__.lower()
    image = x_shape[-3:]
    for pairs in (False, True):
        given: Values = {}
        for p in parameters:
            value = setting(p.name, image, shapes, pool, pairs)
            optional = p.default is not p.empty
            if value is not None and (not optional or (set(words(p.name)) & CHANNELS and type(p.default) is int)):
                given[p.name] = value
        yield given
        if not any(isinstance(value, int) and set(words(name)) & OVER for name, value in given.items()):
            return


def setting(name: str, image: tuple[int, ...], shapes: Shapes, pool: bool, pairs: bool) -> Any:
    """A setting by the words of its name; None where they say nothing of images."""
    said = set(words(name))
    channels, size = shapes.images[1], shapes.pool[0] if pool else shapes.filters[-1]
    if said & {"stride", "strides"}:
        return shapes.pool_stride if pool else shapes.stride
    if said & {"pad", "padding"}:
        return 0 if pool else shapes.pad
    if said & GOES_IN and said & LARGE:
        return image if said & {"shape", "size", "dim", "dims"} else shapes.images[2 if said & {"height", "h"} else 3]
    if said & CHANNELS:
        return shapes.filters[0] if said & COMES_OUT or said == {"depth"} else channels
    if (said & COUNTED or (said & COMES_OUT and said & OVER)) and not said & LARGE:
        return shapes.filters[0]
    if said & OVER:
        return (size, size) if pairs else size
    return None
