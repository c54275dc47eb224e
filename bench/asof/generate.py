"""Writes events.parquet (in the order of time, as a log is) and subjects.parquet, the same for the same arguments.

Activity is skewed: a subject's rate is log-normal with sigma 1, so that the busiest per cent has a tenth of all events.
"""

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIRST_DAY = np.datetime64("2024-01-01T00:00:00", "us")
DAYS = 730
ROWS_A_GROUP = 1_000_000
CHANNELS = np.array([f"channel_{i:02}" for i in range(12)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--events-a-subject", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(args.seed)

    subjects = args.events // args.events_a_subject
    # Numbers with holes, as a CRM hands them out.
    ids = np.sort(random.choice(subjects * 40, subjects, replace=False)).astype(np.int64) + 1_000_000
    pq.write_table(pa.table({"subject": ids}), args.out / "subjects.parquet")
    rates = random.lognormal(0.0, 1.0, subjects)
    cumulative = np.cumsum(rates / rates.sum())

    writer = None
    groups = -(-args.events // ROWS_A_GROUP)
    for group in range(groups):
        rows = min(ROWS_A_GROUP, args.events - group * ROWS_A_GROUP)
        table = rows_of(random, rows, ids, cumulative, group / groups, 1 / groups)
        writer = writer or pq.ParquetWriter(args.out / "events.parquet", table.schema, compression="snappy")
        writer.write_table(table, row_group_size=ROWS_A_GROUP)
    writer.close()


def rows_of(random, rows, ids, cumulative, start, share) -> pa.Table:
    """Events of the part of the time that begins at `start` and lasts for `share`, both as shares of the whole."""
    span = DAYS * 86_400_000_000
    at = np.sort(random.integers(int(start * span), int((start + share) * span), rows))
    subject = np.minimum(np.searchsorted(cumulative, random.random(rows)), len(ids) - 1)
    amount = np.round(random.lognormal(3.0, 1.0, rows), 2)
    clicks = random.poisson(4.0, rows).astype(np.float64)
    score = np.round(random.normal(70.0, 15.0, rows), 1)
    channel = random.zipf(1.5, rows) % len(CHANNELS)
    # Some subjects miss more than others.
    missed = random.random(rows) < 0.05 + 0.3 * ((subject % 7) / 7)
    return pa.table(
        {
            "subject": ids[subject],
            "at": pa.array(FIRST_DAY + at.astype("timedelta64[us]")),
            "amount": amount,
            "clicks": clicks,
            "score": pa.array(score, mask=random.random(rows) < 0.1),
            "channel": pa.DictionaryArray.from_arrays(pa.array(channel.astype(np.int32)), pa.array(CHANNELS)),
            "missed": missed,
        }
    )


if __name__ == "__main__":
    main()
