"""Response curves: families, estimation, grading, test design, and market worlds."""
