"""The features in Polars: `in_polars.py FORMULATION DATA THREADS RESULT`.

dynamic    events sorted once, one rolling group-by (group_by_dynamic) for each window length
buckets    events repeated for the cutoffs whose longest window holds them, aggregated by age bucket in the streaming
           engine, buckets put together per window
asof       running sums over events, ASOF-joined at every cutoff and window start; extremes and distinct by dynamic

Whole-time features are aggregated by the first cutoff that sees an event and then run over cutoffs, in all of them.
"""

import datetime
import os
import sys
import time

_, FORMULATION, DATA, THREADS, RESULT = sys.argv
os.environ["POLARS_MAX_THREADS"] = THREADS

import polars as pl  # noqa: E402 (the number of threads is read on import)

from common import AGES, COMPARED, CUTOFFS, DAYS_BETWEEN, FIRST_END, Feature, features, report  # noqa: E402

DAY = datetime.timedelta(days=1)
MIDNIGHT = datetime.datetime.combine(FIRST_END, datetime.time())
MICROS = DAYS_BETWEEN * 86_400_000_000


def main() -> None:
    start = time.perf_counter()
    subjects = pl.read_parquet(f"{DATA}/subjects.parquet")
    cutoffs = pl.DataFrame({"cut": range(CUTOFFS)}, schema={"cut": pl.Int32}).with_columns(
        ends=pl.lit(MIDNIGHT).cast(pl.Datetime("us")) + pl.col("cut") * (DAYS_BETWEEN * DAY)
    )
    grid = subjects.join(cutoffs, how="cross").sort("subject", "cut")
    log = pl.scan_parquet(f"{DATA}/events.parquet").with_columns(pl.col("channel").cast(pl.Categorical))
    parts = {"dynamic": dynamic, "buckets": buckets, "asof": asof}[FORMULATION](log, grid)
    result = put_together(grid, parts)
    report(start, len(result))
    compared = subjects.gather_every(COMPARED)
    result = result.with_columns(cutoff=(pl.col("ends") - DAY).cast(pl.Date))
    columns = ["subject", "cutoff", *(f.name for f in features())]
    result.join(compared, on="subject", how="semi").sort("subject", "cutoff").select(columns).write_parquet(RESULT)


