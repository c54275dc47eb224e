//! What can be wrong with a table or a plan, by name.

use thiserror::Error;

use crate::values::Kind;

/// A table of events cannot be built as asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BuildError {
    /// Two columns share a name.
    #[error("table {table}: column {column} is there twice")]
    DuplicateColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// `reveals` names no moment column of the table.
    #[error("table {table}: column {column} is revealed by {reveals}, which is not a moment column of the table")]
    UnknownReveal {
        /// The table.
        table: String,
        /// The column that is revealed.
        column: String,
        /// What was named.
        reveals: String,
    },
    /// A batch does not have the columns or the rows that it should.
    #[error("table {table}: a batch has {found} {what}, expected {expected}")]
    Shape {
        /// The table.
        table: String,
        /// Columns, or rows of a named column.
        what: String,
        /// What the batch has.
        found: usize,
        /// What it should have.
        expected: usize,
    },
    /// `recorded_at` or `key` came with some batches and not with others.
    #[error("table {table}: {what} came with some batches and not with others")]
    Irregular {
        /// The table.
        table: String,
        /// `recorded_at` or `key`.
        what: &'static str,
    },
    /// An Arrow type that cannot be read as the kind.
    #[error("table {table}: column {column} of type {found} cannot be read as a {expected}")]
    Type {
        /// The table; empty for attributes of subjects.
        table: String,
        /// The column.
        column: String,
        /// The Arrow type.
        found: String,
        /// The kind.
        expected: Kind,
    },
    /// A subject code at or above the number of subjects.
    #[error("table {table}: subject code {code} where there are {subjects} subjects")]
    Subject {
        /// The table.
        table: String,
        /// The code.
        code: u32,
        /// How many subjects there are.
        subjects: usize,
    },
    /// More rows than row numbers can count.
    #[error("table {table}: more than 4294967294 rows")]
    TooManyRows {
        /// The table.
        table: String,
    },
}

/// A plan of features does not fit the tables.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// Two features share a name.
    #[error("feature {spec}: the name is there twice")]
    DuplicateName {
        /// The feature.
        spec: String,
    },
    /// Two tables share a name.
    #[error("table {table} is there twice")]
    DuplicateTable {
        /// The table.
        table: String,
    },
    /// A table was built for another number of subjects.
    #[error("table {table} was built for {found} subjects, there are {expected}")]
    SubjectCount {
        /// The table.
        table: String,
        /// The number it was built for.
        found: usize,
        /// The number there are.
        expected: usize,
    },
    /// A feature names a table that is not there.
    #[error("feature {spec}: there is no table {table}")]
    UnknownTable {
        /// The feature.
        spec: String,
        /// The table.
        table: String,
    },
    /// A feature names a column that its table does not have.
    #[error("feature {spec}: table {table} has no column {column}")]
    UnknownColumn {
        /// The feature.
        spec: String,
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A feature needs another kind of column.
    #[error("feature {spec}: column {column} of table {table} is a {found}, expected a {expected}")]
    WrongKind {
        /// The feature.
        spec: String,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it is.
        found: Kind,
        /// What the feature can use, `number or category`.
        expected: &'static str,
    },
    /// A feature names an attribute that subjects do not have, or that is of another kind.
    #[error("feature {spec}: subjects have no attribute {column} of a fitting kind")]
    UnknownAttribute {
        /// The feature.
        spec: String,
        /// The attribute.
        column: String,
    },
    /// A feature refers to one that is not in the plan, is not a number, or itself refers to another.
    #[error("feature {spec}: {feature} is not a numeric feature of the plan that stands on its own")]
    UnknownFeature {
        /// The feature.
        spec: String,
        /// The one it refers to.
        feature: String,
    },
    /// A window without days, or a short window that is not the shorter.
    #[error("feature {spec}: {message}")]
    Window {
        /// The feature.
        spec: String,
        /// What is wrong.
        message: &'static str,
    },
    /// Rows of a snapshot are not ascending by subject, then cutoff, or name a subject that is not there.
    #[error("rows of a snapshot ascend by subject, then cutoff; row {row} does not, or its subject is not there")]
    Rows {
        /// Its position.
        row: usize,
    },
}
