"""A cost that comes out of one function together with gradients, of which only the first half can be recorded.

Where the recorded run ends with an error, the cost may have been computed already: it is a number that a variable of
the functions that ran holds, and that has the value of the plain cost, here and at other points.
"""

from ..engine.tensor import Tensor
from ..program.places import is_inside
from ..program.watching import named_values


def cost_before(error: Exception, value: float, noise: float) -> Tensor:
    """The last number of this value in the variables of the functions that an error went through; else the error."""
    found, place = [], error.__traceback__
    while place is not None:
        if not is_inside(place.tb_frame.f_code.co_filename):
            found += [t for _, t in named_values(place.tb_frame.f_locals) if type(t) is Tensor and t.recorded.size == 1]
        place = place.tb_next
    alike = [t for t in found if abs(float(t.recorded.item()) - value) <= noise]
    if not alike:
        raise error
    return max(alike, key=lambda t: t.number)
