"""Runs every tool on the same events in a process of its own, checks that they agree, prints a table in Markdown.

    run.py --events 10000000 [--threads 2] [--repeat 3] [--only ours,polars:dynamic]

Seconds are the best of the repeats, from the start of reading Parquet to the matrix of features in memory, without the
start of the process; processor seconds are of the whole process; peak memory is the process's largest resident size by
then. A run that takes longer than --limit seconds is stopped and said to be.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PYTHON = HERE.parent / ".venv" / "bin" / "python"
TOOLS = [
    "ours",
    "duckdb:buckets",
    "duckdb:asof",
    "duckdb:filters",
    "duckdb:frames",
    "polars:dynamic",
    "polars:asof",
    "polars:buckets",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=int, default=1800)
    parser.add_argument("--only", default=",".join(TOOLS), help="tools, apart by commas")
    args = parser.parse_args()

    data = HERE.parent / "data" / str(args.events)
    if not (data / "events.parquet").exists():
        command = [PYTHON, HERE / "generate.py", "--events", str(args.events), "--out", data]
        subprocess.run(command, check=True)
    build = ["cargo", "build", "--release", "--package", "bench", "--bin", "bench-asof"]
    subprocess.run(build, check=True, cwd=ROOT)

    print(f"{args.events:,} events, {args.threads} threads, best of {args.repeat}\n")
    print("| tool | formulation | seconds | processor seconds | peak MiB | agrees |")
    print("|---|---|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as scratch:
        # Ours goes first: the others are compared with it.
        for tool in sorted(args.only.split(","), key=lambda tool: tool != "ours"):
            measure(tool, data, args, Path(scratch))


def measure(tool: str, data: Path, args, scratch: Path) -> None:
    name, _, formulation = tool.partition(":")
    result = scratch / f"{name}_{formulation}.parquet"
    best = None
    for _ in range(args.repeat):
        run = run_once(tool, data, args, result)
        if run is None:
            print(f"| {name} | {formulation} | over {args.limit} | | | |", flush=True)
            return
        best = min([run, best or run], key=lambda run: run["seconds"])
    agrees = "" if name == "ours" else "yes" if agree(scratch / "ours_.parquet", result) else "**no**"
    seconds, processor = f"{best['seconds']:.1f}", f"{best['processor_seconds']:.1f}"
    print(f"| {name} | {formulation} | {seconds} | {processor} | {best['peak_mib']:,} | {agrees} |", flush=True)


def run_once(tool: str, data: Path, args, result: Path) -> dict | None:
    """What a run reports of itself, with the processor time that it took; nothing if it took too long."""
    name, _, formulation = tool.partition(":")
    if name == "ours":
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        command = [target / "release" / "bench-asof", data, str(args.threads), result]
    else:
        command = [PYTHON, HERE / f"in_{name}.py", formulation, data, str(args.threads), result]
    before = os.times()
    try:
        output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=args.limit)
    except subprocess.TimeoutExpired:
        return None
    except subprocess.CalledProcessError as error:
        sys.exit(f"{tool} failed:\n{error.stderr}")
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return {**json.loads(output.stdout.splitlines()[0]), "processor_seconds": used}


def agree(ours: Path, theirs: Path) -> bool:
    command = [PYTHON, HERE / "compare.py", ours, theirs]
    compared = subprocess.run(command, capture_output=True, text=True)
    if compared.returncode != 0:
        print(compared.stderr.splitlines()[-1], file=sys.stderr)
    return compared.returncode == 0


if __name__ == "__main__":
    main()
