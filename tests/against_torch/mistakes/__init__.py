"""Mistakes that people make, as text, by area: what each library says to them is compared.

An area has `LINES`, one mistake a line, and may have `PROGRAMS`, mistakes of several lines, a blank line between
them. Either is run as statements; where the last is an expression, its repr is the result. The names they start from
are in `namespace.py`.
"""
