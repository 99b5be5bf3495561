"""Primitives and their vector-Jacobian products, side by side, one family a file.

Each takes and returns Tensors, or ndarrays where no operand is a Tensor. May import: NumPy, `pyconv.geometry`,
`pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`.
"""
