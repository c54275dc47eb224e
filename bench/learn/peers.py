"""The other learners, each as a careful expert would set it: written down here, the same for every table and target.

    peers.py NAME TRAIN.csv TEST.csv TARGET OUT

learns TARGET from TRAIN.csv, scores TEST.csv and writes OUT.npy (probabilities) and OUT.json (what it took). It is a
process of its own, so that its memory is its own. Seconds begin with reading the file and end with the model, or with the
probabilities: those of Holdfast's commands do so too.

What all of them share: two threads (OMP_NUM_THREADS); the number of trees is found by early stopping on a seventh of the training rows,
drawn with the labels' shares, and the model is then fitted again on all rows with so many. No weights of classes:
probabilities are taken as they come.
"""

import argparse
import json
import os
import resource
import time
from pathlib import Path

THREADS = int(os.environ.setdefault("OMP_NUM_THREADS", "2"))

import numpy as np
import pandas as pd

NOT_FEATURES = ["row_id", "churn", "appetency", "upselling"]
MOST_TREES, PATIENCE, INNER, SEED = 3000, 100, 0.15, 1


class Table:
    """Features and labels to learn from. Text columns are the categories."""

    def __init__(self, path: Path, target: str) -> None:
        data = pd.read_csv(path, low_memory=False)
        self.y = (data[target] == 1).to_numpy().astype(int)
        self.x = data.drop(columns=NOT_FEATURES, errors="ignore")
        self.categories = [name for name in self.x if not pd.api.types.is_numeric_dtype(self.x[name])]

    def take(self, rows: np.ndarray) -> "Table":
        """The same of some rows."""
        taken = object.__new__(Table)
        taken.x, taken.y, taken.categories = self.x.iloc[rows], self.y[rows], self.categories
        return taken

    def inner(self) -> tuple[np.ndarray, np.ndarray]:
        """Places of rows to grow on and of rows to stop by."""
        from sklearn.model_selection import train_test_split

        return train_test_split(np.arange(len(self.y)), test_size=INNER, stratify=self.y, random_state=SEED)


def as_levels(x: pd.DataFrame, levels: dict[str, pd.Index]) -> pd.DataFrame:
    """Categories with these levels; others count as missing."""
    return x.assign(**{name: pd.Categorical(x[name].where(x[name].isin(of)), of) for name, of in levels.items()})


