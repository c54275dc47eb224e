"""Measures scores and reasons of `holdfast` beside the truth of simulated academies, and writes docs/quality/worlds.md.

    measure.py --holdfast target/release/holdfast [--sizes 300:10,5000:4,20000:2] [--first-seed 101] [--out FILE]

Each world is simulated, learnt from and scored as of its last day with the contract that `holdfast new academy` writes.
The truth of that day is each student's probability to leave, so metrics are expected values: nobody's luck is in them.
"""

import argparse
import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
END = "2026-11-20"
SMALL = 300
"""Students of the worlds that have a table of their own."""
SHOWS_FIRST = {
    "motivation": {"attendance", "homework"},
    "life_event": {"attendance", "homework"},
    "money": {"payment"},
    "difficulty": {"tests", "progress through the course"},
    "silence": {"communication"},
}
"""The families in which a planted cause shows first."""


@dataclass
class Measured:
    """One world."""

    students: int
    seed: int
    learner: str
    scored: pd.DataFrame
    """Students at risk: probability, hazard, cause, band, lessons missed of late, and for those at high risk with a cause
    the family of the strongest reason."""

    def auc(self, column: str) -> float:
        return expected_auc(self.scored[column].to_numpy(), self.scored.hazard.to_numpy())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--holdfast", type=Path, default=ROOT / "target" / "release" / "holdfast")
    parser.add_argument("--sizes", default="300:10,5000:4,20000:2", help="students:worlds, apart by commas")
    parser.add_argument("--first-seed", type=int, default=101)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "quality" / "worlds.md")
    options = parser.parse_args()

    families = Families()
    worlds = []
    for students, many in (map(int, size.split(":")) for size in options.sizes.split(",")):
        for seed in range(options.first_seed, options.first_seed + many):
            with tempfile.TemporaryDirectory() as folder:
                world = measure(options.holdfast.resolve(), Path(folder) / "academy", students, seed, families)
            ours, oracle = world.auc("probability"), world.auc("hazard")
            print(f"{students} students, seed {seed}: AUC {ours:.4f}, of the oracle {oracle:.4f}", flush=True)
            worlds.append(world)
            # Large worlds take minutes each; what is known is kept.
            options.out.write_text(page(worlds, options), encoding="utf-8")


