"""Which rows agree in some columns, as one integer per row: the groups of a group-by without its machinery."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def row_codes(frame: pd.DataFrame, columns: Sequence[str], *, sort: bool = False) -> NDArray[np.int64]:
    """Each row's group, (n,): 0, 1, ... in the order in which groups appear, or where ``sort`` by their values.

    Missing values are equal to each other.

    >>> frame = pd.DataFrame({"segment": ["b", "a", "b"], "slot": ["x", "x", "x"]})
    >>> row_codes(frame, ["segment", "slot"]).tolist(), row_codes(frame, ["segment", "slot"], sort=True).tolist()
    ([0, 1, 0], [1, 0, 1])
    """
    codes, groups = np.zeros(len(frame), dtype=np.int64), 1
    for name in columns:
        if groups == len(frame):
            break  # no further column can part them
        own, values = pd.factorize(frame[name], sort=sort, use_na_sentinel=False)
        if len(values) > 1:
            codes, found = pd.factorize(codes * len(values) + own, sort=sort)
            groups = len(found)
    return codes
