//! Plans and batches that do not fit are refused by name.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, StringArray};
use asof::{
    Batch, BuildError, ColumnDef, Compute, EventsBuilder, Kind, PlanError, Row, Spec, TableDef, Window, check, snapshot,
};
use domain::{Cutoff, Day, Family, Leaning};

use crate::world::{SUBJECTS, all_rows, events, subjects};

#[test]
fn a_plan_that_does_not_fit_names_feature_table_and_column() {
    let t = || "t".to_owned();
    let sum =
        |table: &str, column: &str, window| Compute::Sum { table: table.to_owned(), column: column.to_owned(), window };
    let cases = [
        (sum("lessons", "value", Window::All), "feature f: there is no table lessons"),
        (sum("t", "marks", Window::All), "feature f: table t has no column marks"),
        (sum("t", "kind", Window::All), "feature f: column kind of table t is a category, expected a number"),
        (sum("t", "value", Window::Days(0)), "feature f: a window needs at least one day"),
        (
            Compute::RateRatio { table: t(), column: None, short_days: 7, long_days: 7 },
            "feature f: the short window needs at least one day and fewer than the long one",
        ),
        (
            Compute::OpenStreak { table: t(), due: "due".to_owned(), done: "flag".to_owned() },
            "feature f: column flag of table t is a flag, expected a moment",
        ),
        (Compute::Age { column: "group".to_owned() }, "feature f: subjects have no attribute group of a fitting kind"),
        (
            Compute::RelativeTo { feature: "f".to_owned(), group: "group".to_owned() },
            "feature f: f is not a numeric feature of the plan that stands on its own",
        ),
    ];
    let events = events(&[], false, 1);
    for (compute, message) in cases {
        let spec = Spec::new("f", Family::named("any"), Leaning::Either, compute);
        let refusal = check(&subjects(), &[&events], &[spec]).expect_err(message);
        assert_eq!(refusal.to_string(), message);
    }
}

#[test]
fn names_are_there_once_and_rows_in_order() {
    let events = events(&[], false, 1);
    let spec = Spec::new("f", Family::named("any"), Leaning::Either, Compute::Tenure);
    let twice = check(&subjects(), &[&events], &[spec.clone(), spec.clone()]);
    assert_eq!(twice, Err(PlanError::DuplicateName { spec: "f".to_owned() }));
    let twice = check(&subjects(), &[&events, &events], std::slice::from_ref(&spec));
    assert_eq!(twice, Err(PlanError::DuplicateTable { table: "t".to_owned() }));

    let row = |subject, day| Row { subject, cutoff: Cutoff(Day(day)) };
    let refusal =
        |rows| snapshot(&subjects(), &[], std::slice::from_ref(&spec), rows, all_rows).expect_err("a bad row");
    assert_eq!(refusal(vec![row(0, 1), row(0, 1)]), PlanError::Rows { row: 1 });
    assert_eq!(refusal(vec![row(0, 1), row(SUBJECTS, 1)]), PlanError::Rows { row: 1 });
}

#[test]
fn a_table_that_does_not_hold_together_is_refused() {
    let column = |name: &str, kind, reveals: Option<&str>| ColumnDef {
        name: name.to_owned(),
        kind,
        reveals: reveals.map(str::to_owned),
    };
    let table = |columns: &[ColumnDef]| TableDef { name: "t".to_owned(), columns: columns.to_vec() };
    let refusal = |columns: &[ColumnDef]| EventsBuilder::new(table(columns), 2).err().map(|error| error.to_string());
    let score = column("score", Kind::Number, Some("graded_at"));
    let unknown = "table t: column score is revealed by graded_at, which is not a moment column of the table";
    assert_eq!(refusal(std::slice::from_ref(&score)).as_deref(), Some(unknown));
    assert_eq!(refusal(&[score, column("graded_at", Kind::Number, None)]).as_deref(), Some(unknown));
    let twice = column("score", Kind::Number, None);
    assert_eq!(refusal(&[twice.clone(), twice.clone()]).as_deref(), Some("table t: column score is there twice"));

    let at: ArrayRef = Arc::new(Date32Array::from(vec![1, 2]));
    let words: ArrayRef = Arc::new(StringArray::from(vec!["12", "13"]));
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![12, 13]));
    let push = |subjects: &[u32], at: &ArrayRef, columns: &[ArrayRef]| {
        let mut builder = EventsBuilder::new(table(std::slice::from_ref(&twice)), 2).expect("a sound definition");
        builder.push(&Batch { subjects, at, recorded_at: None, key: None, columns }).map_err(|error| error.to_string())
    };
    let refused = |message: &str| Err(message.to_owned());
    assert_eq!(push(&[0, 1], &at, std::slice::from_ref(&numbers)), Ok(()));
    assert_eq!(
        push(&[0, 1], &at, std::slice::from_ref(&words)),
        refused("table t: column score of type Utf8 cannot be read as a number")
    );
    assert_eq!(
        push(&[0, 1], &numbers, std::slice::from_ref(&numbers)),
        refused("table t: column its time of type Int32 cannot be read as a moment")
    );
    assert_eq!(push(&[0, 1], &at, &[]), refused("table t: a batch has 0 columns, expected 1"));
    assert_eq!(
        push(&[0], &at, std::slice::from_ref(&numbers)),
        refused("table t: a batch has 2 rows of score, expected 1")
    );
    assert_eq!(
        push(&[0, 2], &at, std::slice::from_ref(&numbers)),
        refused("table t: subject code 2 where there are 2 subjects")
    );
}

#[test]
fn entry_times_come_with_every_batch_or_with_none() {
    let mut builder =
        EventsBuilder::new(TableDef { name: "t".to_owned(), columns: vec![] }, 1).expect("a sound definition");
    let at: ArrayRef = Arc::new(Date32Array::from(vec![Some(1), None]));
    let batch = Batch { subjects: &[0, 0], at: &at, recorded_at: None, key: None, columns: &[] };
    builder.push(&batch).expect("a sound batch");
    let irregular = builder.push(&Batch { recorded_at: Some(&at), ..batch });
    assert_eq!(irregular, Err(BuildError::Irregular { table: "t".to_owned(), what: "recorded_at" }));
    let events = builder.finish().expect("two rows");
    assert_eq!((events.len(), events.rows_without_time()), (1, 1));
}
