"""Codes that take part: a class each, for `score.py`."""
