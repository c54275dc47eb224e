//! The rows of the source that stand behind a value.

use domain::RowRef;

use crate::cuts::Cuts;
use crate::error::PlanError;
use crate::events::Events;
use crate::features::Target;
use crate::plan::{Resolved, resolve};
use crate::spec::Spec;
use crate::subjects::{Row, Subjects};
use crate::view::AsOf;

/// The days of the rows behind a feature's value for a subject at a cutoff, oldest first: the missed lessons of a
/// streak, the due days of open homework. None for what is read from the subject itself; for a feature relative to a
/// group those of the feature that is compared.
pub fn evidence(
    subjects: &Subjects,
    tables: &[&Events],
    specs: &[Spec],
    spec: &Spec,
    row: Row,
) -> Result<Vec<RowRef>, PlanError> {
    let mut resolved = resolve(&subjects.attributes, tables, specs, spec)?;
    if let Resolved::Relative { feature, .. } = resolved {
        resolved = resolve(&subjects.attributes, tables, specs, &specs[feature])?;
    }
    let Resolved::Rows { table, feature, windows } = resolved else { return Ok(vec![]) };
    let events = tables[table];
    if row.subject as usize >= events.subjects() {
        return Err(PlanError::Rows { row: 0 });
    }
    let mut as_of = AsOf::new(events);
    let view = as_of.seen(events, row.subject, row.cutoff, &feature.columns());
    let mut cuts = Cuts::default();
    cuts.cut(view.at, &windows, [(row.cutoff, 0)].into_iter());
    let days = feature.evidence(&view, &cuts, Target { slot: 0, window: 0, base: 1 });
    Ok(days.into_iter().map(|day| RowRef { table: events.table().to_owned(), day }).collect())
}
