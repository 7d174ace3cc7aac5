"""Independent judges for the tests: brute force, closed forms, exact arithmetic."""
