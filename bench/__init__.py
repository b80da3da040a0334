"""Benchmarks: each prints a figure beside a named limit, measured in the same run."""