class TargetMeans:
    """Cross-fitted target means and counts in place of categories: what public work on Orange does best with.

    A level is `(leaving + prior * 10) / (rows + 10)`; a training row gets the mean of the nine parts of ten that do not
    hold it. Levels not seen get the prior and 0 rows.
    """

    SMOOTHING, PARTS = 10.0, 10

    def __init__(self, table: Table) -> None:
        self.table, self.prior = table, table.y.mean()
        self.levels = {}

    def of_training(self) -> pd.DataFrame:
        rng, made = np.random.default_rng(SEED), {}
        part = rng.integers(0, self.PARTS, len(self.table.y))
        for name in self.table.categories:
            code, levels = pd.factorize(self.table.x[name].fillna("?"))
            rows, leaving = np.zeros((2, self.PARTS, len(levels)))
            np.add.at(rows, (part, code), 1)
            np.add.at(leaving, (part, code), self.table.y)
            all_rows, all_leaving = rows.sum(0), leaving.sum(0)
            self.levels[name] = pd.DataFrame({"mean": self.mean(all_leaving, all_rows), "rows": all_rows}, levels)
            made[name] = self.mean((all_leaving - leaving)[part, code], (all_rows - rows)[part, code])
            made[f"{name}_rows"] = all_rows[code]
        return self.with_numbers(self.table.x, made)

    def of(self, x: pd.DataFrame) -> pd.DataFrame:
        made = {}
        for name in self.table.categories:
            found = self.levels[name].reindex(x[name].fillna("?"))
            made[name] = found["mean"].fillna(self.prior).to_numpy()
            made[f"{name}_rows"] = found["rows"].fillna(0).to_numpy()
        return self.with_numbers(x, made)

    def mean(self, leaving: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return (leaving + self.prior * self.SMOOTHING) / (rows + self.SMOOTHING)

    def with_numbers(self, x: pd.DataFrame, made: dict) -> pd.DataFrame:
        numbers = x.drop(columns=self.table.categories).astype(np.float64)
        return pd.concat([numbers, pd.DataFrame(made, index=x.index)], axis=1)


LIGHTGBM = {
    "objective": "binary", "learning_rate": 0.02, "num_leaves": 15, "min_data_in_leaf": 40, "bagging_fraction": 0.8,
    "bagging_freq": 1, "feature_fraction": 0.4, "lambda_l2": 5.0, "num_threads": THREADS, "seed": SEED, "verbosity": -1,
}  # fmt: skip


class Levels:
    """Categories as they are, for learners that know them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.levels = {name: pd.Index(table.x[name].dropna().unique()) for name in table.categories}

    def of_training(self) -> pd.DataFrame:
        return self.of(self.table.x)

    def of(self, x: pd.DataFrame) -> pd.DataFrame:
        return as_levels(x, self.levels)


def inner_encoded(table: Table, encode):
    """Rows to grow on and to stop by, encoded by the former only: the labels that stop growth are in no encoding."""
    grow, stop = table.inner()
    growing = table.take(grow)
    encoded = encode(growing)
    return (encoded.of_training(), growing.y), (encoded.of(table.x.iloc[stop]), table.y[stop])


def lightgbm(table: Table, encode):
    import lightgbm

    grow, stop = inner_encoded(table, encode)
    growth = lightgbm.Dataset(*grow)
    found = lightgbm.train(LIGHTGBM, growth, MOST_TREES, [lightgbm.Dataset(*stop, growth)],
                           callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)])  # fmt: skip
    encoded = encode(table)
    whole = lightgbm.Dataset(encoded.of_training(), table.y)
    booster = lightgbm.train(LIGHTGBM, whole, max(found.best_iteration, 1))
    return lambda x: booster.predict(encoded.of(x))


def lightgbm_native(table: Table):
    """LightGBM's own splits of categories, with its own guards (cat_smooth, cat_l2, min_data_per_group) as they are."""
    return lightgbm(table, Levels)


def lightgbm_means(table: Table):
    return lightgbm(table, TargetMeans)


XGBOOST = {
    "objective": "binary:logistic", "eval_metric": "logloss", "eta": 0.03, "max_depth": 4, "subsample": 0.8,
    "colsample_bytree": 0.5, "min_child_weight": 5, "lambda": 5.0, "tree_method": "hist", "nthread": THREADS,
    "seed": SEED,
}  # fmt: skip


def xgboost_means(table: Table):
    import xgboost

    grow, stop = inner_encoded(table, TargetMeans)
    found = xgboost.train(XGBOOST, xgboost.DMatrix(*grow), MOST_TREES, evals=[(xgboost.DMatrix(*stop), "stop")],
                          early_stopping_rounds=PATIENCE, verbose_eval=False)  # fmt: skip
    means = TargetMeans(table)
    booster = xgboost.train(XGBOOST, xgboost.DMatrix(means.of_training(), table.y), found.best_iteration + 1)
    return lambda x: booster.predict(xgboost.DMatrix(means.of(x)))


def catboost(table: Table):
    """CatBoost's own ordered target means."""
    from catboost import CatBoostClassifier, Pool

    named = lambda x: x.assign(**{name: x[name].fillna("?").astype(str) for name in table.categories})
    settings = dict(iterations=MOST_TREES, learning_rate=0.03, depth=6, thread_count=THREADS, random_seed=SEED, verbose=0,
                    allow_writing_files=False, cat_features=table.categories)  # fmt: skip
    x = named(table.x)
    grow, stop = table.inner()
    found = CatBoostClassifier(**settings, early_stopping_rounds=PATIENCE)
    found.fit(x.iloc[grow], table.y[grow], eval_set=Pool(x.iloc[stop], table.y[stop], cat_features=table.categories))
    model = CatBoostClassifier(**settings | {"iterations": found.best_iteration_ + 1}).fit(x, table.y)
    return lambda x: model.predict_proba(named(x))[:, 1]


def hist_gradient_boosting(table: Table):
    """scikit-learn takes 255 levels a category: the most frequent ones; others count as missing. It cannot bin a column in
    which nothing stands among the rows that it keeps of those given: columns of fewer than twenty values are left out."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    filled = table.x.columns[table.x.notna().sum() >= 20]
    levels = {name: table.x[name].value_counts().index[:254] for name in table.categories if name in filled}
    named = lambda x: as_levels(x[filled], levels)
    settings = dict(learning_rate=0.03, max_leaf_nodes=15, min_samples_leaf=40, l2_regularization=5.0, max_features=0.5,
                    random_state=SEED, categorical_features="from_dtype")  # fmt: skip
    found = HistGradientBoostingClassifier(**settings, max_iter=MOST_TREES, early_stopping=True,
                                           validation_fraction=INNER, n_iter_no_change=PATIENCE)  # fmt: skip
    found.fit(named(table.x), table.y)
    trees = int(np.argmax(found.validation_score_[1:])) + 1
    model = HistGradientBoostingClassifier(**settings, max_iter=trees, early_stopping=False).fit(named(table.x), table.y)
    return lambda x: model.predict_proba(named(x))[:, 1]


PEERS = {
    "LightGBM, native categories": lightgbm_native,
    "LightGBM, cross-fitted means": lightgbm_means,
    "XGBoost, cross-fitted means": xgboost_means,
    "CatBoost": catboost,
    "HistGradientBoosting": hist_gradient_boosting,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=PEERS)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("target")
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    import catboost, lightgbm, sklearn.ensemble, xgboost  # noqa: E401, F401 - importing is not their work

    start = time.perf_counter(), time.process_time()
    predict = PEERS[args.name](Table(args.train, args.target))
    trained = time.perf_counter(), time.process_time()
    test = pd.read_csv(args.test, low_memory=False).drop(columns=NOT_FEATURES, errors="ignore")
    probability = np.asarray(predict(test), dtype=np.float64)
    scored = time.perf_counter(), time.process_time()
    np.save(args.out.with_suffix(".npy"), probability)
    took = {
        "train_s": trained[0] - start[0], "train_cpu_s": trained[1] - start[1],
        "score_s": scored[0] - trained[0], "score_cpu_s": scored[1] - trained[1],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    args.out.with_suffix(".json").write_text(json.dumps(took))


if __name__ == "__main__":
    main()
