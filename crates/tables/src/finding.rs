//! What is wrong with the data, said so that the person who can mend it knows where to look and what to do.

use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The run cannot use this data.
    Error,
    /// The run goes on, and the answer may be worse for it.
    Warning,
    /// Worth knowing.
    Info,
}

/// What a finding is about; one per rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A file that is not there.
    MissingFile,
    /// A source that cannot be reached or read.
    Unreadable,
    /// A file whose bytes are not the text they should be.
    Encoding,
    /// A row that does not have the header's fields.
    Structure,
    /// A column that the contract names and the table lacks.
    UnknownColumn,
    /// A cell that is not of its column's type.
    BadCell,
    /// Dates of more than one format in a column.
    MixedDates,
    /// A condition or expression of the contract that cannot be computed.
    Expression,
    /// A key that stands in more than one row.
    DuplicateKey,
    /// A row without a key.
    EmptyKey,
    /// Rows about subjects that the subjects' table does not have.
    Orphans,
    /// Rows about actions that the contract does not have.
    UnknownAction,
    /// Rows without a time.
    NoTime,
    /// Subjects without a value.
    NoValue,
    /// Rows later than the newest day there can be data of.
    Future,
    /// A table without rows.
    EmptyTable,
    /// A column without values.
    EmptyColumn,
    /// A column with one value only.
    ConstantColumn,
    /// A column that tells subjects apart and nothing else.
    Identifier,
    /// A column that came after a model learned.
    NewColumn,
    /// A column that knows the outcome.
    Leak,
    /// A cutoff before there is any data.
    BeforeData,
    /// Whether there is enough to learn from.
    EnoughData,
    /// A part of the outcome that looks wrong.
    Outcome,
}

/// Where a finding is. Empty where the place has no such part.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The table's name in the contract.
    pub table: String,
    /// The file, or the relation of a database.
    pub file: Option<String>,
    /// The row as a spreadsheet counts: the header is row 1.
    pub row: Option<u64>,
    /// The column as the file names it.
    pub column: Option<String>,
}

/// One thing to know about the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Which rule found it.
    pub topic: Topic,
    /// Where it is.
    pub place: Place,
    /// What was found, and what was expected.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}

impl Finding {
    /// An error at a place.
    pub fn error(topic: Topic, place: Place, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { severity: Severity::Error, topic, place, message: message.into(), advice: advice.into() }
    }

    /// A warning at a place.
    pub fn warning(topic: Topic, place: Place, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, topic, place, message: message.into(), advice: advice.into() }
    }

    /// Something worth knowing about a place.
    pub fn info(topic: Topic, place: Place, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { severity: Severity::Info, topic, place, message: message.into(), advice: advice.into() }
    }
}

impl Place {
    /// A whole table.
    pub fn table(table: &str) -> Self {
        Self { table: table.to_owned(), ..Self::default() }
    }

    /// A table and the file it is read from.
    pub fn file(table: &str, file: &str) -> Self {
        Self { table: table.to_owned(), file: Some(file.to_owned()), ..Self::default() }
    }

    /// The same place, at a row.
    #[must_use]
    pub fn at_row(mut self, row: u64) -> Self {
        self.row = (row > 0).then_some(row);
        self
    }

    /// The same place, in a column.
    #[must_use]
    pub fn in_column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }
}

impl fmt::Display for Place {
    /// `students.csv, row 12, column born_on`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file.as_deref().unwrap_or(&self.table))?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.message, self.advice)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}

/// A cell as it is shown in a message: its beginning, in quotes.
pub fn shown(cell: &str) -> String {
    const MOST: usize = 40;
    let start: String = cell.chars().take(MOST).collect();
    if start.len() == cell.len() {
        return format!("'{start}'");
    }
    format!("'{start}...' ({} characters)", cell.chars().count())
}

/// The names nearest to a misspelt one, best first, at most three.
pub fn nearest<'a>(name: &str, among: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = name.to_lowercase();
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in among {
        let lower = candidate.to_lowercase();
        let distance = edit_distance(&wanted, &lower);
        // A letter or two stand in nearly every name.
        let shorter = wanted.chars().count().min(lower.chars().count());
        let contained = shorter > 2 && (lower.contains(&wanted) || wanted.contains(&lower));
        if contained || distance <= wanted.chars().count().max(3) / 3 {
            found.push((distance, candidate));
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Levenshtein's distance.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut current = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = previous[j] + usize::from(x != *y);
            current.push(replaced.min(previous[j + 1] + 1).min(current[j] + 1));
        }
        previous = current;
    }
    previous[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_its_neighbours() {
        let columns = ["student_id", "left_on", "status", "started_on"];
        assert_eq!(nearest("left_no", columns), ["left_on"]);
        assert_eq!(nearest("Student_ID", columns), ["student_id"]);
        assert!(nearest("price", columns).is_empty());
        assert!(nearest("actions", ["a", "s", "on"]).is_empty());
    }

    #[test]
    fn a_finding_says_where_what_and_what_to_do() {
        let place = Place::file("students", "students.csv").at_row(12).in_column("born_on");
        let finding = Finding::warning(Topic::BadCell, place, "'x' is not a date", "write it as 2026-11-20");
        assert_eq!(
            finding.to_string(),
            "students.csv, row 12, column born_on: 'x' is not a date; write it as 2026-11-20"
        );
    }

    #[test]
    fn a_long_cell_is_cut_in_messages() {
        let cell = "ы".repeat(1_000_000);
        assert!(shown(&cell).len() < 200);
        assert!(shown(&cell).ends_with("(1000000 characters)"));
    }
}
