"""Trains a peer on a generated table with the settings of common.py, or explains rows by LightGBM's model of it.

    equal.py train NAME TABLE THREADS HELD_OUT
    equal.py model LightGBM TABLE THREADS TREES
    equal.py explain NAME TABLE THREADS ROWS

prints one line of JSON: what it took and, when training, how well held-out rows are told. Training holds binning.
LightGBM leaves its model in TABLE/lightgbm.txt, and its contributions in TABLE/lightgbm_contributions.f64 for ours.rs.
"""

import json
import os
import pathlib
import sys

os.environ["OMP_NUM_THREADS"] = sys.argv[4] if len(sys.argv) > 4 else "1"

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from common import BINS, L2, LEAF_ROWS, LEAVES, RATE, TREES, Clock, peak_mb, read


def lightgbm(table: np.ndarray, label: np.ndarray, threads: int, folder: pathlib.Path, trees: int = TREES):
    import lightgbm

    parameters = {
        "objective": "binary", "learning_rate": RATE, "num_leaves": LEAVES, "max_bin": BINS,
        "min_data_in_leaf": LEAF_ROWS, "lambda_l2": L2, "verbosity": -1, "num_threads": threads,
    }  # fmt: skip
    clock = Clock()
    booster = lightgbm.train(parameters, lightgbm.Dataset(table, label), trees)
    took = clock.took("train")
    booster.save_model(folder / "lightgbm.txt")
    return took, lambda x: booster.predict(x, num_threads=threads)


def xgboost(table: np.ndarray, label: np.ndarray, threads: int, folder: pathlib.Path):
    import xgboost

    # It knows no smallest number of rows, only of hessian: that of so many rows of even chance.
    parameters = {
        "objective": "binary:logistic", "eta": RATE, "max_leaves": LEAVES, "max_depth": 0, "max_bin": BINS + 1,
        "grow_policy": "lossguide", "tree_method": "hist", "lambda": L2, "min_child_weight": LEAF_ROWS / 4,
        "nthread": threads,
    }  # fmt: skip
    clock = Clock()
    booster = xgboost.train(parameters, xgboost.DMatrix(table, label), TREES)
    return clock.took("train"), lambda x: booster.predict(xgboost.DMatrix(x))


def catboost(table: np.ndarray, label: np.ndarray, threads: int, folder: pathlib.Path):
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        iterations=TREES, learning_rate=RATE, grow_policy="Lossguide", max_leaves=LEAVES, border_count=BINS - 1,
        min_data_in_leaf=LEAF_ROWS, l2_leaf_reg=L2, thread_count=threads, verbose=0, allow_writing_files=False,
    )  # fmt: skip
    clock = Clock()
    model.fit(table, label)
    return clock.took("train"), lambda x: model.predict_proba(x)[:, 1]


def hist_gradient_boosting(table: np.ndarray, label: np.ndarray, threads: int, folder: pathlib.Path):
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, max_bins=BINS, min_samples_leaf=LEAF_ROWS,
        l2_regularization=L2, early_stopping=False,
    )  # fmt: skip
    clock = Clock()
    model.fit(table, label)
    return clock.took("train"), lambda x: model.predict_proba(x)[:, 1]


PEERS = {
    "LightGBM": lightgbm, "XGBoost": xgboost, "CatBoost": catboost, "HistGradientBoosting": hist_gradient_boosting,
}  # fmt: skip
EXPLAINERS = ["LightGBM pred_contrib", "shap TreeExplainer"]


def train(name: str, folder: pathlib.Path, threads: int, held_out: pathlib.Path) -> dict[str, float]:
    took, predict = PEERS[name](*read(folder), threads, folder)
    took["peak_mb"] = peak_mb()
    table, label = read(held_out)
    clock = Clock()
    probability = predict(table)
    took |= clock.took("predict")
    return took | {"auc": roc_auc_score(label, probability), "loss": log_loss(label, probability)}


def explain(name: str, folder: pathlib.Path, threads: int, rows: int) -> dict[str, float]:
    import lightgbm
    import shap

    booster = lightgbm.Booster(model_file=folder / "lightgbm.txt", params={"num_threads": threads})
    table = np.ascontiguousarray(read(folder)[0][:rows])
    if name == "LightGBM pred_contrib":
        clock = Clock()
        parts = booster.predict(table, pred_contrib=True, num_threads=threads)
        took = clock.took("explain")
        parts.astype(np.float64).tofile(folder / "lightgbm_contributions.f64")
        return took | {"rows": rows}
    # Since version 0.40 shap asks LightGBM for path-dependent values; its own code does the rest.
    explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    clock = Clock()
    explainer.shap_values(table.astype(np.float64), check_additivity=False)
    return clock.took("explain") | {"rows": rows}


def main() -> None:
    what, name, folder, threads, last = sys.argv[1:]
    folder = pathlib.Path(folder)
    if what == "train":
        print(json.dumps(train(name, folder, int(threads), pathlib.Path(last))))
    elif what == "model":
        lightgbm(*read(folder), int(threads), folder, int(last))
    else:
        print(json.dumps(explain(name, folder, int(threads), int(last))))


if __name__ == "__main__":
    main()
