"""Benchmarks of the curves."""
