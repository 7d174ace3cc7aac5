"""What is measured: each benchmark answers one question, by one command, with its seed and versions."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy loads: small matrices on two busy cores only wait
