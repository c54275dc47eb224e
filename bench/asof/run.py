"""Runs every tool on the same events in a process of its own, checks that they agree, writes a page in Markdown.

    run.py [--events 10000000,50000000] [--threads 2] [--repeat 3] [--limit 300] [--only ours,polars:dynamic] [--out FILE]

A tool is run up to --repeat times, and not again once its runs have taken --limit seconds together; one run that takes
longer is stopped and said to be. Without --out the page is printed only.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
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
    parser.add_argument("--events", default="10000000,50000000", help="how many events, apart by commas")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=int, default=300, help="seconds")
    parser.add_argument("--only", default=",".join(TOOLS), help="tools, apart by commas")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()

    # Beside the service, its dependencies are the ones that the program is built with.
    build = ["cargo", "build", "--release", "--package", "service", "--package", "bench", "--bin", "bench-asof"]
    subprocess.run(build, check=True, cwd=ROOT)
    page = [preface(args)]
    for events in map(int, args.events.split(",")):
        page.append(table(events, args))
    if args.out:
        args.out.write_text("\n".join(page), encoding="utf-8")


def table(events: int, args) -> str:
    """The runs on so many events; each line is printed once it is known."""
    data = HERE.parent / "data" / str(events)
    if not (data / "events.parquet").exists():
        command = [PYTHON, HERE / "generate.py", "--events", str(events), "--out", data]
        subprocess.run(command, check=True)
    lines = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    say(f"## {events:,} events\n")
    say("| tool | formulation | seconds | processor seconds | peak MiB | runs | agrees |")
    say("|---|---|--:|--:|--:|--:|---|")
    best = {}
    with tempfile.TemporaryDirectory() as scratch:
        # Ours goes first: the others are compared with it.
        for tool in sorted(args.only.split(","), key=lambda tool: tool != "ours"):
            run, line = measure(tool, data, args, Path(scratch))
            say(line)
            if run:
                best[tool] = run
    say("")
    ours = best.pop("ours", None)
    if ours and best:
        fastest, leanest = (min(best, key=lambda tool: best[tool][what]) for what in ["seconds", "peak_mib"])
        say(
            f"Ours is {best[fastest]['seconds'] / ours['seconds']:.1f} times as fast as {fastest}, the fastest other, "
            f"and takes {ours['peak_mib'] / best[leanest]['peak_mib']:.0%} of the memory of {leanest}, the leanest: "
            f"{ours['seconds'] / events * 1e6:.2f} s for a million events."
        )
        say("")
    return "\n".join(lines)


def measure(tool: str, data: Path, args, scratch: Path) -> tuple[dict | None, str]:
    """The best run, if there is one, and the line of the table."""
    name, _, formulation = tool.partition(":")
    result = scratch / f"{name}_{formulation}.parquet"
    runs = []
    start = time.monotonic()
    while len(runs) < args.repeat and (not runs or time.monotonic() - start < args.limit):
        try:
            runs.append(run_once(tool, data, args, result))
        except subprocess.TimeoutExpired:
            # A tool that was slower this once keeps what it has shown.
            if not runs:
                return None, f"| {name} | {formulation} | over {args.limit} | | | | |"
            break
        except subprocess.CalledProcessError as error:
            if error.returncode == -signal.SIGKILL or "out of memory" in error.stderr.lower():
                return None, f"| {name} | {formulation} | out of memory | | | | |"
            sys.exit(f"{tool} failed:\n{error.stderr}")
    best = min(runs, key=lambda run: run["seconds"])
    agrees = "" if name == "ours" else "yes" if agree(scratch / "ours_.parquet", result) else "**no**"
    cells = [name, formulation, f"{best['seconds']:.1f}", f"{best['processor_seconds']:.1f}", f"{best['peak_mib']:,}"]
    return best, f"| {' | '.join(cells)} | {len(runs)} | {agrees} |"


def run_once(tool: str, data: Path, args, result: Path) -> dict:
    """What a run reports of itself, with the processor time that it took."""
    name, _, formulation = tool.partition(":")
    if name == "ours":
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        command = [target / "release" / "bench-asof", data, str(args.threads), result]
    else:
        command = [PYTHON, HERE / f"in_{name}.py", formulation, data, str(args.threads), result]
    before = os.times()
    output = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=args.limit, preexec_fn=first_to_go
    )
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return {**json.loads(output.stdout.splitlines()[0]), "processor_seconds": used}


def first_to_go() -> None:
    """Where memory ends, the run is stopped and not something else."""
    Path("/proc/self/oom_score_adj").write_text("1000")


def agree(ours: Path, theirs: Path) -> bool:
    command = [PYTHON, HERE / "compare.py", ours, theirs]
    compared = subprocess.run(command, capture_output=True, text=True)
    if compared.returncode != 0:
        print(compared.stderr.splitlines()[-1], file=sys.stderr)
    return compared.returncode == 0


def preface(args) -> str:
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    requirements = (HERE.parent / "requirements.txt").read_text()
    versions = dict(line.split("==") for line in requirements.splitlines())
    return PREFACE.format(
        command=f"bench/.venv/bin/python bench/asof/run.py --events {args.events} --limit {args.limit}",
        duckdb=versions["duckdb"],
        polars=versions["polars"],
        threads=args.threads,
        machine=f"{platform.machine()}, {os.cpu_count()} processors, {memory_gib:.0f} GiB",
        repeat=args.repeat,
        limit=args.limit,
    )


PREFACE = """# Speed of as-of features

The same 60 features (`bench/asof/features.txt`) of the same events at 24 cutoffs, 14 days apart, for every subject: here, in
DuckDB {duckdb} and in Polars {polars}, on {threads} threads ({machine}).

```sh
bench/setup
{command} --out docs/quality/asof.md
```

- Events are simulated (`bench/asof/generate.py`): 200 a subject on average, the busiest per cent with a tenth of them all,
  in a Parquet file in the order of time.
- The others have several formulations each; `in_duckdb.py` and `in_polars.py` say what each does. The best of theirs counts.
- Seconds are from the start of reading Parquet to the whole matrix in memory, the best of {repeat} runs, or of as many as
  begin within {limit} seconds; a run that takes longer is stopped. The start of the process does not count.
- Processor seconds are of the same run's whole process, its start and the writing of a sample among them.
- Peak memory is the process's largest resident size by then; the others' holds Python and their libraries.
- "Agrees": every feature of every 50th subject at all cutoffs is equal to ours within a millionth.
"""


if __name__ == "__main__":
    main()
