"""Batches of synthetic shops: throughput, robustness, and what pooling across shops is worth."""
