"""How long pyconv's convolutions take, as a ratio to torch's in the same process.

`python -m benchmarks --help` says how. Needs the extra `bench`.
"""
