"""Updates one after the other: what is taken away where the statements before have moved something already.

P += rate * e * Q and then Q += rate * e * P takes the new P with the old e: that is the gradient nowhere, though each
line by itself is right. Where the error is computed anew in between it is one: at what the others have become.
"""

from .tasks import Task
from .values import Values

WITH_MOVED = (
    " Where each statement finds the parameters as the turn does, {} would be right: the same turn has moved by then "
    "what it is computed with."
)
IN_TURN = "is the gradient at what the same turn has made of the others by then: one after the other, and no mistake"


def without(task: Task, names: list[str], says: str) -> Task:
    """A task in which some parameters stay where they are, with what is said of them."""
    point = task.parameters
    still = {name: point[name] for name in names}
    left = {name: value for name, value in point.items() if name not in still}

    def gradients(p: Values) -> Values:
        return {key: g for key, g in task.gradients(still | p).items() if key[1:] not in still}

    doubts = tuple(f"d{name}: {says}" for name in names)
    return task._replace(
        cost=lambda p: task.cost(still | p), gradients=gradients, parameters=left, doubts=(*task.doubts, *doubts)
    )
