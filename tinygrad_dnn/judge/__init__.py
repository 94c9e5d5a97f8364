"""The judge: a hand-written gradient against the recorded one, and that against central differences.

The truth is the user's own cost. It is recorded once; where the recorded gradient agrees with differences of the same
cost it is what the hand-written one is compared with, entry by entry. Where the cost cannot be recorded, the
differences judge alone. A gradient is wrong only if it differs by more than rounding and the differences' own error.
"""
