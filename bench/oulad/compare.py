"""Compares Holdfast on OULAD with LightGBM and CatBoost on hand-made features, at day 56 of an intake not learnt from.

    compare.py --data DATA --holdfast target/release/holdfast --holdout 2014B

prints one Markdown table. All models learn from the earlier intakes and score the same enrolments. The baselines'
settings were fixed beforehand, not searched; a seed fixes every number but the seconds.
"""

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
from catboost import CatBoostClassifier
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

from features import CATEGORIES, HORIZON_DAYS, ID, labels, snapshot

CONTRACT = Path(__file__).resolve().parents[2] / "examples" / "oulad" / "holdfast.toml"
DAY = 56
STACKED = [28, 42, 56, 70, 84]
"""The days of the course at which the contract, too, takes its training rows."""
DATES = {
    "students": ["starts_on", "enrolled_at", "withdrew_at"],
    "homework": ["due_at", "submitted_at"],
    "activity": ["at"],
}
METRICS = {"AUC": roc_auc_score, "PR-AUC": average_precision_score, "log-loss": log_loss}
RESAMPLES = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with students, homework, activity .csv[.gz]")
    parser.add_argument("--holdfast", type=Path, required=True, help="the binary")
    parser.add_argument("--holdout", default="2014B", help="the intake to score; the earlier ones are learnt from")
    options = parser.parse_args()

    tables = {name: read(options.data, name) for name in DATES}
    starts = tables["students"].groupby("intake").starts_on.first()
    if options.holdout not in starts:
        raise SystemExit(f"no intake {options.holdout} among the students, only {', '.join(starts.index)}")
    earlier = starts.index[starts < starts[options.holdout]]
    if earlier.empty:
        raise SystemExit(f"no intake before {options.holdout} to learn from")
    as_of = starts[options.holdout] + pd.Timedelta(days=DAY)
    before = {name: of_intakes(table, tables["students"], earlier) for name, table in tables.items()}
    held_out = as_known_on(
        {name: of_intakes(table, tables["students"], [options.holdout]) for name, table in tables.items()}, as_of
    )

    start = time.process_time()
    snapshots = {day: snapshot(before, day) for day in STACKED}
    test = snapshot(held_out, DAY)
    test["leaves"] = labels(tables["students"].set_index(ID).loc[test.index], DAY)
    features_seconds = time.process_time() - start

    probabilities, seconds = {}, {}
    ours, seconds["Holdfast"] = holdfast(options.holdfast, before, held_out, as_of)
    if set(ours.index) != set(test.index):
        raise SystemExit("Holdfast scored other enrolments than those at risk")
    probabilities["Holdfast"] = ours.loc[test.index].to_numpy()
    at_one_day, stacked = snapshots[DAY], pd.concat([snapshots[day] for day in STACKED])
    for name, fit, train in [
        (f"LightGBM, day {DAY}", lightgbm_at_one_day, at_one_day),
        ("LightGBM, stacked", lightgbm_stacked, stacked),
        (f"CatBoost, day {DAY}", catboost_at_one_day, at_one_day),
        ("CatBoost, stacked", catboost_stacked, stacked),
    ]:
        start = time.process_time()
        probabilities[name] = fit(train, test)
        seconds[name] = time.process_time() - start

    leavers = int(test.leaves.sum())
    print(f"Learnt from {' and '.join(earlier)}; scored {options.holdout} as of {as_of.date()}:")
    print(f"{len(test)} enrolments at risk, {leavers} leave within {HORIZON_DAYS} days.\n")
    print_table(test.leaves.to_numpy(), probabilities, seconds)
    base = leavers / len(test)
    print(f"\nSaying the base rate to all: log-loss {log_loss(test.leaves, np.full(len(test), base)):.4f}.")
    print("Holdfast's seconds hold reading, checks, features and trials;", end=" ")
    print(f"the baselines' features took {features_seconds:.0f} more.")


def read(folder: Path, name: str) -> pd.DataFrame:
    paths = [folder / f"{name}{end}" for end in [".csv", ".csv.gz"]]
    path = next(filter(Path.exists, paths), None)
    if path is None:
        raise SystemExit(f"neither {paths[0]} nor {paths[1].name} is there")
    return pd.read_csv(path, parse_dates=DATES[name])


def of_intakes(table: pd.DataFrame, students: pd.DataFrame, intakes: list[str]) -> pd.DataFrame:
    return table[table[ID].isin(students[ID][students.intake.isin(intakes)])]