def put_together(grid: pl.DataFrame, parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Joins the parts; a subject without events in a window has zeros for what is counted or summed."""
    result = grid
    while parts:
        result = result.join(parts.pop(0), on=["subject", "cut"], how="left", maintain_order="left")
    zeros = [f.name for f in features() if f.kind in {"count", "sum", "distinct"} and f.name in result.columns]
    return result.with_columns(pl.col(zeros).fill_null(0))


def first_cut() -> pl.Expr:
    """The first cutoff that sees an event."""
    since = (pl.col("at") - pl.lit(MIDNIGHT)).dt.total_microseconds()
    return (since // MICROS + 1).clip(lower_bound=0).cast(pl.Int32)


AGGREGATES = {
    # Every event has a flag; a marker has none.
    "n": pl.col("missed").count(),
    "n_missed": pl.col("missed").sum(),
    "sum_amount": pl.col("amount").sum(),
    "sum_clicks": pl.col("clicks").sum(),
    "sum_score": pl.col("score").sum(),
    "n_score": pl.col("score").count(),
    "min_amount": pl.col("amount").min(),
    "max_amount": pl.col("amount").max(),
    "max_clicks": pl.col("clicks").max(),
    "min_score": pl.col("score").min(),
}


def from_aggregates(f: Feature, of) -> pl.Expr:
    """A windowed feature from aggregates of its window; `of` gives one by name."""
    match f.kind, f.column:
        case "count", "-":
            value = of("n")
        case "count", "missed":
            value = of("n_missed")
        case "share", "missed":
            value = of("n_missed") / of("n")
        case "sum", column:
            value = of("sum_" + column)
        case "mean", "score":
            # Nothing known is zero by zero.
            value = (of("sum_score") / of("n_score")).fill_nan(None)
        case "mean", column:
            value = of("sum_" + column) / of("n")
        case kind, column:
            value = of(f"{kind}_{column}")
    return value.cast(pl.Float32).alias(f.name)


def whole_time(log: pl.LazyFrame) -> pl.DataFrame:
    """Whole-time features of subjects and cutoffs. Events come sorted by subject and time."""
    streak = pl.int_range(pl.len()) - pl.when(~pl.col("missed")).then(pl.int_range(pl.len())).forward_fill().fill_null(-1)
    # The order of a filled file is that of time, so the last of a group is its latest.
    lasts = [pl.col(c).drop_nulls().last().alias(f"last_{c}") for c in ["amount", "clicks", "score"]]
    parts = (
        log.with_columns(streak=streak.over("subject"), cut=first_cut())
        .filter(pl.col("cut") < CUTOFFS)
        .group_by("subject", "cut", maintain_order=True)
        .agg(
            *(sql.alias(name) for name, sql in AGGREGATES.items()),
            *lasts,
            last_at=pl.col("at").max(),
            last_missed=pl.col("at").filter("missed").max(),
            streak=pl.col("streak").last(),
        )
    )
    channels = (
        log.group_by("subject", "channel")
        .agg(cut=first_cut().min())
        .group_by("subject", "cut")
        .agg(new_channels=pl.len())
        .filter(pl.col("cut") < CUTOFFS)
    )
    subjects = pl.scan_parquet(f"{DATA}/subjects.parquet")
    cutoffs = pl.LazyFrame({"cut": range(CUTOFFS)}, schema={"cut": pl.Int32}).with_columns(
        today=pl.lit(FIRST_END - DAY) + pl.col("cut") * (DAYS_BETWEEN * DAY)
    )
    wanted = [f for f in features() if f.days is None]

    def so_far(name: str) -> pl.Expr:
        column = pl.col(name)
        match name[:3]:
            case "min":
                return column.cum_min().forward_fill()
            case "max":
                return column.cum_max().forward_fill()
            case _:
                return column.fill_null(0).cum_sum()

    def days_since(name: str) -> pl.Expr:
        return (pl.col("today") - pl.col(name).forward_fill().cast(pl.Date)).dt.total_days()

    values = []
    for f in wanted:
        match f.kind, f.column:
            case "last", column:
                value = pl.col(f"last_{column}").forward_fill()
            case "recency", column:
                value = days_since("last_at" if column == "-" else "last_missed")
            case "streak", _:
                value = pl.col("streak").forward_fill().fill_null(0)
            case "distinct", _:
                value = pl.col("new_channels").fill_null(0).cum_sum()
            case _:
                value = from_aggregates(f, so_far).fill_nan(None)
        values.append(value.cast(pl.Float32).over("subject").alias(f.name))
    return (
        subjects.join(cutoffs, how="cross")
        .sort("subject", "cut")
        .join(parts, on=["subject", "cut"], how="left", maintain_order="left")
        .join(channels, on=["subject", "cut"], how="left", maintain_order="left")
        .select("subject", "cut", *values)
        .collect()
    )


def sorted_log(log: pl.LazyFrame) -> pl.DataFrame:
    return log.sort("subject", "at").collect(engine="streaming")


def dynamic_windows(log: pl.DataFrame, kinds: set[str]) -> list[pl.DataFrame]:
    """The features of these kinds, one rolling group-by for each window length."""
    parts = []
    for days in AGES:
        wanted = [f for f in features() if f.days == days and f.kind in kinds]
        if not wanted:
            continue
        values = []
        for f in wanted:
            if f.kind == "distinct":
                values.append(pl.col(f.column).drop_nulls().n_unique().cast(pl.Float32).alias(f.name))
            elif f.kind == "mean":
                # A sliding sum keeps a rounding residue when it empties, so a mean must not be made of one.
                values.append(pl.col(f.column).mean().cast(pl.Float32).alias(f.name))
            else:
                values.append(from_aggregates(f, AGGREGATES.get).fill_nan(None))
        # Windows begin at whole multiples of 14 days since 1970, moved by the offset.
        opens = MIDNIGHT - days * DAY
        offset = (opens - datetime.datetime(1970, 1, 1)).days % DAYS_BETWEEN
        reaches = log.lazy().filter(
            pl.col("at") >= opens, pl.col("at") < MIDNIGHT + (CUTOFFS - 1) * DAYS_BETWEEN * DAY
        )
        part = (
            reaches.group_by_dynamic(
                "at", every=f"{DAYS_BETWEEN}d", period=f"{days}d", offset=f"{offset}d", group_by="subject", closed="left"
            )
            .agg(values)
            .with_columns(cut=((pl.col("at") - opens).dt.total_days() // DAYS_BETWEEN).cast(pl.Int32))
            .filter(pl.col("cut").is_between(0, CUTOFFS - 1))
            .drop("at")
            .collect()
        )
        parts.append(part)
    return parts


def with_markers(log: pl.LazyFrame, grid: pl.DataFrame) -> pl.LazyFrame:
    """The events and, for each subject and window length, an empty row where the first window opens: without it the
    windows of a subject would begin with its first event, and those before that reach over it would be left out."""
    opens = [MIDNIGHT - days * DAY for days in AGES]
    subjects = grid.lazy().select(pl.col("subject").unique())
    markers = subjects.join(pl.LazyFrame({"at": opens}, schema={"at": pl.Datetime("us")}), how="cross")
    return pl.concat([log, markers], how="diagonal")


def dynamic(log: pl.LazyFrame, grid: pl.DataFrame) -> list[pl.DataFrame]:
    events = sorted_log(with_markers(log, grid))
    whole = whole_time(events.lazy().filter(pl.col("missed").is_not_null()))
    return [whole, *dynamic_windows(events, {"count", "share", "sum", "mean", "min", "max", "distinct"})]


def repeated(log: pl.LazyFrame, longest: int) -> pl.LazyFrame:
    """Events, each once for every cutoff whose longest window holds it, with the youngest window that does."""
    since = (pl.col("at") - pl.lit(MIDNIGHT)).dt.total_microseconds()
    first = (since // MICROS + 1).clip(lower_bound=0)
    last = ((since + longest * 86_400_000_000) // MICROS + 1).clip(upper_bound=CUTOFFS)
    age = pl.lit(MIDNIGHT) + pl.col("cut") * (DAYS_BETWEEN * DAY) - pl.col("at")
    bucket = pl.sum_horizontal(*((age > days * DAY).cast(pl.Int8) for days in AGES))
    return (
        log.with_columns(first=first, last=last)
        .filter(pl.col("first") < pl.col("last"))
        .with_columns(cut=pl.int_ranges("first", "last", dtype=pl.Int32))
        .drop("first", "last")
        .explode("cut")
        .with_columns(bucket=bucket)
    )


def buckets(log: pl.LazyFrame, grid: pl.DataFrame) -> list[pl.DataFrame]:
    def of_window(days: int):
        inside = pl.col("bucket") <= AGES.index(days)

        def of(name: str) -> pl.Expr:
            column = pl.col(name).filter(inside)
            match name[:3]:
                case "min":
                    return column.min()
                case "max":
                    return column.max()
                case _:
                    return column.sum()

        return of

    wanted = [f for f in features() if f.days is not None and f.kind != "distinct"]
    windowed = (
        repeated(log, AGES[-1])
        .group_by("subject", "cut", "bucket")
        .agg(sql.alias(name) for name, sql in AGGREGATES.items())
        .group_by("subject", "cut")
        .agg(from_aggregates(f, of_window(f.days)).fill_nan(None) for f in wanted)
        .collect(engine="streaming")
    )
    wanted = [f for f in features() if f.days is not None and f.kind == "distinct"]
    distinct = (
        repeated(log, max(f.days for f in wanted))
        .group_by("subject", "cut", "channel")
        .agg(pl.col("bucket").min())
        .group_by("subject", "cut")
        .agg((pl.col("bucket") <= AGES.index(f.days)).sum().cast(pl.Float32).alias(f.name) for f in wanted)
        .collect(engine="streaming")
    )
    whole = whole_time(sorted_log(log).lazy())
    return [whole, windowed, distinct]


def asof(log: pl.LazyFrame, grid: pl.DataFrame) -> list[pl.DataFrame]:
    events = sorted_log(with_markers(log, grid))
    only_events = events.lazy().filter(pl.col("missed").is_not_null())
    whole = whole_time(only_events)
    running = only_events.select(
        "subject",
        "at",
        (pl.int_range(pl.len(), dtype=pl.Int64) + 1).over("subject").alias("n"),
        pl.col("missed").cast(pl.Int64).cum_sum().over("subject").alias("n_missed"),
        *(pl.col(c).fill_null(0).cum_sum().over("subject").alias(f"sum_{c}") for c in ["amount", "clicks", "score"]),
        pl.col("score").is_not_null().cast(pl.Int64).cum_sum().over("subject").alias("n_score"),
    ).collect()
    names = ["n", "n_missed", "sum_amount", "sum_clicks", "sum_score", "n_score"]
    summed = grid.select("subject", "cut")
    at_bounds = {}
    for days in [0, *AGES]:
        bounds = grid.select("subject", at=pl.col("ends") - days * DAY - datetime.timedelta(microseconds=1))
        joined = bounds.join_asof(running, on="at", by="subject", strategy="backward", check_sortedness=False)
        at_bounds[days] = joined.select(pl.col(names).fill_null(0))
    del running
    for days in AGES:
        difference = {name: at_bounds[0][name] - at_bounds[days][name] for name in names}
        wanted = [f for f in features() if f.days == days and f.kind in {"count", "share", "sum", "mean"}]
        values = pl.DataFrame(difference).select(from_aggregates(f, pl.col).fill_nan(None) for f in wanted)
        summed = summed.hstack(values)
    return [whole, summed, *dynamic_windows(events, {"min", "max", "distinct"})]


if __name__ == "__main__":
    main()
