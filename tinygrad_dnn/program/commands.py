"""A program's own command line: what it asks for and nobody gives is given, the first choice or a small number."""

import argparse
import contextlib
from collections.abc import Iterator
from typing import Any

NUMBERS = {int: "3", float: "0.1"}


@contextlib.contextmanager
def answered(said: list[str]) -> Iterator[None]:
    """Within this, a parser is given what it needs of the command line where that has nothing; what, is in the list."""
    parse = argparse.ArgumentParser.parse_known_args

    def parse_known_args(self: Any, args: Any = None, namespace: Any = None) -> Any:
        if not args:
            args = [word for action in self._actions for word in words_for(action)]
            if args:
                said.append(f"The command line is taken as {' '.join(args)}.")
        return parse(self, args, namespace)

    argparse.ArgumentParser.parse_known_args = parse_known_args  # type: ignore[method-assign]
    try:
        yield
    finally:
        argparse.ArgumentParser.parse_known_args = parse  # type: ignore[method-assign]


def words_for(action: argparse.Action) -> list[str]:
    """The words by which an option or an argument is given; none where it need not be."""
    if not action.required or action.nargs == 0:
        return []
    word = str(next(iter(action.choices))) if action.choices else NUMBERS.get(action.type, "x")  # type: ignore[call-overload]
    return [*action.option_strings[:1], *[word] * (action.nargs if isinstance(action.nargs, int) else 1)]
