"""Allocation strategies measured in market worlds with known truth."""
