//! A table of the contract: where it is, when its rows happen, and what its columns mean.

use domain::Family;

use crate::kits::Role;
use crate::labels::Labels;

/// Rows about subjects.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name in the contract, in features and in evidence.
    pub name: String,
    /// The role that the kit knows it by.
    pub role: Option<Role>,
    /// The family that its features belong to; a table without a role is a family of its own.
    pub family: Family,
    /// What people call it.
    pub labels: Labels,
    /// Where the rows are.
    pub source: TableSource,
    /// Whether a missing source is an error: the subjects' and the outcome's table, and any whose file, relation or
    /// query is stated. Otherwise it only means fewer features.
    pub required: bool,
    /// The column with the subject's key.
    pub subject: ColumnRef,
    /// The key of the contract that says so, or where to say it: `tables.attendance.columns.student_id`.
    pub subject_key: String,
    /// When a row happens; a row is visible from then on. Nothing only for the subjects' table.
    pub at: Option<ColumnRef>,
    /// When a row was entered, where that is later: it is visible from the later of both.
    pub recorded_at: Option<ColumnRef>,
    /// What tells rows apart. With `recorded_at`, of rows with the same key the latest visible one stands.
    pub key: Option<ColumnRef>,
    /// SQL condition over the source's columns; rows for which it is not true are left out.
    pub rows: Option<String>,
    /// Columns that the contract or the kit names, the kit's first.
    pub columns: Vec<Column>,
    /// Whether every further column of the source that holds numbers is taken as a number under its own name. So it
    /// is for the role `activity`, and for a table without a role, until columns of its own are listed.
    pub takes_other_numbers: bool,
    /// What is known of the text format; the rest is detected.
    pub csv: CsvOptions,
}

/// Where a table's rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableSource {
    /// A file in the folder of [`crate::Source::Folder`], or in the contract's own: the first of these that is there.
    File {
        /// Paths relative to the folder.
        candidates: Vec<String>,
    },
    /// A table or view of the database, `public.attendance`.
    Relation(String),
    /// A query against the database.
    Query(String),
}

/// A column of the source, or an expression over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRef {
    /// Where the values come from.
    pub origin: Origin,
    /// Named by the kit, not by the file: where the source has no such column, do without it.
    pub assumed: bool,
}

/// Where values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A column of the source, by its name there.
    Column(String),
    /// SQL over the source's columns.
    Expr(String),
    /// Whether the named column of the contract, once its spellings are mapped, has one of these levels.
    OneOf {
        /// A name in [`Table::columns`].
        column: String,
        /// Levels for which it is true.
        levels: Vec<String>,
    },
}

/// A column that the contract or the kit names.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in features: the kit's where it knows the column.
    pub name: String,
    /// Where its values come from.
    pub origin: Origin,
    /// What it holds; by the data where nothing is said.
    pub kind: Option<Kind>,
    /// When its value becomes known: the first of these that the source has. Empty: known with the row. Where all
    /// are assumed and none is there, the column cannot be trusted and is left out.
    pub reveals: Vec<ColumnRef>,
    /// For a category: its levels and how the source spells them. Empty: the source's own values.
    pub levels: Vec<Level>,
    /// What people call it.
    pub labels: Labels,
    /// Named by the kit, not by the file: where the source has no such column, features that need it are left out.
    pub assumed: bool,
    /// The kit's features of the table make no sense without it.
    pub needed: bool,
}

/// A level of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The contract's name for it, `absent`.
    pub name: String,
    /// How the source spells it, compared without case and outer spaces. The name itself is always among them.
    pub spellings: Vec<String>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A number.
    Number,
    /// One of several words.
    Category,
    /// A date or a date and time.
    Moment,
    /// Yes or no.
    Flag,
    /// An amount in major units, perhaps with a currency sign and spaces in the text.
    Money,
}

/// What is known of a text file's format, by the table or by `[csv]`; what is not stated is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvOptions {
    /// Between fields.
    pub delimiter: Option<char>,
    /// A label of the Encoding Standard, `windows-1251`.
    pub encoding: Option<String>,
    /// Before the decimals, `.` or `,`.
    pub decimal: Option<char>,
    /// A `strptime` format of dates, `%d.%m.%Y`.
    pub date_format: Option<String>,
}

/// How the name of a table's file ends.
pub(crate) const FILE_ENDINGS: [&str; 5] = ["csv", "csv.gz", "parquet", "tsv", "tsv.gz"];

impl Table {
    /// The column called `name` in the contract.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Files in which the table may be found, best first; also for a table of the database, whose exports the caller
    /// may offer instead.
    pub fn file_candidates(&self) -> Vec<String> {
        match &self.source {
            TableSource::File { candidates } => candidates.clone(),
            TableSource::Relation(_) | TableSource::Query(_) => default_files(&self.name),
        }
    }
}

impl CsvOptions {
    /// What is stated here, else what is stated for all.
    pub(crate) fn or(self, all: &Self) -> Self {
        Self {
            delimiter: self.delimiter.or(all.delimiter),
            encoding: self.encoding.or_else(|| all.encoding.clone()),
            decimal: self.decimal.or(all.decimal),
            date_format: self.date_format.or_else(|| all.date_format.clone()),
        }
    }
}

impl Level {
    /// Whether the source's text means this level.
    pub fn spells(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.spellings.iter().any(|spelling| spelling.trim().to_lowercase() == text)
    }
}

impl Kind {
    /// The word used in the contract: `number`, `category`, `moment`, `flag`, `money`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Category => "category",
            Self::Moment => "moment",
            Self::Flag => "flag",
            Self::Money => "money",
        }
    }
}

/// The files that a table without a stated one is looked for in.
pub(crate) fn default_files(table: &str) -> Vec<String> {
    FILE_ENDINGS.map(|ending| format!("{table}.{ending}")).to_vec()
}
