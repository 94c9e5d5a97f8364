"""What a run does beside computing: what it draws, prints, reads or asks the clock, which a replay would not do."""

import _thread
import gc
import random
import sys
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

PURE = {"builtins", "numpy", "scipy", "math", "cmath", "itertools", "_operator", "operator", "_functools", "functools",
        "_collections", "collections", "_abc", "copy", "_bisect", "_heapq", "_random", "random", "re", "_sre", "typing",
        "_typing", "_weakref", "_statistics", "_decimal", "fractions", "sys", "_contextvars", "contextvars", "_struct",
        "_thread", "gc", "unicodedata", "_string", "_locale", "types", "enum", "dataclasses", "_warnings", "inspect",
        "_imp", "warnings", "tinygrad_dnn", "weakref"}  # fmt: skip
IMPURE = {print, input, open, _thread.start_new_thread, warnings.warn, gc.collect}


def leaves_a_trace(function: Any) -> bool:
    """Whether a function in C does something, or depends on when it is called, for all that is known of it."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, ModuleType):
        module = owner.__name__
    else:
        module = (owner if isinstance(owner, type) else type(owner)).__module__ if owner is not None else "builtins"
    return function in IMPURE or module.partition(".")[0] not in PURE


def importing(frame: Any) -> bool:
    """Whether a module is being imported, which happens once."""
    while frame is not None and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None


class Watched:
    """While this runs, the first call that leaves a trace is told to whoever watches, and random numbers after it.

    generators: those that may be used, beside NumPy's and Python's own.
    """

    def __init__(self, tell: Callable[[str], None], generators: list[Any]) -> None:
        self.tell, self.collects = tell, gc.isenabled()
        self.states = [(g, state_of(g)) for g in (np.random.mtrand._rand, random._inst, *generators)]

    def __enter__(self) -> None:
        gc.disable()  # what others have asked to be called then is not the function's

        def on_event(frame: Any, event: str, function: Any) -> None:
            if event == "c_call" and leaves_a_trace(function) and not importing(frame):
                self.tell(f"it calls {getattr(function, '__name__', 'a function')}, which a replay would not")

        sys.setprofile(on_event)

    def __exit__(self, *_: Any) -> None:
        sys.setprofile(None)
        if self.collects:
            gc.enable()
        if any(state_of(generator) != state for generator, state in self.states):
            self.tell("it draws random numbers; give what is drawn as an argument")


def state_of(generator: Any) -> Any:
    """The state of a generator of random numbers, as something that can be compared."""
    if isinstance(generator, random.Random):
        return generator.getstate()
    if isinstance(generator, np.random.RandomState):
        return repr([x.tolist() if isinstance(x, np.ndarray) else x for x in generator.get_state(legacy=True)])
    state = generator.bit_generator.state
    return repr({k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in flat(state).items()})


def flat(state: Any, prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in state.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found
