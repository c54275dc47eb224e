"""What both sides of the comparison share."""

import pathlib
import resource
import time

import numpy as np

# ours.rs has the same numbers.
TREES = 100
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 31,
    "max_depth": -1,
    "max_bin": 255,
    "min_data_in_leaf": 20,
    "min_sum_hessian_in_leaf": 1e-3,
    "lambda_l2": 1.0,
    "boost_from_average": True,
    "verbosity": -1,
}


def read(folder: pathlib.Path) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = map(int, (folder / "shape.txt").read_text().split())
    table = np.fromfile(folder / "columns.f32", dtype=np.float32).reshape(columns, rows).T
    return table, np.fromfile(folder / "label.f32", dtype=np.float32)


class Clock:
    """Seconds by the wall and of all processors."""

    def __init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def said(self) -> str:
        return f"{time.perf_counter() - self.wall:.2f}s {time.process_time() - self.processor:.2f}cpu"


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
