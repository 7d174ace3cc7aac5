"""Strategies (策略): ways to split a shop's budget day by day, one a file, behind one protocol (``strategy``).

They learn from reports alone. ``registry`` finds them by name; ``clairvoyant`` is what they are measured against.
"""
