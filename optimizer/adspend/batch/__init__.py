"""Many shops in one run: one record in, one record out, whatever happens on the way."""
