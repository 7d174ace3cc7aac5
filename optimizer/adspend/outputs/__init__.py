"""A plan as files: JSON for machines, CSV for the platform, a workbook to forward, a page to look at."""
