"""The features in DuckDB: `in_duckdb.py FORMULATION DATA THREADS RESULT`.

filters    every event joined to every cutoff that sees it, one filtered aggregate for each feature
buckets    events joined to the cutoffs whose longest window holds them, aggregated by age bucket, buckets put together
           per window; whole-time features from running aggregates by cutoff
asof       running sums over events, ASOF-joined at every cutoff and window start; extremes and distinct by buckets
frames     cutoffs as rows among the events, a window function with a RANGE frame for each feature
"""

import sys
import time

import duckdb

from common import AGES, COMPARED, CUTOFFS, DAYS_BETWEEN, FIRST_END, Feature, features, report

LAST = {"amount", "clicks", "score"}


def main() -> None:
    formulation, data, threads, result = sys.argv[1:]
    db = duckdb.connect()
    db.execute(f"SET threads = {threads}")
    db.execute("SET preserve_insertion_order = false")
    start = time.perf_counter()
    # AT is a word of the language.
    log = f"SELECT * RENAME (\"at\" AS moment) FROM '{data}/events.parquet'"
    if formulation in {"buckets", "asof"}:
        # They read the events several times, which pays for a copy in order with short words for channels.
        db.execute(f"CREATE TYPE channels AS ENUM (SELECT DISTINCT channel FROM '{data}/events.parquet')")
        short = "SELECT * REPLACE (channel::channels AS channel)"
        db.execute(f"CREATE TEMP TABLE log AS {short} FROM ({log}) ORDER BY subject, moment")
    else:
        db.execute(f"CREATE VIEW log AS {log}")
    db.execute(f"CREATE TEMP TABLE subjects AS SELECT * FROM '{data}/subjects.parquet'")
    db.execute(
        f"""CREATE TEMP TABLE cutoffs AS
        SELECT i AS cut, ends, (ends - INTERVAL 1 DAY)::DATE AS cutoff
        FROM (SELECT i::INTEGER AS i, TIMESTAMP '{FIRST_END}' + i * INTERVAL {DAYS_BETWEEN} DAY AS ends
              FROM range({CUTOFFS}) r(i))"""
    )
    db.execute("CREATE TEMP TABLE grid AS SELECT subject, cut, cutoff, ends FROM subjects CROSS JOIN cutoffs")
    {"filters": filters, "buckets": buckets, "asof": asof, "frames": frames}[formulation](db)
    rows = db.execute("SELECT count(*) FROM result").fetchone()[0]
    report(start, rows)
    columns = ", ".join(f.name for f in features())
    db.execute(
        f"""COPY (SELECT subject, cutoff, {columns} FROM result
        JOIN (SELECT subject FROM (SELECT subject, row_number() OVER (ORDER BY subject) - 1 AS i FROM subjects)
              WHERE i % {COMPARED} = 0) USING (subject)
        ORDER BY subject, cutoff) TO '{result}' (FORMAT parquet)"""
    )


def with_streak() -> str:
    """Events with the length of the streak of missed ones that each ends."""
    return """(SELECT *, (count(*) FILTER (WHERE missed) OVER so_far
        - coalesce(max(CASE WHEN NOT missed THEN before END) OVER so_far, 0))::FLOAT AS streak
        FROM (SELECT *, count(*) FILTER (WHERE missed) OVER so_far AS before FROM log
              WINDOW so_far AS (PARTITION BY subject ORDER BY moment ROWS UNBOUNDED PRECEDING))
        WINDOW so_far AS (PARTITION BY subject ORDER BY moment ROWS UNBOUNDED PRECEDING))"""


