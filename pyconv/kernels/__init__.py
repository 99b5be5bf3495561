"""The numerics: ndarray in, ndarray out, and nothing else.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`.
"""

from pyconv.kernels.allocator import keep_pages

keep_pages()
