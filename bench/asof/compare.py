"""Compares two results: `compare.py OURS THEIRS` fails where any value differs by more than a millionth."""

import sys

import numpy as np
import pyarrow.parquet as pq

from common import features


def main() -> None:
    ours, theirs = (pq.read_table(path) for path in sys.argv[1:])
    assert ours.num_rows == theirs.num_rows, (ours.num_rows, theirs.num_rows)
    for key in ["subject", "cutoff"]:
        assert ours[key].cast("string").equals(theirs[key].cast("string")), key
    worst = 0.0
    for feature in features():
        a, b = (table[feature.name].to_numpy(zero_copy_only=False).astype(float) for table in [ours, theirs])
        assert (np.isnan(a) == np.isnan(b)).all(), f"{feature.name}: {(np.isnan(a) != np.isnan(b)).sum()} nulls differ"
        difference = np.nan_to_num(np.abs(a - b) / np.maximum(1.0, np.maximum(np.abs(a), np.abs(b))))
        assert difference.max() <= 1e-6, f"{feature.name}: {a[difference.argmax()]} and {b[difference.argmax()]}"
        worst = max(worst, difference.max())
    print(f"{ours.num_rows} rows x {len(features())} features agree; largest difference {worst:.1e}")


if __name__ == "__main__":
    main()
