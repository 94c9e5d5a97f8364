"""Somebody's program: loaded, run and watched, and what it is about."""
