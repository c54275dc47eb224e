"""Times training at equal settings, and exact attributions, here and in the other libraries, and prints two tables.

    speed.py --cache CACHE --bench-learn target/release/bench-learn --out speed.md

Every run is a process of its own, the best of `--repeat`. The table of a million rows and 40 columns is made on the first
run. `quality.py --speed speed.md` puts the tables on its page.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from equal import EXPLAINERS, PEERS

HERE = Path(__file__).resolve().parent
OURS = "Holdfast"
COLUMNS, HELD_OUT_ROWS = 40, 100_000
EXPLAINED = {OURS: 100_000, "LightGBM pred_contrib": 4000, "shap TreeExplainer": 1000}
EXPLAINED_TREES = 300


class Runs:
    def __init__(self, ours: Path, repeat: int) -> None:
        self.ours, self.repeat = ours.resolve(), repeat

    def best(self, what: str, name: str, table: Path, threads: int, last: object) -> dict[str, float]:
        """The run with the least processor time, which other programs disturb least."""
        begin = [self.ours, what] if name == OURS else [sys.executable, HERE / "equal.py", what, name]
        command = [str(word) for word in [*begin, table, threads, last]]
        print(*command, file=sys.stderr, flush=True)
        runs = [json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout) for _ in range(self.repeat)]
        return min(runs, key=lambda run: run[f"{what}_cpu_s"])


def generated(folder: Path, rows: int, seed: int) -> Path:
    if not (folder / "shape.txt").exists():
        make = [sys.executable, HERE / "generate.py", folder, "--rows", rows, "--columns", COLUMNS, "--seed", seed]
        subprocess.run([str(word) for word in make], check=True)
    return folder


def training(runs: Runs, table: Path, held_out: Path, names: list[str]) -> str:
    text = (
        "| learner | 1 thread, s | CPU s | 2 threads, s | CPU s | MB | predict, s | AUC | log-loss |\n"
        "|---|" + "---:|" * 8 + "\n"
    )
    for name in names:
        one, two = (runs.best("train", name, table, threads, held_out) for threads in (1, 2))
        text += (
            f"| {name} | {one['train_s']:.1f} | {one['train_cpu_s']:.1f} | {two['train_s']:.1f} | {two['train_cpu_s']:.1f} "
            f"| {two['peak_mb']:.0f} | {two['predict_s']:.2f} | {two['auc']:.5f} | {two['loss']:.5f} |\n"
        )
    return text


def attribution(runs: Runs, table: Path) -> str:
    text = (
        "| | rows | 1 thread, rows/s | rows a CPU s | 2 threads, rows/s | rows a CPU s |\n|---|" + "---:|" * 5 + "\n"
    )
    # LightGBM's first: ours is checked against its values.
    for name in [*EXPLAINERS, OURS]:
        rows = EXPLAINED[name]
        one, two = (runs.best("explain", name, table, threads, rows) for threads in (1, 2))
        speeds = (rows / took[key] for took in (one, two) for key in ("explain_s", "explain_cpu_s"))
        text += f"| {name} | {rows:,} | " + " | ".join(f"{speed:,.0f}" for speed in speeds) + " |\n"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=HERE.parent / "data")
    parser.add_argument("--bench-learn", type=Path, default=HERE.parents[1] / "target/release/bench-learn")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--only", default=",".join([OURS, *PEERS]), help="learners to train")
    parser.add_argument("--out", type=Path, help="file to write [default: print]")
    args = parser.parse_args()
    runs = Runs(args.bench_learn, args.repeat)
    folder = args.cache / "learn" / "speed"
    table = generated(folder / f"{args.rows}", args.rows, 1)
    held_out = generated(folder / "held-out", HELD_OUT_ROWS, 2)
    small = generated(folder / "explained", HELD_OUT_ROWS, 3)
    load = os.getloadavg()[0]
    text = f"\n## Training at equal settings, {args.rows:,} rows of {COLUMNS} columns\n\n"
    text += "100 trees of 31 leaves, 255 bins, rate 0.1, l2 1, 20 rows a leaf (XGBoost: a hessian of 5, its nearest), no\n"
    text += "sampling; training holds binning. AUC and log-loss are of 100,000 other rows.\n\n"
    if load > 0.5:
        text += f"The machine was busy with other programs (load {load:.1f}): only processor seconds can be compared.\n\n"
    text += training(runs, table, held_out, args.only.split(","))
    model = [sys.executable, HERE / "equal.py", "model", "LightGBM", small, 2, EXPLAINED_TREES]
    subprocess.run([str(word) for word in model], check=True)
    text += f"\n## Exact attributions: {EXPLAINED_TREES} trees of 31 leaves, {COLUMNS} columns\n\n"
    text += "The same model of LightGBM's, explained path-dependently; ours agrees to 1e-9 and checks that every row adds up.\n\n"
    text += attribution(runs, small)
    if args.out:
        args.out.write_text(text)
    else:
        print(text)


if __name__ == "__main__":
    main()
