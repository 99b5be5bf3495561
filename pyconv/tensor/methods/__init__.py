"""The Tensor's methods by family: mixins whose methods are torch's functions.

May import: NumPy, and all of pyconv below `tensor`.
"""
