"""Writes what LightGBM, XGBoost and shap say of small models, and scikit-learn of scores, to crates/learn/tests/fixtures.

Run `UPDATE=1 cargo nextest run --release -p learn --test trees` first: it writes ours.txt, which LightGBM then reads here.
"""

import json
import pathlib

import lightgbm
import numpy as np
import pandas as pd
import shap
import xgboost
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

FOLDER = pathlib.Path(__file__).parents[2] / "crates/learn/tests/fixtures"
SHOWN = 40


def table(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Four numbers, two of them with gaps, one with many zeros, and a category of eight levels."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 5)).round(2)
    x[rng.random(rows) < 0.25, 0] = np.nan
    x[rng.random(rows) < 0.1, 1] = np.nan
    x[rng.random(rows) < 0.5, 2] = 0.0
    x[:, 4] = rng.integers(0, 8, size=rows)
    effect = np.array([0.9, -1.2, 0.3, 0.0, 1.1, -0.5, 0.2, -0.8])
    margin = np.nan_to_num(x[:, 0], nan=-0.7) * np.nan_to_num(x[:, 1], nan=1.0) + np.abs(x[:, 2]) - 0.5 * x[:, 3]
    return x.astype(np.float32), margin + effect[x[:, 4].astype(int)]


def write(name: str, x: np.ndarray, **expected: np.ndarray) -> None:
    plain = lambda values: [None if np.isnan(value) else float(value) for value in values]
    content = {"features": [plain(column) for column in x.T]}
    content |= {key: np.asarray(values, dtype=float).tolist() for key, values in expected.items()}
    (FOLDER / f"{name}.expected.json").write_text(json.dumps(content) + "\n")


def in_lightgbm(name: str, x: np.ndarray, y: np.ndarray, categories: list[int], **parameters: object) -> None:
    fixed = {"num_leaves": 7, "min_data_in_leaf": 10, "verbosity": -1, "num_threads": 1, "learning_rate": 0.3}
    booster = lightgbm.train(fixed | parameters, lightgbm.Dataset(x, y, categorical_feature=categories), 8)
    booster.save_model(FOLDER / f"{name}.txt")
    write_booster(name, x, booster)


def write_booster(name: str, x: np.ndarray, booster: lightgbm.Booster) -> None:
    strange = np.full(x.shape[1], np.nan)
    strange[-1] = 99  # A level that was never seen.
    shown = np.vstack([x[:SHOWN], strange]).astype(np.float32)
    write(
        name,
        shown,
        margins=booster.predict(shown, raw_score=True),
        contributions=booster.predict(shown, pred_contrib=True),
    )


def frame(x: np.ndarray) -> pd.DataFrame:
    data = pd.DataFrame(x, columns=["a", "b", "c", "d", "group"])
    data["group"] = pd.Categorical(data["group"].astype(int), categories=range(8))
    return data


def in_xgboost(name: str, x: np.ndarray, y: np.ndarray, categories: bool, **parameters: object) -> None:
    shown, columns = x[:SHOWN], 5 if categories else 4
    as_matrix = lambda x, y=None: xgboost.DMatrix(frame(x).iloc[:, :columns], y, enable_categorical=True)
    fixed = {"max_depth": 4, "eta": 0.3, "nthread": 1, "tree_method": "hist", "max_cat_to_onehot": 4}
    booster = xgboost.train(fixed | parameters, as_matrix(x, y), 8)
    booster.save_model(FOLDER / f"{name}.json")
    more = {}
    if not categories:
        background = x[SHOWN : SHOWN + 30, :columns]
        explainer = shap.TreeExplainer(booster, background, feature_perturbation="interventional")
        more["background"] = np.nan_to_num(background, nan=-1e9).T
        more["interventional"] = explainer.shap_values(shown[:, :columns], check_additivity=False)
        more["interactions"] = booster.predict(as_matrix(shown), pred_interactions=True)[:10, :-1, :-1]
    write(
        name,
        shown[:, :columns],
        margins=booster.predict(as_matrix(shown), output_margin=True),
        contributions=booster.predict(as_matrix(shown), pred_contribs=True),
        **more,
    )


def of_frame(x: np.ndarray, y: np.ndarray) -> None:
    """Models of a data frame whose category has names: the table shown holds the numbers of its levels."""
    towns = np.array(["Sea Point", "Rosebank", "Durbanville", "Bo-Kaap"])
    codes = x[:, 4].astype(int) % 4
    data = pd.DataFrame({"a": x[:, 0], "town": pd.Categorical(towns[codes], categories=towns)})
    shown = np.column_stack([x[:SHOWN, 0], codes[:SHOWN]])
    fixed = {"num_leaves": 7, "min_data_in_leaf": 10, "min_data_per_group": 5, "verbosity": -1, "num_threads": 1}
    booster = lightgbm.train(fixed | {"objective": "binary"}, lightgbm.Dataset(data, y), 5)
    booster.save_model(FOLDER / "lightgbm_frame.txt")
    margins, parts = (booster.predict(data[:SHOWN], **how) for how in ({"raw_score": True}, {"pred_contrib": True}))
    write("lightgbm_frame", shown, margins=margins, contributions=parts)
    matrix = lambda data, y=None: xgboost.DMatrix(data, y, enable_categorical=True)
    parameters = {"max_depth": 3, "nthread": 1, "max_cat_to_onehot": 1, "objective": "binary:logistic"}
    booster = xgboost.train(parameters, matrix(data, y), 5)
    booster.save_model(FOLDER / "xgboost_frame.json")
    margins, parts = (booster.predict(matrix(data[:SHOWN]), **{how: True}) for how in ("output_margin", "pred_contribs"))
    write("xgboost_frame", shown, margins=margins, contributions=parts)


def in_scikit_learn() -> None:
    """Metrics of scores with ties and weights; the curve and the steps of scores without ties."""
    rng = np.random.default_rng(3)
    apart = rng.permutation(np.arange(1, 401) / 401.0)
    label = rng.random(400) < apart**1.5
    tied, weight = apart.round(1).clip(0.02, 0.98), rng.integers(1, 5, 400) / 2
    metrics = lambda p, w: [
        metric(label, p, sample_weight=w)
        for metric in (roc_auc_score, average_precision_score, log_loss, brier_score_loss)
    ]
    happened, said = calibration_curve(label, apart, n_bins=10, strategy="quantile")
    content = {
        "apart": apart, "tied": tied, "label": label.astype(int), "weight": weight,
        "metrics": metrics(apart, None), "weighted_metrics": metrics(tied, weight),
        "curve_said": said, "curve_happened": happened,
        "isotonic": IsotonicRegression().fit_transform(tied, label, sample_weight=weight),
    }  # fmt: skip
    content = {key: np.asarray(values, dtype=float).tolist() for key, values in content.items()}
    (FOLDER / "scikit_learn.expected.json").write_text(json.dumps(content) + "\n")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    x, margin = table(2000, 1)
    rng = np.random.default_rng(2)
    label = (rng.random(2000) < 1 / (1 + np.exp(-margin))).astype(float)
    count = rng.poisson(np.exp(margin / 3)).astype(float)
    in_lightgbm("lightgbm", x, label, [4], objective="binary", min_data_per_group=5, cat_smooth=1, max_cat_to_onehot=1)
    in_lightgbm("lightgbm_zero", x, count, [], objective="poisson", zero_as_missing=True)
    full = np.nan_to_num(x, nan=0.5)
    in_lightgbm("lightgbm_full", full, margin, [], objective="regression")
    in_xgboost("xgboost", x, label, True, objective="binary:logistic")
    in_xgboost("xgboost_numbers", x, count, False, objective="count:poisson")
    of_frame(x, label)
    in_scikit_learn()
    ours = FOLDER / "ours.txt"
    if ours.exists():
        write_booster("ours", x[:, [0, 1, 2, 4]], lightgbm.Booster(model_file=ours))


if __name__ == "__main__":
    main()
