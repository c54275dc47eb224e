"""The baselines' features: what an analyst would build by hand, in pandas, from what is known at the end of a day."""

import numpy as np
import pandas as pd

HORIZON_DAYS = 28
ID = "enrolment_id"
CATEGORIES = ["course", "gender", "region", "highest_education", "imd_band", "age_band", "disability"]


def snapshot(tables: dict[str, pd.DataFrame], day: int) -> pd.DataFrame:
    """One row per enrolment at risk at the end of the day: what is known by then, and whether it `leaves`."""
    students = tables["students"].set_index(ID)
    left = (students.withdrew_at - students.starts_on).dt.days
    students = students[~(left <= day) & (students.length_days > day)]
    row = pd.concat([homework_features(students, tables["homework"], day),
                     activity_features(students, tables["activity"], day)], axis=1)
    row["day"] = day
    row["enrolled_days_before"] = (students.starts_on - students.enrolled_at).dt.days
    row["studied_credits"] = students.studied_credits
    row["attempts"] = students.num_of_prev_attempts
    row[CATEGORIES] = students[CATEGORIES].fillna("?").astype(str)
    peers = [students.course, students.intake]
    for name in ["hw_share_done", "hw_score", "hw_points", "clicks_14_log"]:
        row[f"{name}_to_peers"] = row[name] - row[name].groupby(peers).transform("mean")
    for name in ["clicks_14", "clicks_all"]:
        row[f"{name}_rank"] = row[name].groupby(peers).rank(pct=True)
    row["hw_share_done_of_peers"] = row.hw_share_done.groupby(peers).transform("mean")
    row["leaves"] = labels(students, day)
    return row


def labels(students: pd.DataFrame, day: int) -> pd.Series:
    left = (students.withdrew_at - students.starts_on).dt.days
    return left.between(day + 1, day + HORIZON_DAYS).astype(int)


def homework_features(students: pd.DataFrame, homework: pd.DataFrame, day: int) -> pd.DataFrame:
    rows, starts_on = with_start(homework, students)
    rows["due"] = (rows.due_at - starts_on).dt.days
    rows["handed_in"] = (rows.submitted_at - starts_on).dt.days
    rows["late_days"] = rows.handed_in - rows.due
    rows["points"] = rows.weight * rows.score / 100
    rows["is_due"], rows["is_done"] = rows.due <= day, rows.handed_in <= day
    rows = rows.sort_values([ID, "due", "id_assessment"])

    f = pd.DataFrame(index=students.index)
    tma, cma = rows.assessment_type == "TMA", rows.assessment_type == "CMA"
    for name, some in [("hw", rows), ("tma", rows[tma]), ("cma", rows[cma]), ("hw28", rows[rows.due > day - 28])]:
        due, done = some[some.is_due].groupby(ID), some[some.is_done].sort_values([ID, "handed_in"]).groupby(ID)
        f[f"{name}_due"], f[f"{name}_done"] = count(due, f), count(done, f)
        f[f"{name}_open"] = count(some[some.is_due & ~some.is_done].groupby(ID), f)
        f[f"{name}_share_done"] = due.is_done.mean()
        f[f"{name}_late_days"], f[f"{name}_score"] = done.late_days.mean(), done.score.mean()
        f[f"{name}_last_late_days"], f[f"{name}_last_score"] = done.late_days.last(), done.score.last()
        f[f"{name}_days_since_done"] = day - done.handed_in.last()
        f[f"{name}_early"] = count(some[some.is_done & ~some.is_due].groupby(ID), f)
        f[f"{name}_open_in_a_row"] = trailing(some[some.is_due], ~some.is_done)
    done, is_open = rows[rows.is_done], rows[rows.is_due & ~rows.is_done]
    by = done.groupby(ID)
    f["hw_late_days_max"] = by.late_days.max()
    f["hw_score_min"], f["hw_score_max"], f["hw_score_sum"] = by.score.min(), by.score.max(), by.score.sum()
    f["hw_score_slope"] = slope(done, "handed_in", "score")
    f["hw_late"] = count(done[done.late_days > 0].groupby(ID), f)
    f["hw_overdue_days"] = (day - is_open.groupby(ID).due.min()).reindex(f.index).fillna(0)
    f["hw_weight_open"] = is_open.groupby(ID).weight.sum().reindex(f.index).fillna(0)
    f["hw_weight_done"] = by.weight.sum().reindex(f.index).fillna(0)
    f["hw_points"] = by.points.sum().reindex(f.index).fillna(0)
    f["hw_points_share"] = f.hw_points / rows[rows.is_due | rows.is_done].groupby(ID).weight.sum().replace(0, np.nan)
    f["hw_days_since_due"] = day - rows[rows.is_due].groupby(ID).due.max()
    f["hw_last_is_done"] = rows[rows.is_due].groupby(ID).is_done.last().astype(float)
    return f


