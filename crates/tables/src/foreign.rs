//! Files that are no text tables, told by their first bytes: what people save or download instead of an export.

/// Bytes of the head that are looked at.
pub(crate) const HEAD: usize = 512;
/// Control characters among so many bytes that no text has them.
const BYTES_A_CONTROL: usize = 50;

const SAVE_AS_CSV: &str = "open it and save it as CSV";
const EXPORT_AGAIN: &str = "export the table again as CSV";

/// What the file is instead, and what to do; nothing where it may be text.
pub(crate) fn what(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let magic: [(&[u8], &str, &str); 6] = [
        (b"PK\x03\x04", "an Excel workbook (or another zip archive)", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook", SAVE_AS_CSV),
        (b"%PDF", "a PDF", "export the table itself as CSV: a PDF holds a picture of it"),
        (b"PAR1", "Parquet", "give the file the ending .parquet"),
        (b"SQLite format 3", "an SQLite database", EXPORT_AGAIN),
        (b"7z\xbc\xaf", "a 7z archive", "unpack it"),
    ];
    if let Some((_, what, advice)) = magic.iter().find(|(start, ..)| head.starts_with(start)) {
        return Some((what, advice));
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    if ["<!doctype", "<html", "<table", "<head", "<body"].into_iter().any(begins) {
        return Some((
            "a web page",
            "if the page shows the table, open it in a spreadsheet and save it as CSV; else sign in and export again",
        ));
    }
    if begins("<?xml") {
        return Some(("XML", EXPORT_AGAIN));
    }
    if begins("{") || begins("[{") {
        return Some(("JSON", EXPORT_AGAIN));
    }
    // UTF-16 is full of zeros, and of the high bytes of its letters.
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    let is_wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || zeros * 5 > head.len();
    let is_control = |byte: &&u8| **byte < b' ' && !matches!(**byte, b'\t' | b'\n' | b'\r');
    let is_binary = !is_wide && head.iter().filter(is_control).count() * BYTES_A_CONTROL > head.len();
    is_binary.then_some(("a binary file", EXPORT_AGAIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_called_by_its_name() {
        let name = |head: &[u8]| what(head).map(|(name, _)| name);
        assert_eq!(name(b"%PDF-1.4\n"), Some("a PDF"));
        assert_eq!(name(b"\xef\xbb\xbf\n<!DOCTYPE html><html>"), Some("a web page"));
        assert_eq!(name(b"{\"id\":1}\n{\"id\":2}\n"), Some("JSON"));
        assert_eq!(name(b"\x01\x02\x03id,\x04\x05name"), Some("a binary file"));
    }

    #[test]
    fn tables_pass() {
        for head in ["id,name\n1,\"<b>\"\n", "", "[id],name\n", "\u{feff}id;имя\n"] {
            assert_eq!(what(head.as_bytes()), None, "{head}");
        }
        let wide: Vec<u8> = "id,имя\n1,Анна\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(what(&wide), None);
    }
}
