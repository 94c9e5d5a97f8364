"""What the name of a value says of it: whether it is a cost."""

from ..held import Path
from ..turns import Key
from .functions import ROLES

COST = tuple(word for word in ROLES["cost"][1] if word != "error")
ERROR = (*COST, "err", "mse", "sse", "entropy", "likelihood")  # what may be a cost or only tell of it
LETTERS = ("C", "E", "J", "L", "ce", "bce", "nll")  # what books call it


def is_called_a_cost(key: Key, words_for_it: tuple[str, ...] = COST) -> bool:
    said = " ".join(words(key[2])).lower()
    said += f" {key[0].rpartition('.')[2].lower()}" if "return" in key[2] else ""
    return said == "j" or any(word in said for word in words_for_it)


def tells_of_a_cost(key: Key) -> bool:
    """Whether it is called a cost or an error, or what books call that."""
    return is_called_a_cost(key, ERROR) or (words(key[2]) or [""])[-1] in LETTERS


def how_it_is_called(key: Key) -> tuple[bool, bool]:
    """A cost; or what tells of one."""
    return is_called_a_cost(key), tells_of_a_cost(key)


def words(path: Path) -> list[str]:
    return [step for step in path if isinstance(step, str)]
