"""The LP and the MIP of a problem, in PuLP, solved by HiGHS in process. Nothing outside this package imports PuLP."""
