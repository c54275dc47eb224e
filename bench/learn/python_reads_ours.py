"""Trains Holdfast on a simulated table and lets LightGBM read the model's trees: margins must agree to the last bit."""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd

CONTRACT = """version = 1
kit = "none"
name = "Simulated clients"
locale = "en"
time_zone = "UTC"
currency = "EUR"

[subjects]
table = "clients"
key = "client"

[outcome]
kind = "label"
column = "left"
positive = "1"
horizon_days = 30

[bands]
medium = 0.2
high = 0.4

[value]
per_subject = 100.0

[tables.clients]
file = "clients.csv"
"""


def clients(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    calls, bill = rng.poisson(3.0, rows), rng.normal(20, 5, rows).round(2)
    plan, town = rng.choice(["S", "M", "L"], rows), rng.integers(0, 400, rows)
    bill[rng.random(rows) < 0.2] = np.nan
    margin = -2.5 + 0.4 * calls + np.where(plan == "S", 0.8, 0.0) * (calls > 2) - 0.05 * np.nan_to_num(bill, nan=35.0)
    margin += np.sin(town)
    left = rng.random(rows) < 1 / (1 + np.exp(-margin))
    table = {"client": np.arange(rows), "calls per day": calls, "bill": bill, "plan": plan, "left": left.astype(int)}
    return pd.DataFrame(table | {"town": [f"town {number}" for number in town]})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holdfast", type=Path, required=True, help="the program")
    holdfast = parser.parse_args().holdfast.resolve()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "holdfast.toml").write_text(CONTRACT)
        table = clients(6000)
        table.to_csv(work / "clients.csv", index=False)
        run = lambda *words: subprocess.run([holdfast, "--quiet", *words], check=True, stdout=subprocess.DEVNULL)
        run("train", "-C", work, "--data", work, "--model", work / "model")
        model = json.loads((work / "model/model.json").read_text())
        asked = ["--model", work / "model", "--input", work / "clients.csv"]
        run("trees", "features", *asked, "--out", work / "features.parquet")
        run("trees", "explain", *asked, "--out", work / "parts.parquet")
        features = pd.read_parquet(work / "features.parquet")[model["features"]]
        members = [member["trees"] for member in model["members"] if "trees" in member]
        if not members:
            raise SystemExit("the model has no trees to compare")
        for name in members:
            booster = lightgbm.Booster(model_file=work / "model" / name)
            told = ["--model", work / "model" / name, "--input", work / "features.parquet"]
            run("trees", "predict", *told, "--out", work / "margins.parquet")
            run("trees", "explain", *told, "--out", work / "of_trees.parquet")
            ours = pd.read_parquet(work / "margins.parquet").margin
            theirs = booster.predict(features, raw_score=True)
            parts = pd.read_parquet(work / "of_trees.parquet").drop(columns="margin")
            gap = np.abs(parts.to_numpy() - booster.predict(features, pred_contrib=True)).max()
            print(f"{name}: {booster.num_trees()} trees of {booster.feature_name()}")
            print(f"margins equal to the last bit: {(ours == theirs).mean():.0%} of rows; contributions within {gap:.1e}")
            if not (ours == theirs).all() or gap > 1e-9:
                raise SystemExit("LightGBM says something else")


if __name__ == "__main__":
    main()