def activity_features(students: pd.DataFrame, activity: pd.DataFrame, day: int) -> pd.DataFrame:
    """Empty, not nought, for those of whom nothing was recorded: OULAD has no clicks of who enrolled more than once."""
    rows, starts_on = with_start(activity, students)
    rows["on"] = (rows["at"] - starts_on).dt.days
    rows = rows[rows.on <= day].sort_values([ID, "on"])
    rows["clicks_log"] = np.log1p(rows.clicks)
    f = pd.DataFrame(index=students.index)
    recorded = pd.Series(f.index.isin(rows[ID]), f.index)
    f["without_activity"] = (~recorded).astype(int)
    for window in [14, 28, 42, "all"]:
        sums = (rows if window == "all" else rows[rows.on > day - window]).groupby(ID)[["clicks", "active_days"]].sum()
        names = [f"clicks_{window}", f"active_days_{window}"]
        f[names] = sums.reindex(f.index).fillna(0).where(recorded, np.nan).to_numpy()
        f[f"clicks_{window}_log"] = np.log1p(f[f"clicks_{window}"])
    f["clicks_before"] = rows[rows.on < 0].groupby(ID).clicks.sum()
    f["clicks_last"], f["active_days_last"] = rows.groupby(ID).clicks.last(), rows.groupby(ID).active_days.last()
    f["clicks_min"], f["clicks_max"] = rows[rows.on > 0].groupby(ID).clicks.min(), rows.groupby(ID).clicks.max()
    for name in ["clicks", "active_days", "clicks_log"]:
        f[f"{name}_slope"] = slope(rows, "on", name)
    for name in ["clicks", "active_days"]:
        f[f"{name}_pace"] = f[f"{name}_14"] / f[f"{name}_42"].replace(0, np.nan) * 3
    f["clicks_share_28"] = f.clicks_28 / f.clicks_all.replace(0, np.nan)
    f["clicks_a_day"] = f.clicks_42 / f.active_days_42.replace(0, np.nan)
    f["silent_periods"] = trailing(rows, rows.clicks == 0)
    f["days_since_clicks"] = day - rows[rows.clicks > 0].groupby(ID).on.max()
    return f


def with_start(rows: pd.DataFrame, students: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    rows = rows[rows[ID].isin(students.index)].copy()
    return rows, rows[ID].map(students.starts_on)


def count(groups, features: pd.DataFrame) -> pd.Series:
    return groups.size().reindex(features.index).fillna(0)


def trailing(rows: pd.DataFrame, flag: pd.Series) -> pd.Series:
    """How many of the last rows, in a row, have the flag."""
    backwards = rows.iloc[::-1]
    return flag[backwards.index].astype(int).groupby(backwards[ID]).cummin().groupby(backwards[ID]).sum()


def slope(rows: pd.DataFrame, x: str, y: str) -> pd.Series:
    """The slope of the least-squares line, per 30 days."""
    known = rows.dropna(subset=[y])
    dx = known[x] - known[x].groupby(known[ID]).transform("mean")
    spread = (dx * dx).groupby(known[ID]).sum()
    return (dx * known[y]).groupby(known[ID]).sum() / spread.replace(0, np.nan) * 30
