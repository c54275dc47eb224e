"""Sets Holdfast beside LightGBM, XGBoost, CatBoost and scikit-learn on flat tables: same rows, same folds, two threads.

    quality.py --data DATA --holdfast target/release/holdfast --out docs/quality/learner.md

DATA is the folder with orange/ and oulad/. Results are kept in CACHE by table, fold, target and learner: a second run
measures only what changed. `--again ours` (or `peers`) measures anew, for times taken on a busy machine.
"""

import argparse
import os
from pathlib import Path

import page
from datasets import DATASETS
from measured import OURS, Bench
from peers import PEERS

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--holdfast", type=Path, default=HERE.parents[1] / "target/release/holdfast", help="the program")
    parser.add_argument("--cache", type=Path, default=HERE.parent / "data")
    parser.add_argument("--out", type=Path, help="page to write [default: print it]")
    parser.add_argument("--datasets", default=",".join(DATASETS), help="of " + ",".join(DATASETS))
    parser.add_argument("--targets", help="of churn,appetency,upselling [default: all]")
    parser.add_argument("--folds", default="5", help="score so many folds only: 3, or orange44=5,orange230=1")
    parser.add_argument("--speed", type=Path, help="what speed.py wrote, for the page")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=["ours", "peers", *PEERS], help="measure these and write no page")
    parser.add_argument("--peers", help="of " + "; ".join(PEERS) + " [default: all]; parted by semicolons")
    parser.add_argument("--again", choices=["ours", "peers", "all"], help="measure these anew")
    args = parser.parse_args()

    os.environ["OMP_NUM_THREADS"] = os.environ["RAYON_NUM_THREADS"] = str(args.threads)
    bench = Bench(args.cache, args.holdfast.resolve() if args.only in (None, "ours") else None)
    peers = [name.strip() for name in args.peers.split(";")] if args.peers else list(PEERS)
    names = {None: [OURS, *peers], "ours": [OURS], "peers": peers}.get(args.only, [args.only])
    folds = folds_of(args.folds)
    sections = []
    for key in args.datasets.split(","):
        dataset = DATASETS[key](args.data)
        places = [(target, fold) for target, fold in dataset.places if fold < folds[key]]
        if args.targets:
            places = [(target, fold) for target, fold in places if target in args.targets.split(",")]
        results = {}
        for target, fold in places:
            for name in names:
                again = args.again in ("all", "ours" if name == OURS else "peers")
                results[name, target, fold] = bench.result(dataset, target, fold, name, again=again)
        sections.append((dataset, places, results))
    if args.only:
        return
    text = page.render(sections, names, args.speed.read_text() if args.speed else "")
    if args.out:
        args.out.write_text(text)
    else:
        print(text)


def folds_of(text: str) -> dict[str, int]:
    """`3`, or so many folds by table; all folds of those not named."""
    if text.isdecimal():
        return dict.fromkeys(DATASETS, int(text))
    stated = {key: int(count) for key, count in (part.split("=") for part in text.split(","))}
    if unknown := set(stated) - set(DATASETS):
        raise SystemExit(f"--folds: there is no table {', '.join(sorted(unknown))}; take " + ", ".join(DATASETS))
    return {key: stated.get(key, 5) for key in DATASETS}


if __name__ == "__main__":
    main()
