"""What both sides of the comparison of speed share."""

import pathlib
import resource
import time

import numpy as np

# ours.rs has the same numbers.
TREES = 100
LEAVES = 31
RATE = 0.1
BINS = 255
LEAF_ROWS = 20
L2 = 1.0


def read(folder: pathlib.Path) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = map(int, (folder / "shape.txt").read_text().split())
    table = np.fromfile(folder / "columns.f32", dtype=np.float32).reshape(columns, rows).T
    return table, np.fromfile(folder / "label.f32", dtype=np.float32)


class Clock:
    """Seconds by the wall and of all processors."""

    def __init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def took(self, what: str) -> dict[str, float]:
        wall, processor = time.perf_counter() - self.wall, time.process_time() - self.processor
        return {f"{what}_s": wall, f"{what}_cpu_s": processor}


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
