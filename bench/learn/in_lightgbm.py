"""Trains LightGBM on a generated table, writes its model, and explains rows with it."""

import argparse
import pathlib

import lightgbm
import numpy as np

from common import PARAMETERS, TREES, Clock, peak_mb, read


def log_loss(label: np.ndarray, probability: np.ndarray) -> float:
    return float(-np.mean(np.where(label > 0.5, np.log(probability), np.log1p(-probability))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--trees", type=int, default=TREES)
    parser.add_argument("--explain", type=int, default=0, help="rows to explain")
    parser.add_argument("--held-out", type=pathlib.Path, help="table to measure the loss on")
    args = parser.parse_args()
    table, label = read(args.folder)
    print(f"lightgbm {lightgbm.__version__} table {table.shape} read, peak {peak_mb()} MB")
    parameters = PARAMETERS | {"num_threads": args.threads}
    clock = Clock()
    data = lightgbm.Dataset(table, label, params=parameters).construct()
    print(f"lightgbm bin {clock.said()} peak {peak_mb()} MB")
    clock = Clock()
    booster = lightgbm.train(parameters, data, args.trees)
    print(f"lightgbm train {clock.said()} peak {peak_mb()} MB")
    booster.save_model(args.folder / "lightgbm.txt")
    print(f"lightgbm loss {log_loss(label, booster.predict(table, num_threads=args.threads)):.5f}")
    if args.held_out:
        held_out, truth = read(args.held_out)
        print(f"lightgbm held-out loss {log_loss(truth, booster.predict(held_out, num_threads=args.threads)):.5f}")
    if args.explain:
        rows = np.ascontiguousarray(table[: args.explain])
        clock = Clock()
        parts = booster.predict(rows, pred_contrib=True, num_threads=args.threads)
        print(f"lightgbm explain {clock.said()} {args.explain} rows")
        parts.astype(np.float64).tofile(args.folder / "lightgbm_contributions.f64")


if __name__ == "__main__":
    main()
