//! Features of subjects as of a cutoff, from event tables, in one pass.
//!
//! What it is: rows of events, grouped by subject once, and a list of [`Spec`]s that say what to compute; out comes a
//! matrix with a row for each subject and cutoff. Each subject's rows are walked once for all cutoffs and all windows,
//! so that cost grows with events, not with cutoffs times windows. What it is not: it reads no files, knows no contract
//! and no clock, and does not decide who is at risk.
//!
//! Read [`Events`], [`Spec`] and [`snapshot()`] first.
//!
//! # As of, by construction
//!
//! A cutoff sees a row from the later of when it happened and when it was entered, until a row with the same key
//! corrects it; it sees a value once the column that reveals it has come to pass. What it does not see changes no
//! feature, to the last bit: neither rows and values of the future, nor the order of rows in a file, nor the other
//! cutoffs of the pass. `tests/engine` holds all of it against a plain reading of the documentation, over random worlds.
//!
//! Where nothing is late, corrected or revealed, what a cutoff sees is a beginning of the subject's rows, and all
//! cutoffs share a pass. Cutoffs that miss the same corrected rows share one too; only a cutoff that falls between
//! something and its becoming known is computed apart.
//!
//! # To add a feature
//!
//! 1. Add a variant to [`Compute`] that says what it is, and when it is null.
//! 2. Add a file in `features/`, with `compute` for all cutoffs of a subject and `evidence` for the days of the rows
//!    behind one value. It must keep what `features/mod.rs` asks: a value depends on the rows its cutoff sees alone.
//! 3. Add it to `OfRows` in `features/mod.rs` (the columns it reads, the two calls) and to `resolve` in `plan.rs`.
//! 4. Add it to `specs` and `reference::value` in `tests/engine`: every property above then holds for it, or fails.

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
pub use events::{Batch, Cell, ColumnDef, Events, EventsBuilder, NO_SUBJECT, TableDef};
pub use evidence::evidence;
pub use plan::check;
pub use snapshot::{FeatureColumn, Snapshot, snapshot};
pub use spec::{Compute, Notable, Saying, Spec, Unit, Window};
pub use subjects::{Row, Subjects};
pub use values::{Column, Kind, NO_LEVEL, NO_MOMENT, UNKNOWN, Values};
