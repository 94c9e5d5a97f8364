"""A small tensor that records NumPy calls, and the walk back. It needs NumPy alone; start with tensor.py."""
