"""What `python -m benchmarks` can do, a module for each command."""
