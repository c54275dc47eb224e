"""What the learners are compared on: flat tables with labels, cut into folds that everyone shares."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ID = "row_id"
FOLDS = 5
ORANGE_TARGETS = ["churn", "appetency", "upselling"]


@dataclass(frozen=True)
class Dataset:
    """A table, the columns that are labels, and in which folds it is scored."""

    name: str
    title: str
    targets: list[str]
    table: pd.DataFrame
    fold: np.ndarray
    """The fold of each row."""
    scored: list[int]
    """Folds that are scored, each by models of all other rows."""

    def rows(self, fold: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows to learn from, and rows to score: these without any label."""
        held_out = self.fold == fold
        return self.table[~held_out], self.table[held_out].drop(columns=self.targets)

    def label(self, target: str, fold: int) -> np.ndarray:
        return (self.table[target][self.fold == fold] == 1).to_numpy()

    @property
    def places(self) -> list[tuple[str, int]]:
        return [(target, fold) for target in self.targets for fold in self.scored]


def orange(folder: Path, file: str, name: str, title: str) -> Dataset:
    table = pd.read_csv(folder / file)
    row = np.arange(len(table), dtype=np.uint64)
    fold = row * np.uint64(2654435761) % np.uint64(2**32) // np.uint64(65536) % np.uint64(FOLDS)
    return Dataset(name, title, ORANGE_TARGETS, table, fold.astype(int), list(range(FOLDS)))


def orange_44(data: Path) -> Dataset:
    title = "Orange, 44 variables, 40,000 clients"
    return orange(data / "orange", "train_44vars.csv.gz", "orange44", title)


def orange_230(data: Path) -> Dataset:
    title = "Orange, 230 raw variables, 10,000 clients"
    return orange(data / "orange", "raw_230vars_10000.csv.gz", "orange230", title)


def oulad(data: Path) -> Dataset:
    """One row an enrolment, at day 56 of the course; the last intake is scored by models of the two before it."""
    sys.path.append(str(Path(__file__).resolve().parents[1] / "oulad"))
    from compare import DATES, DAY, of_intakes, read
    from features import ID as ENROLMENT, snapshot

    tables = {name: read(data / "oulad", name) for name in DATES}
    parts = []
    for fold, intakes in enumerate([["2014B"], ["2013B", "2013J"]]):
        of_these = {name: of_intakes(table, tables["students"], intakes) for name, table in tables.items()}
        parts.append(snapshot(of_these, DAY).assign(fold=fold))
    table = pd.concat(parts).drop(columns="day").rename(columns={"leaves": "churn"})
    table["churn"] = np.where(table["churn"] == 1, 1, -1)
    table = table.rename_axis(ENROLMENT).reset_index(drop=True).rename_axis(ID).reset_index()
    fold = table.pop("fold").to_numpy()
    return Dataset("oulad", "OULAD, enrolments at day 56, 2014B by 2013B and 2013J", ["churn"], table, fold, [0])


DATASETS = {"orange44": orange_44, "orange230": orange_230, "oulad": oulad}
