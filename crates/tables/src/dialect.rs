//! How a text file is laid out: its compression, encoding, delimiter and header.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use contract::CsvOptions;
use encoding_rs::{Encoding, UTF_8};
use flate2::read::MultiGzDecoder;

use crate::encoding;
use crate::error::Error;
use crate::finding::{Finding, Place, Topic};
use crate::foreign;
use crate::schema::TextFormat;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A text file whose layout is settled.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Where it is.
    pub path: PathBuf,
    /// Table and file, for findings.
    pub place: Place,
    /// What its bytes mean.
    pub encoding: &'static Encoding,
    /// What stands between fields.
    pub delimiter: u8,
    /// Names of its columns, trimmed.
    pub header: Vec<String>,
    /// Records before the first row of data.
    pub skipped_records: u64,
}

/// Settles the layout of a file.
///
/// The delimiter is the one that finds most of the `wanted` columns in the header, and then the most columns: rows
/// below do not matter, so a file cut short is read like the whole. `kept` is how the table was written when a model learnt
/// from it; what the file is surely not is not believed.
pub fn settle(
    path: &Path,
    place: Place,
    options: &CsvOptions,
    wanted: &[&str],
    region: Option<&[u8]>,
    kept: Option<&TextFormat>,
) -> Result<TextFile, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    if let Some((what, advice)) = foreign::what(&head_of(path).map_err(failed)?) {
        return Err(
            Finding::error(Topic::Unreadable, place, format!("this is {what}, not a text table"), advice).into()
        );
    }
    let detected = |kept| open(path).and_then(|bytes| encoding::detect(bytes, region, kept)).map_err(failed);
    let encoding = match &options.encoding {
        Some(label) => Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            let message = format!("the contract states the encoding '{label}', which is not known");
            Finding::error(
                Topic::Encoding,
                place.clone(),
                message,
                "state it as utf-8, windows-1251, koi8-r or utf-16le",
            )
        })?,
        None => detected(kept.and_then(|kept| Encoding::for_label(kept.encoding.as_bytes())))?,
    };
    if options.encoding.is_some() && encoding == UTF_8 && detected(None)? != UTF_8 {
        let message = "the contract states utf-8, the bytes are not";
        return Err(
            Finding::error(Topic::Encoding, place, message, "remove or change `encoding` in the contract").into()
        );
    }
    let head = first_line(encoding::decoded(open(path).map_err(failed)?, encoding).map_err(failed)?).map_err(failed)?;
    if head.trim().is_empty() {
        return Err(Finding::error(
            Topic::EmptyTable,
            place,
            "the file is empty: it has no header",
            "export it again with the names of the columns in the first row",
        )
        .into());
    }
    if let Some(delimiter) = delimiter_of_first_line(&head) {
        let skipped = encoding::decoded(open(path).map_err(failed)?, encoding).map_err(failed)?;
        let header = header_after(skipped, delimiter).map_err(failed)?;
        return Ok(TextFile { path: path.to_owned(), place, encoding, delimiter, header, skipped_records: 2 });
    }
    let best = DELIMITERS
        .into_iter()
        .max_by_key(|&delimiter| {
            let fields = fields(&head, delimiter);
            let found = wanted.iter().filter(|name| fields.iter().any(|field| field == *name)).count();
            // The earlier delimiter wins a tie.
            let order = DELIMITERS.len() - DELIMITERS.iter().position(|&d| d == delimiter).unwrap_or(0);
            let is_kept = kept.is_some_and(|kept| kept.delimiter == char::from(delimiter));
            (found, is_kept && fields.len() > 1, fields.len(), order)
        })
        .unwrap_or(b',');
    let delimiter = match options.delimiter.and_then(|stated| u8::try_from(stated).ok()) {
        Some(stated) if stated != best && fields(&head, stated).len() < 2 && fields(&head, best).len() > 1 => {
            return Err(wrong_delimiter(place, stated, best, &head).into());
        }
        Some(stated) => stated,
        None => best,
    };
    let header = fields(&head, delimiter);
    Ok(TextFile { path: path.to_owned(), place, encoding, delimiter, header, skipped_records: 1 })
}

