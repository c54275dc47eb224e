"""A table to train on: FOLDER/columns.f32 (column after column), FOLDER/label.f32, FOLDER/shape.txt.

Columns are a mix of what a feature table holds: long-tailed sums, counts, flags, days since something with gaps.
"""

import argparse
import pathlib

import numpy as np


def column(kind: int, rows: int, rng: np.random.Generator) -> np.ndarray:
    if kind == 0:
        return rng.normal(size=rows).astype(np.float32)
    if kind == 1:
        return np.exp(rng.normal(size=rows)).astype(np.float32)
    if kind == 2:
        return rng.poisson(2.0, size=rows).astype(np.float32)
    if kind == 3:
        return (rng.random(rows) < 0.15).astype(np.float32)
    values = rng.exponential(20.0, size=rows).astype(np.float32)
    values[rng.random(rows) < 0.3] = np.nan
    return values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--columns", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(args.seed)
    margin = np.full(args.rows, -2.2)
    with open(args.folder / "columns.f32", "wb") as file:
        for index in range(args.columns):
            values = column(index % 5, args.rows, rng)
            values.tofile(file)
            strength = 1.2 / (1 + index / 3)
            known = np.nan_to_num(values, nan=25.0)
            scaled = (known - known.mean()) / known.std()
            margin += strength * (np.tanh(scaled) if index % 2 else (scaled > 0.7) - 0.3)
    label = rng.random(args.rows) < 1 / (1 + np.exp(-margin))
    label.astype(np.float32).tofile(args.folder / "label.f32")
    (args.folder / "shape.txt").write_text(f"{args.rows} {args.columns}\n")


if __name__ == "__main__":
    main()