def filters(db) -> None:
    def expression(f: Feature) -> str:
        inside = "" if f.days is None else f"moment >= ends - INTERVAL {f.days} DAY"
        where = f" FILTER (WHERE {inside})" if inside else ""
        both = f" FILTER (WHERE {' AND '.join(filter(None, ['missed', inside]))})"
        match f.kind, f.column:
            case "count", "-":
                return f"count(moment){where}"
            case "count", "missed":
                return f"count(moment){both}"
            case "share", "missed":
                return f"avg(missed::INTEGER){where}"
            case "sum", column:
                return f"coalesce(sum({column}){where}, 0)"
            case "mean", column:
                return f"avg({column}){where}"
            case "distinct", column:
                return f"count(DISTINCT {column}){where}"
            case "last", column:
                return f"arg_max({column}, moment)"
            case "recency", "-":
                return "cutoff - max(moment)::DATE"
            case "recency", "missed":
                return "cutoff - (max(moment) FILTER (WHERE missed))::DATE"
            case "streak", _:
                return "coalesce(arg_max(streak, moment), 0)"
            case kind, column:
                return f"{kind}({column}){where}"

    selected = ", ".join(f"({expression(f)})::FLOAT AS {f.name}" for f in features())
    db.execute(
        f"""CREATE TEMP TABLE result AS SELECT grid.subject, cutoff, {selected}
        FROM grid LEFT JOIN {with_streak()} e ON e.subject = grid.subject AND e.moment < grid.ends
        GROUP BY grid.subject, cutoff"""
    )


def bucket() -> str:
    """The number of the first window, youngest first, that holds an event."""
    ages = " ".join(f"WHEN moment >= ends - INTERVAL {age} DAY THEN {i}" for i, age in enumerate(AGES))
    return f"CASE {ages} END"


AGGREGATES = {
    "n": "count(*)",
    "n_missed": "count(*) FILTER (WHERE missed)",
    "sum_amount": "sum(amount)",
    "sum_clicks": "sum(clicks)",
    "sum_score": "sum(score)",
    "n_score": "count(score)",
    "min_amount": "min(amount)",
    "max_amount": "max(amount)",
    "max_clicks": "max(clicks)",
    "min_score": "min(score)",
}


def from_aggregates(f: Feature, of) -> str:
    """A windowed feature from aggregates of its window; `of` names one."""
    match f.kind, f.column:
        case "count", "-":
            return f"coalesce({of('n')}, 0)"
        case "count", "missed":
            return f"coalesce({of('n_missed')}, 0)"
        case "share", "missed":
            return f"{of('n_missed')} / nullif({of('n')}, 0)"
        case "sum", column:
            return f"coalesce({of('sum_' + column)}, 0)"
        case "mean", column:
            count = "n_score" if column == "score" else "n"
            return f"{of('sum_' + column)} / nullif({of(count)}, 0)"
        case kind, column:
            return of(f"{kind}_{column}")


def merge(aggregate: str) -> str:
    """How parts of an aggregate are put together."""
    return {"min": "min", "max": "max"}.get(aggregate[:3], "sum")


def windowed(db, kinds: set[str]) -> None:
    """Makes `windowed`: the features of these kinds over bounded windows, by age bucket."""
    longest = AGES[-1]
    parts = ", ".join(f"{sql} AS {name}" for name, sql in AGGREGATES.items())
    wanted = [f for f in features() if f.days is not None and f.kind in kinds]

    def of_window(days: int):
        return lambda name: f"{merge(name)}({name}) FILTER (WHERE bucket <= {AGES.index(days)})"

    selected = ", ".join(f"({from_aggregates(f, of_window(f.days))})::FLOAT AS {f.name}" for f in wanted)
    db.execute(
        f"""CREATE TEMP TABLE windowed AS SELECT subject, cut, {selected}
        FROM (SELECT subject, cut, {bucket()} AS bucket, {parts}
              FROM log JOIN cutoffs ON moment < ends AND moment >= ends - INTERVAL {longest} DAY
              GROUP BY subject, cut, bucket)
        GROUP BY subject, cut"""
    )


