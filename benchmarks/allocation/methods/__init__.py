"""Allocation methods as pure functions ``method(problem) -> spends in fen``: other allocators', and exact ones.

They are written from the algorithms' descriptions and share the problem's curves, so that a difference is the
algorithm's. Except for ``monolithic_mip`` they know the boxes and the budget only, as their models do.
"""
