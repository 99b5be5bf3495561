"""Special functions of real numbers in double precision, vectorised: ndarray → ndarray.

Where a table of Chebyshev coefficients stands, it was computed from the definition with 50 digits and cut where the
terms fall below double precision. May import: NumPy, `pyconv.kernels.special`.
"""
