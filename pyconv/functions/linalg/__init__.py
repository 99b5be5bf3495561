"""torch's linear algebra: arguments made plain, dtype rules and errors, then `pyconv.ops.linalg`."""
