"""The engine: from traffic reports to a certified daily budget plan."""