def windowed_distinct(db) -> None:
    """Makes `windowed_distinct`: a channel counts in the windows that reach its youngest event."""
    wanted = [f for f in features() if f.days is not None and f.kind == "distinct"]
    longest = max(f.days for f in wanted)
    selected = ", ".join(
        f"(count(*) FILTER (WHERE bucket <= {AGES.index(f.days)}))::FLOAT AS {f.name}" for f in wanted
    )
    db.execute(
        f"""CREATE TEMP TABLE windowed_distinct AS SELECT subject, cut, {selected}
        FROM (SELECT subject, cut, channel, min({bucket()}) AS bucket
              FROM log JOIN cutoffs ON moment < ends AND moment >= ends - INTERVAL {longest} DAY
              GROUP BY subject, cut, channel)
        GROUP BY subject, cut"""
    )


def whole_time(db) -> None:
    """Makes `whole`: whole-time features, aggregated by the first cutoff that sees an event, then run over cutoffs."""
    first = f"greatest(0, ceil(epoch(moment - TIMESTAMP '{FIRST_END}' + INTERVAL 1 MICROSECOND) / {DAYS_BETWEEN * 86400}))"
    parts = ", ".join(f"{sql} AS {name}" for name, sql in AGGREGATES.items())
    lasts = ", ".join(f"arg_max({column}, moment) AS last_{column}" for column in sorted(LAST))

    def so_far(name: str) -> str:
        return f"{merge(name)}({name}) OVER so_far"

    selected = []
    for f in features():
        if f.days is not None:
            continue
        match f.kind, f.column:
            case "last", column:
                sql = f"last_value(last_{column} IGNORE NULLS) OVER so_far"
            case "recency", "-":
                sql = "cutoff - (max(last_at) OVER so_far)::DATE"
            case "recency", "missed":
                sql = "cutoff - (max(last_missed) OVER so_far)::DATE"
            case "streak", _:
                sql = "coalesce(last_value(streak IGNORE NULLS) OVER so_far, 0)"
            case "distinct", _:
                sql = "coalesce(sum(new_channels) OVER so_far, 0)"
            case _:
                sql = from_aggregates(f, so_far)
        selected.append(f"({sql})::FLOAT AS {f.name}")
    db.execute(
        f"""CREATE TEMP TABLE whole AS SELECT subject, cut, {", ".join(selected)}
        FROM grid
        LEFT JOIN (SELECT subject, ({first})::INTEGER AS cut, {parts}, {lasts}, max(moment) AS last_at,
                          max(moment) FILTER (WHERE missed) AS last_missed, arg_max(streak, moment) AS streak
                   FROM {with_streak()} GROUP BY ALL) parts USING (subject, cut)
        LEFT JOIN (SELECT subject, cut, count(*) AS new_channels
                   FROM (SELECT subject, channel, min({first})::INTEGER AS cut FROM log GROUP BY subject, channel)
                   GROUP BY subject, cut) channels USING (subject, cut)
        WINDOW so_far AS (PARTITION BY subject ORDER BY cut ROWS UNBOUNDED PRECEDING)"""
    )


def buckets(db) -> None:
    windowed(db, {"count", "share", "sum", "mean", "min", "max"})
    windowed_distinct(db)
    whole_time(db)
    put_together(db, ["windowed", "windowed_distinct"])


def put_together(db, tables: list[str]) -> None:
    """Joins the parts to the result; a subject without events in a window has zeros for what is counted or summed."""

    def column(f: Feature) -> str:
        return f"coalesce({f.name}, 0) AS {f.name}" if f.kind in {"count", "sum", "distinct"} else f.name

    joins = " ".join(f"LEFT JOIN {table} USING (subject, cut)" for table in tables)
    db.execute(
        f"""CREATE TEMP TABLE result AS SELECT subject, cutoff, {", ".join(column(f) for f in features())}
        FROM grid JOIN whole USING (subject, cut) {joins}"""
    )


