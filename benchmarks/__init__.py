"""How long pyconv's convolutions take beside other libraries', how exact they are, and how much memory they take.

`python -m benchmarks --help` says how. Needs the extra `bench`; with `--against naive`, NumPy alone.
"""
