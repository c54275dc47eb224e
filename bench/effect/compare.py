"""Effects on Hillstrom's campaign, told by us and by public tools on the same folds, as a page.

    bench/.venv-effect/bin/python bench/effect/compare.py --data DATA --out docs/quality/effects.md

DATA is a folder with hillstrom/campaign.csv.gz. Build ours first: cargo build --release --workspace --bin bench-effect.
What tools told is kept under --cache by outcome and tool, so that a second run measures only what is new.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from common import ARMS, FOLDS, codes, hillstrom, measure, write
from peers import PEERS, THREADS

warnings.filterwarnings("ignore")
HERE = Path(__file__).resolve().parent
OURS = "Holdfast"


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--data", type=Path, required=True)
    parse.add_argument("--outcomes", default="visit,conversion")
    parse.add_argument("--only", help="parts of the names of the tools to show, with commas")
    parse.add_argument("--sizes", default="32000x8,200000x20", help="simulated campaigns to measure time and memory on; empty for none")
    parse.add_argument("--draws", type=int, default=200)
    parse.add_argument("--binary", type=Path, default=HERE.parents[1] / "target/release/bench-effect")
    parse.add_argument("--cache", type=Path, default=HERE.parents[0] / "data/effect")
    parse.add_argument("--out", type=Path)
    args = parse.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    parts = [part.lower() for part in (args.only or "").split(",")]
    names = [name for name in [OURS, *PEERS] if any(part in name.lower() for part in parts)]
    pages = [page_of(outcome, names, args) for outcome in args.outcomes.split(",")]
    text = (HERE / "head.md").read_text() + "\n".join(pages) + sizes(args) + coverage(args)
    if args.out:
        args.out.write_text(text)
    else:
        print(text)


def page_of(outcome: str, names: list[str], args) -> str:
    table = hillstrom(args.data, outcome)
    lines = [f"## {outcome}\n", f"{len(table.arm):,} clients, {table.outcome.mean():.2%} with outcome 1.\n"]
    lines += ["| tool | action | Qini, clients of 1000 (90%) | Qini normalised | AUUC normalised | seconds a fold |", "|---|---|---|---|---|---|"]
    for name in names:
        try:
            effects, seconds, note = told(name, outcome, table, args)
        except Exception as error:  # A tool that does not run is a line of the page.
            print(f"{name}: {error}", file=sys.stderr)
            lines.append(f"| {name} | | does not run: {type(error).__name__} | | | |")
            continue
        for action, found in measure(table, effects, args.draws).items():
            interval = f"{1000 * found['per_subject']:.2f} ({1000 * found['low']:.2f} to {1000 * found['high']:.2f})"
            lines.append(f"| {name}{note} | {action} | {interval} | {found['qini']:.4f} | {found['auuc']:.4f} | {seconds:.1f} |")
    return "\n".join(lines) + "\n"


def told(name: str, outcome: str, table, args) -> tuple[np.ndarray, float, str]:
    kept = args.cache / f"{outcome}-{''.join(sign if sign.isalnum() else '-' for sign in name)}.npz"
    if kept.exists():
        found = np.load(kept)
        return found["effects"], float(found["seconds"]), str(found["note"])
    effects, seconds, note = ours(outcome, table, args) if name == OURS else peer(PEERS[name], table)
    np.savez(kept, effects=effects, seconds=seconds, note=note)
    return effects, seconds, note


def ours(outcome: str, table, args) -> tuple[np.ndarray, float, str]:
    path, out = args.cache / f"{outcome}.csv", args.cache / f"{outcome}-ours.csv"
    write(table, path)
    said = json.loads(subprocess.run([args.binary, "folds", path, str(THREADS), out], check=True, capture_output=True, text=True).stdout)
    effects = np.loadtxt(out, delimiter=",", ndmin=2)
    chosen = ", ".join(sorted(set(said["learners"])))
    return effects, float(np.mean(said["seconds"])), f" (chose {chosen})"


def peer(fit, table) -> tuple[np.ndarray, float, str]:
    x = codes(table.x)
    effects = np.zeros((len(table.arm), len(ARMS) - 1))
    clock = time.monotonic()
    for fold in range(FOLDS):
        train, test = table.fold != fold, table.fold == fold
        effects[test] = fit(x[train], table.arm[train], table.outcome[train], x[test])
    return effects, (time.monotonic() - clock) / FOLDS, ""


def sizes(args) -> str:
    """Time and memory of ours on simulated campaigns."""
    lines = []
    for size in filter(None, args.sizes.split(",")):
        kept = args.cache / f"size-{size}.json"
        if not kept.exists():
            run = subprocess.run([args.binary, "simulate", size, str(THREADS)], check=True, capture_output=True, text=True)
            kept.write_text(run.stdout)
        found = json.loads(kept.read_text())
        lines.append(
            f"| {found['rows']:,} x {found['columns']} | {found['model_seconds']:.0f} | {found['all_seconds']:.0f} "
            f"| {found['tell_seconds']:.1f} | {found['peak_mb']:,} | {found['learner']} |"
        )
    head = "\n## Time and memory\n\nOne action, binary outcome, one thread, simulated.\n\n"
    head += "| rows x columns | model, seconds | with report and checks, seconds | effects of all rows, seconds | peak MB | chosen |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(lines) + "\n"


def coverage(args) -> str:
    """What `cargo run --example coverage` printed, where it was kept."""
    kept = args.cache / "coverage.txt"
    if not kept.exists():
        return ""
    head = "\n## Do 90% intervals hold the truth?\n\nSimulated campaigns of 5,000 rows (`crates/effect/examples/coverage.rs`): share of subjects whose"
    head += "\ntrue effect lies in its interval, and whether the ATE does; means over worlds. `told`: part of the learner's differences\nthat is told. Where an effect takes three columns at once (Crossed) or treatment was no lottery, intervals are too narrow;\nwhere all have the same effect they are too wide.\n\n"
    return f"{head}```\n{kept.read_text().rstrip()}\n```\n"


if __name__ == "__main__":
    main()
