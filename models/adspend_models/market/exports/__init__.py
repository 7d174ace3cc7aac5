"""A world's days as the files that platforms export: one file per format, values in, bytes out."""
