"""``python -m adspend.checker plan.json``."""

import sys

from . import main

sys.exit(main(sys.argv[1:]))
