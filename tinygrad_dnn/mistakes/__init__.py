"""Mistakes: which one makes a wrong gradient wrong, and the nearest change of the code that mends it."""
