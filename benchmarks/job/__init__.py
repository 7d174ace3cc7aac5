"""Benchmarks of the whole job."""
