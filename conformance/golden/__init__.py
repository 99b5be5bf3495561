"""Conformance without torch: its answers recorded in one file, and pyconv held to them with NumPy alone.

- `store.py`: arrays and text in one small file.
- `record.py`: torch's answers into it.
- `recorded.py`: out of it, as the reference of a case.
"""