impl TextFile {
    /// How it is written, to be kept with a model.
    pub fn format(&self) -> TextFormat {
        TextFormat { encoding: self.encoding.name().to_owned(), delimiter: char::from(self.delimiter) }
    }

    /// Its text in UTF-8, from the beginning.
    pub fn open(&self) -> Result<Box<dyn Read + Send>, Error> {
        open(&self.path)
            .and_then(|bytes| encoding::decoded(bytes, self.encoding))
            .map_err(|source| Error::Read { path: self.path.clone(), source })
    }
}

/// The first bytes of a file's contents.
fn head_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(foreign::HEAD);
    open(path)?.take(foreign::HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The bytes of a file, unpacked if they are gzip, whatever it is called.
fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(MultiGzDecoder::new(file)));
    }
    Ok(Box::new(file))
}

/// The header as text: everything up to the first line break outside quotes.
fn first_line(mut text: Box<dyn Read + Send>) -> io::Result<String> {
    const MOST: usize = 1 << 22;
    let mut line = Vec::new();
    let mut chunk = [0; 4096];
    let mut is_quoted = false;
    'reading: while line.len() < MOST {
        let length = text.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        for &byte in &chunk[..length] {
            is_quoted ^= byte == b'"';
            let is_break = (byte == b'\n' || byte == b'\r') && !is_quoted;
            if is_break && !line.is_empty() {
                break 'reading;
            }
            if !is_break {
                line.push(byte);
            }
        }
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// Excel's own first line, `sep=;`.
fn delimiter_of_first_line(head: &str) -> Option<u8> {
    let rest = head.trim().strip_prefix("sep=")?;
    (rest.len() == 1).then(|| rest.as_bytes()[0])
}

fn header_after(text: Box<dyn Read + Send>, delimiter: u8) -> io::Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    let record = reader.records().nth(1).transpose().map_err(io::Error::other)?;
    Ok(record.unwrap_or_default().iter().map(|field| field.trim().to_owned()).collect())
}

fn fields(head: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(head.as_bytes());
    let Some(Ok(record)) = reader.records().next() else { return Vec::new() };
    record.iter().map(|field| field.trim().to_owned()).collect()
}

fn wrong_delimiter(place: Place, stated: u8, best: u8, head: &str) -> Finding {
    let message = format!(
        "the contract states the delimiter {}, which leaves the header as one column; with {} it has {} columns",
        named(stated),
        named(best),
        fields(head, best).len()
    );
    let advice = format!("remove csv.delimiter from the table in the contract, or state {}", named(best));
    Finding::error(Topic::Structure, place.at_row(1), message, advice)
}

/// A delimiter as a message shows it.
pub fn named(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "tab".to_owned(),
        other => format!("'{}'", char::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(text: &str, options: &CsvOptions) -> Result<TextFile, Error> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("t.csv");
        std::fs::write(&path, text).expect("writing the test's file");
        settle(&path, Place::file("t", "t.csv"), options, &["a", "b"], None, None)
    }

    #[test]
    fn the_delimiter_is_the_one_that_finds_the_wanted_columns() {
        for (text, delimiter) in
            [("a,b;c,d\n1,2;3,4\n", b','), ("a;b;\"c,d,e,f\"\n", b';'), ("a\tb\n", b'\t'), ("a|b|c\n", b'|')]
        {
            assert_eq!(settled(text, &CsvOptions::default()).expect("a header").delimiter, delimiter, "{text}");
        }
        let file = settled("sep=;\na;b\n1;2\n", &CsvOptions::default()).expect("a header");
        assert_eq!(
            (file.delimiter, file.header, file.skipped_records),
            (b';', vec!["a".to_owned(), "b".to_owned()], 2)
        );
    }

    #[test]
    fn a_wrongly_stated_delimiter_is_named_with_the_right_one() {
        let options = CsvOptions { delimiter: Some(';'), ..CsvOptions::default() };
        let error = settled("a,b\n1,2\n", &options).expect_err("one column");
        assert_eq!(error.finding().map(|finding| finding.topic), Some(Topic::Structure));
        assert!(error.to_string().contains("with ',' it has 2 columns"), "{error}");
    }
}
