"""Runs learners on folds and keeps what came out, so that a second run measures only what changed."""

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from datasets import ID, Dataset
from peers import PEERS

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parents[1] / "examples" / "orange" / "holdfast.toml"
OURS = "Holdfast"
PACKAGES = ["catboost", "lightgbm", "numpy", "pandas", "scikit-learn", "xgboost"]


@dataclass(frozen=True)
class Result:
    """Probabilities of a fold's rows, and what they took."""

    probability: np.ndarray
    took: dict[str, float]


class Bench:
    """Where results are kept, and what they depend on besides the data."""

    def __init__(self, cache: Path, holdfast: Path | None) -> None:
        self.cache, self.holdfast = cache.resolve(), holdfast
        versions = " ".join(version(name) for name in PACKAGES)
        self.made_by = {name: digest(source(peer).encode(), versions.encode()) for name, peer in PEERS.items()}
        if holdfast:
            self.made_by[OURS] = digest(holdfast.read_bytes(), CONTRACT.read_bytes())

    def result(self, dataset: Dataset, target: str, fold: int, name: str, *, again: bool) -> Result:
        """From the cache, or measured now."""
        folder = self.cache / "learn" / dataset.name / target / str(fold)
        out = folder / name.lower().replace(", ", "-").replace(" ", "-")
        train, test, data_is = self.files(dataset, fold)
        of = digest(data_is.encode(), self.made_by[name].encode())
        kept = out.with_suffix(".json")
        if not again and kept.exists() and json.loads(kept.read_text()).get("of") == of:
            return Result(np.load(out.with_suffix(".npy")), json.loads(kept.read_text()))
        print(f"{dataset.name} {target} fold {fold}: {name}", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        if name in PEERS:
            run([sys.executable, HERE / "peers.py", name, train, test, target, out])
            took = json.loads(kept.read_text())
        else:
            took = self.ours(dataset, train, test, target, out)
        took |= {"of": of, "load": os.getloadavg()[0], "at": time.strftime("%Y-%m-%d %H:%M")}
        kept.write_text(json.dumps(took))
        return Result(np.load(out.with_suffix(".npy")), took)

    def files(self, dataset: Dataset, fold: int) -> tuple[Path, Path, str]:
        """A fold's rows to learn from and to score, and what they are."""
        folder = self.cache / "learn" / dataset.name / f"fold-{fold}"
        paths = [folder / "train.csv", folder / "test.csv"]
        known = folder / "digest.txt"
        tables = dataset.rows(fold)
        data_is = digest(*(pd.util.hash_pandas_object(table).to_numpy().tobytes() for table in tables))
        if not known.exists() or known.read_text() != data_is:
            folder.mkdir(parents=True, exist_ok=True)
            for path, table in zip(paths, tables):
                table.to_csv(path, index=False)
            known.write_text(data_is)
        return paths[0], paths[1], data_is

    def ours(self, dataset: Dataset, train: Path, test: Path, target: str, out: Path) -> dict[str, float]:
        """Both commands as a user types them, on the contract of examples/orange with the table's labels."""
        model, scores, contract = (out.with_suffix(ending) for ending in (".model", ".csv", ".contract"))
        contract.mkdir(exist_ok=True)
        labels = f"columns = {json.dumps(dataset.targets)}"
        (contract / CONTRACT.name).write_text(re.sub(r"^columns = \[.*\]", labels, CONTRACT.read_text(), flags=re.M))
        common = [self.holdfast, "--quiet"]
        at = ["-C", contract, "--model", model]
        trained = run([*common, "train", *at, "--input", train, "--target", target])
        scored = run([*common, "score", *at, "--input", test, "--out", scores])
        table = pd.read_csv(scores).set_index("subject")
        wanted = pd.read_csv(test, usecols=[ID])[ID]
        if not table.index.is_unique or set(table.index) != set(wanted):
            raise SystemExit(f"{scores}: holds other rows than {test}")
        np.save(out.with_suffix(".npy"), table.probability.loc[wanted].to_numpy())
        return {
            "train_s": trained["s"], "train_cpu_s": trained["cpu_s"],
            "score_s": scored["s"], "score_cpu_s": scored["cpu_s"],
            "peak_mb": max(trained["peak_mb"], scored["peak_mb"]),
        }  # fmt: skip


def source(of) -> str:
    """The text of a function or constant of peers.py and of all that it names there, without comments."""
    found, wanted, statements = {}, [of.__name__], {}
    for statement in ast.parse((HERE / "peers.py").read_text()).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            statements[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            targets = (name.id for target in statement.targets for name in ast.walk(target) if hasattr(name, "id"))
            statements |= dict.fromkeys(targets, statement)
    while wanted:
        name = wanted.pop()
        if name in statements and name not in found:
            found[name] = ast.dump(statements[name])
            wanted += [part.id for part in ast.walk(statements[name]) if isinstance(part, ast.Name)]
    return "\n".join(found[name] for name in sorted(found))


def run(command: list) -> dict[str, float]:
    """Runs a program and says what it took."""
    start = time.perf_counter()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"failed: {' '.join(str(word) for word in command)}")
    return {
        "s": time.perf_counter() - start, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024,
    }  # fmt: skip


def digest(*parts: bytes) -> str:
    of = hashlib.sha256()
    for part in parts:
        of.update(hashlib.sha256(part).digest())
    return of.hexdigest()[:16]
