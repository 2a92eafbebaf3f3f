"""This project beside what you would use instead, and what large data costs; see `python -m benchmarks --help`."""