def asof(db) -> None:
    running = {
        "n": "count(*)",
        "n_missed": "count(*) FILTER (WHERE missed)",
        "sum_amount": "sum(amount)",
        "sum_clicks": "sum(clicks)",
        "sum_score": "sum(score)",
        "n_score": "count(score)",
    }
    names = ", ".join(f"{sql} OVER so_far AS {name}" for name, sql in running.items())
    db.execute(
        f"""CREATE TEMP TABLE running AS SELECT subject, moment, {names} FROM log
        WINDOW so_far AS (PARTITION BY subject ORDER BY moment ROWS UNBOUNDED PRECEDING)"""
    )
    # One join for all bounds: a cutoff's end, and the start of each of its windows.
    bounds = ", ".join(str(days) for days in [0, *AGES])
    db.execute(
        f"""CREATE TEMP TABLE bounds AS SELECT b.subject, b.cut, b.days, {", ".join(f"coalesce({n}, 0) AS {n}" for n in running)}
        FROM (SELECT subject, cut, days, ends - days * INTERVAL 1 DAY AS bound FROM grid, unnest([{bounds}]) u(days)) b
        ASOF LEFT JOIN running r ON b.subject = r.subject AND r.moment < b.bound"""
    )
    db.execute("DROP TABLE running")

    def of_window(days: int):
        return lambda name: f"(sum({name}) FILTER (WHERE days = 0) - sum({name}) FILTER (WHERE days = {days}))"

    wanted = [f for f in features() if f.days is not None and f.kind in {"count", "share", "sum", "mean"}]
    selected = ", ".join(f"({from_aggregates(f, of_window(f.days))})::FLOAT AS {f.name}" for f in wanted)
    db.execute(f"CREATE TEMP TABLE summed AS SELECT subject, cut, {selected} FROM bounds GROUP BY subject, cut")
    db.execute("DROP TABLE bounds")
    windowed(db, {"min", "max"})
    windowed_distinct(db)
    whole_time(db)
    put_together(db, ["summed", "windowed", "windowed_distinct"])


def frames(db) -> None:
    def expression(f: Feature) -> str:
        over = f"OVER w{f.days or ''}"
        match f.kind, f.column:
            case "count", "-":
                return f"count(event) {over}"
            case "count", "missed":
                return f"count(event) FILTER (WHERE missed) {over}"
            case "share", "missed":
                return f"avg(missed::INTEGER) {over}"
            case "sum", column:
                return f"coalesce(sum({column}) {over}, 0)"
            case "mean", column:
                return f"avg({column}) {over}"
            case "distinct", column:
                return f"count(DISTINCT {column}) {over}"
            case "last", column:
                return f"last_value({column} IGNORE NULLS) {over}"
            case "recency", "-":
                return f"cutoff - (max(moment) FILTER (WHERE event IS NOT NULL) {over})::DATE"
            case "recency", "missed":
                return f"cutoff - (max(moment) FILTER (WHERE missed) {over})::DATE"
            case "streak", _:
                return f"coalesce(last_value(streak IGNORE NULLS) {over}, 0)"
            case kind, column:
                return f"{kind}({column}) {over}"

    selected = ", ".join(f"({expression(f)})::FLOAT AS {f.name}" for f in features())
    # A window of N days ends with the cutoff's last microsecond, which is where its row stands.
    windows = ", ".join(
        f"w{days} AS (PARTITION BY subject ORDER BY moment RANGE BETWEEN INTERVAL '{days * 86_400_000_000 - 1} us' PRECEDING"
        " AND CURRENT ROW)"
        for days in AGES
    )
    db.execute(
        f"""CREATE TEMP TABLE result AS SELECT * EXCLUDE (event) FROM (
        SELECT subject, cutoff, event, {selected}
        FROM (SELECT subject, moment, amount, clicks, score, channel, missed, streak, 1 AS event, NULL::DATE AS cutoff
              FROM {with_streak()}
              UNION ALL
              SELECT subject, ends - INTERVAL 1 MICROSECOND, NULL, NULL, NULL, NULL, NULL, NULL, NULL, cutoff FROM grid)
        WINDOW {windows}, w AS (PARTITION BY subject ORDER BY moment RANGE UNBOUNDED PRECEDING)) WHERE event IS NULL"""
    )


if __name__ == "__main__":
    main()
