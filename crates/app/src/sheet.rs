//! Small tables that people hand in: CSV with a header, every cell text, every complaint with file, row and column.

use std::path::{Path, PathBuf};

/// A table in memory.
pub(crate) struct Sheet {
    file: PathBuf,
    header: Vec<String>,
    /// What cells are apart by.
    pub(crate) delimiter: u8,
    /// The line of the file and the cells, as many as the header has.
    pub(crate) rows: Vec<(u64, Vec<String>)>,
}

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The system refused.
    #[error("{}: cannot be read: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// It is no CSV.
    #[error("{}: line {line}: {problem}; expected a CSV file in UTF-8 with a header and as many cells in every row", file.display())]
    Form {
        /// The file.
        file: PathBuf,
        /// Where.
        line: u64,
        /// What is wrong.
        problem: String,
    },
    /// There is nothing in it.
    #[error("{}: there are no rows below the header, so there is nothing to do; was it exported whole?", .0.display())]
    Empty(PathBuf),
    /// A column is missing.
    #[error("{}: there is no column {column:?}; it has {}", file.display(), known.join(", "))]
    NoColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// What is there.
        known: Vec<String>,
    },
    /// A cell says what it must not.
    #[error("{}: row {row}, column {column:?}: {problem}; {advice}", file.display())]
    Cell {
        /// The file.
        file: PathBuf,
        /// The line.
        row: u64,
        /// The column.
        column: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        advice: String,
    },
}

impl Sheet {
    /// Reads a whole file. Cells are apart by the first of tab, semicolon and comma that the header has.
    pub(crate) fn read(file: &Path) -> Result<Self, SheetError> {
        let sheet = Self::read_or_empty(file)?;
        if sheet.rows.is_empty() { Err(SheetError::Empty(file.to_owned())) } else { Ok(sheet) }
    }

    /// The same, and a header alone is a table too.
    pub(crate) fn read_or_empty(file: &Path) -> Result<Self, SheetError> {
        let bytes = std::fs::read(file).map_err(|source| SheetError::Read { file: file.to_owned(), source })?;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let first = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let delimiter = *b"\t;,".iter().find(|delimiter| first.contains(delimiter)).unwrap_or(&b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text);
        let wrong = |problem: &csv::Error| SheetError::Form {
            file: file.to_owned(),
            line: problem.position().map_or(1, csv::Position::line),
            problem: problem.to_string(),
        };
        let header: Vec<String> = reader.headers().map_err(|e| wrong(&e))?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| wrong(&e))?;
            let line = record.position().map_or(0, |position| line_of(position, text));
            rows.push((line, record.iter().map(str::to_owned).collect()));
        }
        Ok(Self { file: file.to_owned(), header, delimiter, rows })
    }

    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The position of a column.
    pub(crate) fn column(&self, name: &str) -> Result<usize, SheetError> {
        self.header.iter().position(|known| known == name).ok_or_else(|| SheetError::NoColumn {
            file: self.file.clone(),
            column: name.to_owned(),
            known: self.header.clone(),
        })
    }

    /// A complaint about a cell.
    pub(crate) fn wrong(&self, row: u64, column: usize, problem: String, advice: impl Into<String>) -> SheetError {
        SheetError::Cell {
            file: self.file.clone(),
            row,
            column: self.header[column].clone(),
            problem,
            advice: advice.into(),
        }
    }
}

/// The line of a record: its position is that of the empty lines before it, if there are any.
fn line_of(position: &csv::Position, text: &[u8]) -> u64 {
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(text.len());
    let breaks = text[from..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    position.line() + breaks.filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sheet.csv");
        std::fs::write(&file, text).expect("written");
        Sheet::read(&file)
    }

    #[test]
    fn delimiters_are_found_and_rows_keep_their_lines() {
        let sheet = read("\u{feff}id;city\n1; Dushanbe\n\n2;\"a;b\"\n").expect("a table");
        assert_eq!(sheet.column("city").expect("there"), 1);
        assert_eq!(sheet.rows[1], (4, vec!["2".to_owned(), "a;b".to_owned()]));
    }

    #[test]
    fn what_is_no_table_says_where() {
        let error = |text: &str| read(text).map(|_| ()).expect_err("no table").to_string();
        assert!(error("id,city\n").contains("no rows"), "{}", error("id,city\n"));
        assert!(error("id,city\n1,2\n1,2,3\n").contains("line 3"));
        let missing = read("id,city\n1,2\n").expect("a table").column("town").expect_err("missing").to_string();
        assert!(missing.contains("no column \"town\"; it has id, city"), "{missing}");
    }
}
