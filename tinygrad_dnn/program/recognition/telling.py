"""What was seen in a run, in sentences."""

from ..turns import Key
from .costs import Cost
from .learning import Learning
from .taking import Reading, is_gradient_of, rates_in


def said(learning: Learning, cost: Cost, reading: Reading, scale: float) -> str:
    """What was taken for what, in sentences."""
    turn = learning.turn
    inside = f" in {turn.function}" if turn.function else " at the top level"
    where = f"{'the loop of ' * turn.is_a_loop}{turn.where}{inside}"
    text = f"{turn.seen}: {where} update{'s' * (turn.is_a_loop or not turn.at_top)} {', '.join(reading.where)}; "
    if cost.pair is None:
        what = written(cost.key) if cost.function is None else cost.key[2][0]
        text += (
            f"the cost is {f'-{what}, of what is made larger' if cost.larger else what}, on the data that it has there."
        )
    else:
        of = f"{cost.pair.says} of {written(cost.key)}" + f" and {cost.pair.called}" * bool(cost.pair.called)
        text += (
            f"no cost is computed of which this is the gradient, and it is checked as that of {of}, but for a factor."
        )
    named = {n: w for n, w in reading.where.items() if w}
    other = [f"d{n} is {'-' * (w[1] < 0)}{written(w[0])}" for n, w in named.items()
             if not is_gradient_of(learning.places[n], w[0]) or w[1] < 0]  # fmt: skip
    away = [f"d{n}" for n, w in reading.where.items() if w is None]
    text += f" {', '.join(other)}." if other else ""
    if away:
        known = any(abs(scale - rate) <= 1e-6 * rate for rate in (1.0, *rates_in(learning, learning.base)))
        told = (
            ""
            if known
            else ", a factor that is no number of the file: right but for a constant, which the rate may hold"
        )
        rate = f", over {scale:.6g}{told}" if abs(scale - 1.0) > 1e-9 else ""
        text += f" {', '.join(away)}: what the update takes away{rate}."
    return text


def written(key: Key) -> str:
    """A value as its code writes it."""
    text = ""
    for step in key[2]:
        if isinstance(step, int):
            text += f"[{step}]"
        elif not text:
            text = str(step)
        else:
            text += f".{step}" if str(step).isidentifier() and text == "self" else f"[{step!r}]"
    if key[2][0] == "return":
        return f"{key[0].rpartition('.')[2]}(...){text.removeprefix('return')}"
    return text
