//! Features of subjects as of a cutoff, from event tables, in one pass.

mod cuts;
pub mod error;
pub mod events;
mod evidence;
mod features;
mod output;
mod plan;
mod running;
pub mod snapshot;
pub mod spec;
pub mod subjects;
pub mod values;
mod view;

pub use error::{BuildError, PlanError};
pub use events::{Batch, ColumnDef, Events, EventsBuilder, NO_SUBJECT, TableDef};
pub use evidence::evidence;
pub use plan::check;
pub use snapshot::{FeatureColumn, Snapshot, snapshot};
pub use spec::{Compute, Notable, Saying, Spec, Unit, Window};
pub use subjects::{Row, Subjects};
pub use values::{Column, Kind, NO_LEVEL, NO_MOMENT, UNKNOWN, Values};
