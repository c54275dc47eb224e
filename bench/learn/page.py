"""Writes the page: each learner on each table, and how far from ours it is on the same rows."""

import platform

import numpy as np

from datasets import Dataset
from measured import OURS, PACKAGES, version

DRAWS = 1000

HEAD = """# Quality and speed of the learner

Written by `bench/learn/quality.py` and `bench/learn/speed.py` ([bench/README.md](../../bench/README.md) says how to run
them). {machine}.

Every learner gets the same rows in the same five folds (`row * 2654435761 mod 2^32 / 65536 mod 5`), two threads, and no
look at the rows it is scored on. Holdfast is run as a user runs it, `holdfast train` and `holdfast score` on CSV files, with
no settings; the others are set as [bench/learn/peers.py](../../bench/learn/peers.py) writes down: small learning rates,
early stopping on a seventh of the training rows, then a fit on all of them. Probabilities are taken as they come.

Numbers are means over the folds. In brackets: the 95% interval of theirs minus ours, on {draws} resamples of the scored
rows within each fold, the same for both. An interval that holds 0 shows no difference. Seconds and memory are those of the
first fold. They hold reading the file; ours also hold the search for settings and the measuring of the model's quality when
training, and the reasons of every row when scoring.
"""


def render(sections: list, names: list[str], speed: str) -> str:
    """Of each dataset, its places and results; the tables of speed come as they are."""
    machine = f"{platform.machine()}, {', '.join(f'{name} {version(name)}' for name in PACKAGES)}"
    text = HEAD.format(machine=machine, draws=DRAWS)
    for dataset, places, results in sections:
        text += f"\n## {dataset.title}\n"
        text += section(dataset, places, results, names)
    return text + speed


def section(dataset: Dataset, places: list, results: dict, names: list[str]) -> str:
    resampled = {place: Resampled(dataset.label(*place), place[1]) for place in places}
    of = {
        name: {place: resampled[place].metrics(results[name, *place].probability) for place in places} for name in names
    }
    targets = list(dict.fromkeys(target for target, _ in places))
    text = ""
    for target in targets:
        at = [place for place in places if place[0] == target]
        leaving = np.mean([resampled[place].y.mean() for place in at])
        text += f"\n### {target}: {100 * leaving:.1f}% of the rows, {plural(len(at), 'fold')} scored\n\n" + table(of, at, names, results)
    if len(targets) > 1:
        text += "\n### Mean over the targets\n\n" + table(of, places, names, None)
    loads = [result.took["load"] for result in results.values()]
    busy = [load for load in loads if load > 3.0]
    if busy:
        text += f"\nOther programs were running during {len(busy)} of {len(loads)} of these runs: their times say little.\n"
    return text


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def table(of: dict, places: list, names: list[str], results: dict | None) -> str:
    mean = {name: np.mean([of[name][place] for place in places], axis=0) for name in names}
    heads = ["AUC", "PR-AUC", "log-loss"]
    if results:
        heads += ["train s", "CPU s", "score s", "MB"]
    lines = [f"| learner | {' | '.join(heads)} |", "|---|" + "---|" * 3 + "---:|" * (len(heads) - 3)]
    for name in names:
        cells = [f"{value:.4f}" for value in mean[name][0]]
        if name != OURS:
            low, high = np.percentile(mean[name][1:] - mean[OURS][1:], [2.5, 97.5], axis=0)
            cells = [f"{cell} [{a:+.4f}, {b:+.4f}]" for cell, a, b in zip(cells, low, high)]
        if results:
            took = results[name, *places[0]].took
            cells += [f"{took['train_s']:.1f}", f"{took['train_cpu_s']:.1f}", f"{took['score_s']:.1f}"]
            cells.append(f"{took['peak_mb']:.0f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


class Resampled:
    """Labels of a fold, and how often each draw holds each row; the first draw holds each once."""

    def __init__(self, y: np.ndarray, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.y = y.astype(float)
        draws = rng.multinomial(len(y), np.full(len(y), 1 / len(y)), DRAWS)
        self.counts = np.vstack([np.ones(len(y), int), draws]).astype(np.uint16)

    def metrics(self, p: np.ndarray) -> np.ndarray:
        """AUC, average precision and log-loss of each draw."""
        p = np.clip(p, 1e-15, 1 - 1e-15)
        loss = -np.where(self.y > 0, np.log(p), np.log1p(-p))
        order = np.argsort(-p, kind="stable")
        # Rows of one score enter together.
        begins = np.flatnonzero(np.r_[True, np.diff(p[order]) != 0])
        found = []
        for counts in self.counts:
            leaving = np.add.reduceat((counts * self.y)[order], begins)
            staying = np.add.reduceat((counts * (1 - self.y))[order], begins)
            above = np.cumsum(leaving)
            total, others = above[-1], staying.sum()
            auc = np.sum(staying * (above - leaving / 2)) / (total * others)
            all_above = above + np.cumsum(staying)
            precision = np.divide(above, all_above, out=np.zeros_like(above), where=all_above > 0)
            found.append((auc, np.sum(leaving * precision) / total, np.dot(counts, loss) / counts.sum()))
        return np.array(found)