def measure(holdfast: Path, folder: Path, students: int, seed: int, families: "Families") -> Measured:
    def run(*arguments) -> str:
        command = [holdfast, *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    run("new", "academy", folder)
    run("--quiet", "simulate", "academy", "--students", students, "--seed", seed, "--end", END, "--out", folder / "data")
    # English names of families are known to this script.
    contract = folder / "holdfast.toml"
    contract.write_text(re.sub(r'^locale = "\w+"', 'locale = "en"', contract.read_text(), flags=re.MULTILINE))
    trained = json.loads(run("--quiet", "train", "-C", folder, "--as-of", END, "--json"))
    run("--quiet", "score", "-C", folder, "--as-of", END, "--out", folder / "scores.csv")

    scores = pd.read_csv(folder / "scores.csv", keep_default_na=False).rename(columns={"subject": "student_id"})
    truth = pd.read_csv(folder / "data" / "truth" / "truth.csv", keep_default_na=False)
    truth = truth[truth.cutoff == END].rename(columns={"hazard_30d": "hazard"})
    scored = scores.merge(truth[["student_id", "hazard", "cause"]], on="student_id", validate="one_to_one")
    if len(scored) != len(scores) or len(scored) != len(truth):
        raise SystemExit(f"seed {seed}: {len(scores)} scored, {len(truth)} in the truth, {len(scored)} in both")

    def explain(student: str) -> dict:
        return json.loads(run("--quiet", "explain", student, "-C", folder, "--as-of", END, "--json"))

    troubled = (scored.band == "high") & (scored.cause != "none")
    scored["family"] = None
    scored.loc[troubled, "family"] = [
        families.of(sentence, student, explain)
        for sentence, student in zip(scored.reason_1[troubled], scored.student_id[troubled])
    ]
    scored["missed"] = scored.student_id.map(missed_of_late(folder / "data" / "attendance.csv")).fillna(0.0)
    return Measured(students, seed, trained["tier"], scored)


def missed_of_late(path: Path) -> pd.Series:
    """The one rule that a mentor without a model may go by: the share of the last 30 days' lessons that were missed."""
    lessons = pd.read_csv(path, usecols=["attendance_id", "student_id", "lesson_at", "status"])
    # A row that corrects another has its key, and comes later.
    lessons = lessons.drop_duplicates("attendance_id", keep="last").dropna(subset="status")
    late = pd.to_datetime(lessons.lesson_at) >= pd.Timestamp(END) - pd.Timedelta(days=29)
    return lessons.status[late].isin(["absent", "excused"]).groupby(lessons.student_id[late]).mean()


class Families:
    """Which family a sentence is of: asked once for sentences that differ in numbers and dates only."""

    def __init__(self):
        self.known = {}

    def of(self, sentence: str, student: str, explain) -> str | None:
        shape = re.sub(r"\([^)]*\)|\d[\d\s.,]*", " ", sentence)
        if shape not in self.known:
            parts = explain(student)["parts"]
            self.known[shape] = next((part["family"] for part in parts if part["sentence"] == sentence), None)
        return self.known[shape]


def expected_auc(scores: np.ndarray, hazard: np.ndarray) -> float:
    """The chance that a student drawn by hazard has a higher score than one drawn by the rest, ties counting half."""
    values, tie = np.unique(scores, return_inverse=True)
    leave = np.bincount(tie, hazard, len(values))
    stay = np.bincount(tie, 1 - hazard, len(values))
    below = np.cumsum(stay) - stay / 2
    return float((leave * below).sum() / (leave.sum() * stay.sum()))


def calibration_error(scores: np.ndarray, hazard: np.ndarray) -> float:
    """Mean gap between what was said and the true hazard, over ten bins of as many students each."""
    bins = np.array_split(np.argsort(scores, kind="stable"), 10)
    return sum(len(b) * abs(scores[b].mean() - hazard[b].mean()) for b in bins) / len(scores)


def page(worlds: list[Measured], options: argparse.Namespace) -> str:
    sizes = sorted({world.students for world in worlds})
    of_size = {size: [world for world in worlds if world.students == size] for size in sizes}
    measured = ",".join(f"{size}:{len(worlds)}" for size, worlds in of_size.items())
    parts = [PREFACE.format(sizes=measured, first_seed=options.first_seed)]
    parts.append("## Scores\n\n" + scores_table(of_size))
    parts.append("## Reasons\n\n" + REASONS + reasons_table(of_size))
    if SMALL in of_size:
        parts.append(f"## {SMALL} students\n\n" + SMALL_WORLDS + small_table(of_size[SMALL]))
    return "\n".join(parts)


def mean_and_spread(values: list[float], places: int = 4) -> str:
    spread = f" ± {np.std(values, ddof=1):.{places}f}" if len(values) > 1 else ""
    return f"{np.mean(values):.{places}f}{spread}"


def scores_table(of_size: dict[int, list[Measured]]) -> str:
    lines = [
        "| students | worlds | at risk | AUC | AUC of the oracle | gap | largest gap | calibration error |",
        "|---:|---:|---:|---|---|---|---:|---|",
    ]
    for size, worlds in of_size.items():
        ours, oracle = ([world.auc(column) for world in worlds] for column in ["probability", "hazard"])
        gaps = [b - a for a, b in zip(ours, oracle)]
        errors = [
            calibration_error(world.scored.probability.to_numpy(), world.scored.hazard.to_numpy()) for world in worlds
        ]
        at_risk = np.mean([len(world.scored) for world in worlds])
        lines.append(
            f"| {size:,} | {len(worlds)} | {at_risk:,.0f} | {mean_and_spread(ours)} | {mean_and_spread(oracle)} "
            f"| {mean_and_spread(gaps)} | {max(gaps):.4f} | {mean_and_spread(errors)} |"
        )
    return "\n".join(lines) + "\n"


def reasons_table(of_size: dict[int, list[Measured]]) -> str:
    lines = [
        f"| students | high risk with a cause | agree | by chance | {' | '.join(SHOWS_FIRST)} |",
        f"|---:|---:|---:|---:|{'---:|' * len(SHOWS_FIRST)}",
    ]
    for size, worlds in of_size.items():
        high = pd.concat([world.scored for world in worlds])
        high = high[high.family.notna()]
        if high.empty:
            continue
        agrees = pd.Series([f in SHOWS_FIRST[c] for f, c in zip(high.family, high.cause)], index=high.index)
        told = high.family.value_counts(normalize=True)
        by_chance = np.mean([told[told.index.isin(SHOWS_FIRST[cause])].sum() for cause in high.cause])
        cases = [agrees[high.cause == cause] for cause in SHOWS_FIRST]
        of_cause = ["–" if of.empty else f"{of.mean():.0%} of {len(of)}" for of in cases]
        lines.append(
            f"| {size:,} | {len(high)} | {agrees.mean():.0%} | {by_chance:.0%} | {' | '.join(of_cause)} |"
        )
    return "\n".join(lines) + "\n"


def small_table(worlds: list[Measured]) -> str:
    pooled = pd.concat([world.scored for world in worlds])
    said, truly = pooled.probability.mean(), pooled.hazard.mean()
    lines = [
        "| seed | learner | at risk | mean said | mean hazard | AUC | one rule | oracle |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {world.seed} | {world.learner} | {len(world.scored)} | {world.scored.probability.mean():.3f} "
        f"| {world.scored.hazard.mean():.3f} | {world.auc('probability'):.3f} | {world.auc('missed'):.3f} "
        f"| {world.auc('hazard'):.3f} |"
        for world in worlds
    ]
    ours, rule, oracle = (np.mean([world.auc(c) for world in worlds]) for c in ["probability", "missed", "hazard"])
    lines.append(f"| all | | {len(pooled)} | {said:.3f} | {truly:.3f} | {ours:.3f} | {rule:.3f} | {oracle:.3f} |")
    # Fifths of all worlds' students by what was said.
    fifths = np.array_split(np.argsort(pooled.probability.to_numpy(), kind="stable"), 5)
    lines += ["", "Students of all these worlds in fifths by what was said:", "", "| said | hazard |", "|---:|---:|"]
    for fifth in fifths:
        students = pooled.iloc[fifth]
        lines.append(f"| {students.probability.mean():.3f} | {students.hazard.mean():.3f} |")
    return "\n".join(lines) + "\n"


PREFACE = """# Quality on simulated academies

How close do scores and reasons come to the truth, where the truth is known? Academies are simulated with seeds that the
simulator and the learners were not tuned on, learnt from and scored as of the last day of their data.

```sh
cargo build --release -p service
bench/setup
bench/.venv/bin/python bench/worlds/measure.py --sizes {sizes} --first-seed {first_seed}
```

The last command writes this page. Seeds are {first_seed} and on, for each size.

- **Students** are all who ever started in 18 months; those **at risk** still study on the last day.
- **AUC** is the expected one: every student counts as leaving with the weight of the true hazard and as staying with the
  rest, so that who happens to leave adds no noise. The **oracle** knows the true hazard; nobody can do better.
- **Calibration error** is the mean gap between what was said and the true hazard, over ten bins of as many students.
- After ± is the standard deviation over worlds.
"""

REASONS = """Of students at high risk with a planted cause: how often the strongest reason told is of a family in which that cause
shows first (attendance or homework for motivation and life events, payment for money, tests or progress for difficulty,
communication for silence). "By chance" is what the same reasons would reach if they were dealt out at random. A cause
spreads, as who loses heart hands in no homework and then stays away, so disagreement is not always a mistake.

"""

SMALL_WORLDS = """An academy of this size has few who left to learn from. "One rule" ranks by the share of lessons missed in the last 30
days; who says the same of everyone has an AUC of 0.5.

"""


if __name__ == "__main__":
    main()
