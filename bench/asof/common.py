"""What the tools have in common: the features, the cutoffs, and how a run is reported."""

import datetime
import json
import resource
import time
from dataclasses import dataclass
from pathlib import Path

FIRST_DAY = datetime.date(2024, 1, 1)
"""The first moment after the first cutoff: a cutoff sees all of its day."""
FIRST_END = FIRST_DAY + datetime.timedelta(days=401)
CUTOFFS = 24
DAYS_BETWEEN = 14
COMPARED = 50
"""Ages in days at which some window ends, youngest first; what is older counts for the whole time only."""
AGES = [7, 14, 30, 60, 90, 180]


@dataclass(frozen=True)
class Feature:
    kind: str
    column: str
    days: int | None
    """The window; None is everything."""

    @property
    def name(self) -> str:
        window = "all" if self.days is None else self.days
        return f"{self.kind}_{self.column}_{window}".replace("_-_", "_rows_")


def features() -> list[Feature]:
    lines = (Path(__file__).parent / "features.txt").read_text().splitlines()
    words = [line.split(" ") for line in lines]
    return [Feature(kind, column, None if days == "all" else int(days)) for kind, column, days in words]


def report(start: float, rows: int) -> None:
    seconds = time.perf_counter() - start
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": round(seconds, 3), "peak_mib": peak_mib, "rows": rows}), flush=True)
