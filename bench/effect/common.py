"""Tables, folds and metrics that all tools share."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklift.metrics import qini_auc_score, uplift_auc_score

FOLDS = 5
NUMBERS = ["recency", "history", "mens", "womens", "newbie"]
CATEGORIES = ["history_segment", "zip_code", "channel"]
CONTROL = "No E-Mail"
ARMS = [CONTROL, "Mens E-Mail", "Womens E-Mail"]


@dataclass
class Table:
    """One outcome of a campaign. `x` has categories as codes in the order of their names."""

    x: pd.DataFrame
    arm: np.ndarray
    outcome: np.ndarray
    fold: np.ndarray


def hillstrom(folder: Path, outcome: str, seed: int = 1) -> Table:
    """The half of Hillstrom's campaign that is here; folds are dealt within arm and outcome."""
    with gzip.open(folder / "hillstrom" / "campaign.csv.gz", "rt") as file:
        rows = pd.read_csv(file)
    x = rows[NUMBERS].astype(float)
    for name in CATEGORIES:
        x[name] = rows[name].astype("category")
    arm = rows["segment"].map({name: index for index, name in enumerate(ARMS)}).to_numpy()
    y = rows[outcome].to_numpy().astype(float)
    order = np.random.default_rng(seed).permutation(len(rows))
    order = order[np.lexsort((y[order], arm[order]))]
    fold = np.empty(len(rows), dtype=int)
    fold[order] = np.arange(len(rows)) % FOLDS
    return Table(x, arm, y, fold)


def write(table: Table, path: Path) -> None:
    """For `ours.rs`: no cell has a comma."""
    columns = {}
    for name in table.x:
        if isinstance(table.x[name].dtype, pd.CategoricalDtype):
            columns[f"c:{name}"] = table.x[name].astype(str).str.replace(",", ";")
        else:
            columns[f"n:{name}"] = table.x[name]
    columns |= {"arm": table.arm, "outcome": table.outcome, "fold": table.fold}
    pd.DataFrame(columns).to_csv(path, index=False)


def codes(x: pd.DataFrame) -> pd.DataFrame:
    """Categories as whole numbers, for tools that take numbers only."""
    return x.apply(lambda column: column.cat.codes if isinstance(column.dtype, pd.CategoricalDtype) else column).astype(float)


def per_subject(y: np.ndarray, score: np.ndarray, treated: np.ndarray) -> float:
    """Area between the Qini curve a treated subject and chance, over the share of the list; ties together."""
    order = np.argsort(-score, kind="stable")
    y, score, treated = y[order], score[order], treated[order]
    ends = np.r_[np.flatnonzero(np.diff(score)), len(y) - 1]
    n_t, n_c = np.cumsum(treated)[ends], np.cumsum(1 - treated)[ends]
    y_t, y_c = np.cumsum(y * treated)[ends], np.cumsum(y * (1 - treated))[ends]
    gain = (y_t - y_c * np.divide(n_t, n_c, out=np.zeros(len(n_t)), where=n_c > 0)) / n_t[-1]
    share, gain = np.r_[0, (ends + 1) / len(y)], np.r_[0, gain]
    return float(np.trapezoid(gain, share) - gain[-1] / 2)


def measure(table: Table, effects: np.ndarray, draws: int, seed: int = 7) -> dict:
    """By action: normalised Qini and AUUC of scikit-uplift, Qini a subject with its 90% interval over redrawn subjects.

    Scores of folds are by different models, so that each fold is measured alone; the mean of folds is told.
    """
    found = {}
    for action in range(1, len(ARMS)):
        in_play = np.isin(table.arm, [0, action])
        qini, auuc, plain = [], [], []
        redrawn = np.zeros((draws, FOLDS))
        for fold in range(FOLDS):
            rows = np.flatnonzero(in_play & (table.fold == fold))
            y, s, t = table.outcome[rows], effects[rows, action - 1], (table.arm[rows] == action).astype(int)
            qini.append(qini_auc_score(y, s, t))
            auuc.append(uplift_auc_score(y, s, t))
            plain.append(per_subject(y, s, t))
            for draw in range(draws):
                drawn = np.random.default_rng((seed, draw, fold)).integers(0, len(rows), len(rows))
                redrawn[draw, fold] = per_subject(y[drawn], s[drawn], t[drawn])
        low, high = np.percentile(redrawn.mean(axis=1), [5, 95])
        found[ARMS[action]] = {
            "qini": float(np.mean(qini)),
            "auuc": float(np.mean(auuc)),
            "per_subject": float(np.mean(plain)),
            "low": float(low),
            "high": float(high),
        }
    return found
