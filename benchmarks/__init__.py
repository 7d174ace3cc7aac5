"""What is measured: each benchmark answers one question, by one command, with its seed and versions."""
