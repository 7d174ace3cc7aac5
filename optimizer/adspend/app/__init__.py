"""The command line: files and arguments in, plan directories and exit codes out."""