def as_known_on(tables: dict[str, pd.DataFrame], day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Takes out what happened later, so that nothing can be seen by mistake. `final_result` stays, as a trap."""
    students, homework, activity = (tables[name].copy() for name in DATES)
    students.loc[students.withdrew_at > day, "withdrew_at"] = pd.NaT
    homework = homework[homework[["due_at", "submitted_at"]].min(axis=1) <= day].copy()
    homework.loc[homework.submitted_at > day, ["submitted_at", "score"]] = [pd.NaT, np.nan]
    return {"students": students, "homework": homework, "activity": activity[activity["at"] <= day]}


def holdfast(binary: Path, before: dict, held_out: dict, as_of: pd.Timestamp) -> tuple[pd.Series, float]:
    """The probabilities by enrolment, and the processor's seconds of training."""
    binary = binary.resolve()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shutil.copy(CONTRACT, work)
        for name, tables in [("before", before), ("held_out", held_out)]:
            (work / name).mkdir()
            for table, rows in tables.items():
                rows.to_csv(work / name / f"{table}.csv", index=False)
        common = ["--quiet", "-C", work, "--model", work / "model"]
        start = seconds_of_children()
        subprocess.run([binary, "train", *common, "--data", work / "before"], check=True, stdout=subprocess.DEVNULL)
        seconds = seconds_of_children() - start
        day, out = str(as_of.date()), work / "scores.csv"
        score = [binary, "score", *common, "--data", work / "held_out", "--as-of", day, "--out", out]
        subprocess.run(score, check=True, stdout=subprocess.DEVNULL)
        return pd.read_csv(out).set_index("subject").probability, seconds


def seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lightgbm_at_one_day(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
    return with_lightgbm(train, test, 120, 3, {"learning_rate": 0.03, "num_leaves": 8, "min_data_in_leaf": 50})


def lightgbm_stacked(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
    return with_lightgbm(train, test, 150, 2, {"learning_rate": 0.04, "num_leaves": 10, "min_data_in_leaf": 150})


def catboost_at_one_day(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
    return with_catboost(train, test, {"iterations": 250, "learning_rate": 0.03})


def catboost_stacked(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
    return with_catboost(train, test, {"iterations": 300, "learning_rate": 0.04})


def with_lightgbm(train: pd.DataFrame, test: pd.DataFrame, rounds: int, seeds: int, settings: dict) -> np.ndarray:
    """The mean of several seeds' log-odds."""
    common = {"objective": "binary", "feature_fraction": 0.4, "bagging_fraction": 0.7, "bagging_freq": 1,
              "lambda_l2": 10, "max_bin": 63, "num_threads": 1, "verbose": -1}
    x, z = train.drop(columns="leaves"), test.drop(columns="leaves")
    for name in CATEGORIES:
        x[name] = x[name].astype("category")
        known = x[name].cat.categories
        z[name] = pd.Categorical(z[name].where(z[name].isin(known)), categories=known)
    margins = [
        lgb.train({**common, **settings, "seed": seed}, lgb.Dataset(x, train.leaves), rounds).predict(z, raw_score=True)
        for seed in range(seeds)
    ]
    return 1 / (1 + np.exp(-np.mean(margins, axis=0)))


def with_catboost(train: pd.DataFrame, test: pd.DataFrame, settings: dict) -> np.ndarray:
    model = CatBoostClassifier(**settings, depth=5, l2_leaf_reg=10, rsm=0.5, border_count=64, one_hot_max_size=3,
                               cat_features=CATEGORIES, thread_count=1, random_seed=1, verbose=0,
                               allow_writing_files=False)
    model.fit(train.drop(columns="leaves"), train.leaves)
    return model.predict_proba(test.drop(columns="leaves"))[:, 1]


def print_table(leaves: np.ndarray, probabilities: dict[str, np.ndarray], seconds: dict[str, float]) -> None:
    """Metrics, and in brackets the 95% interval of theirs minus ours, both on the same resampled enrolments."""
    random = np.random.default_rng(1)
    draws = [random.integers(0, len(leaves), len(leaves)) for _ in range(RESAMPLES)]
    resampled = {
        model: np.array([[metric(leaves[draw], p[draw]) for metric in METRICS.values()] for draw in draws])
        for model, p in probabilities.items()
    }
    print(f"| model | {' | '.join(METRICS)} | training, CPU s |\n|---|{'---|' * len(METRICS)}---:|")
    for model, p in probabilities.items():
        cells = [f"{metric(leaves, p):.4f}" for metric in METRICS.values()]
        if model != "Holdfast":
            low, high = np.percentile(resampled[model] - resampled["Holdfast"], [2.5, 97.5], axis=0)
            cells = [f"{cell} [{a:+.4f}, {b:+.4f}]" for cell, a, b in zip(cells, low, high)]
        print(f"| {model} | {' | '.join(cells)} | {seconds[model]:.0f} |")


if __name__ == "__main__":
    main()
