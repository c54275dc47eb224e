//! Which bytes stand for which letters: detected, and turned into UTF-8 while reading.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    CoderResult, Decoder, Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251,
    X_MAC_CYRILLIC,
};

use crate::cyrillic;

const CHUNK: usize = 1 << 20;
/// By how much IBM866 must be more plausible than any other, in logarithms of probability.
const LEAD_OF_IBM866: f64 = 5.0;

/// The encoding of a stream, told by its byte order mark or by its first letters beyond ASCII.
///
/// UTF-8 is known by being valid; a file in an older encoding almost never is. `region` is the top-level domain whose
/// texts are likely, which helps where letters are few. `kept` is the encoding that the table had before: it stands unless
/// the bytes are surely in another.
pub fn detect(
    mut bytes: impl Read,
    region: Option<&[u8]>,
    kept: Option<&'static Encoding>,
) -> io::Result<&'static Encoding> {
    let mut chunk = vec![0; CHUNK];
    let mut is_first = true;
    loop {
        let length = read_full(&mut bytes, &mut chunk)?;
        let read = &chunk[..length];
        if is_first {
            if let Some((encoding, _)) = Encoding::for_bom(read) {
                return Ok(encoding);
            }
            if let Some(encoding) = utf_16_without_mark(read) {
                return Ok(encoding);
            }
            is_first = false;
        }
        if read.is_ascii() {
            if length < CHUNK {
                return Ok(UTF_8);
            }
            continue;
        }
        let is_utf_8 = match std::str::from_utf8(read) {
            Ok(_) => true,
            // A letter may be cut by the end of the chunk.
            Err(error) => error.error_len().is_none() && length - error.valid_up_to() < 4,
        };
        if is_utf_8 {
            return Ok(UTF_8);
        }
        if let Some(kept) = kept.filter(|kept| *kept != UTF_8 || is_mostly_utf_8(read)) {
            return Ok(kept);
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(read, length < CHUNK);
        return Ok(most_plausible(detector.guess(region, Utf8Detection::Deny), read, region));
    }
}

/// Whether most characters beyond ASCII are valid.
fn is_mostly_utf_8(read: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in read.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid >= invalid
}

/// The encoding under which the bytes look most like Russian among other text, else the detector's guess.
///
/// The Cyrillic encodings place the same letters in other cases or orders, so that the short codes and names of tables,
/// unlike running text, leave a detector in doubt. UTF-8 is among the candidates: a bad byte or two do not unmake it.
fn most_plausible(guess: &'static Encoding, read: &[u8], region: Option<&[u8]>) -> &'static Encoding {
    let is_cyrillic = [WINDOWS_1251, KOI8_U, KOI8_R, IBM866, ISO_8859_5, X_MAC_CYRILLIC].contains(&guess);
    if !is_cyrillic && region != Some(b"ru") {
        return guess;
    }
    let mut best = (f64::NEG_INFINITY, guess);
    for candidate in [WINDOWS_1251, UTF_8, KOI8_U, guess, IBM866] {
        let (text, _) = candidate.decode_without_bom_handling(read);
        // Exports have not been written in it for decades.
        let handicap = if candidate == IBM866 { LEAD_OF_IBM866 } else { 0.0 };
        let plausibility = cyrillic::plausibility(&text) - handicap;
        if plausibility > best.0 {
            best = (plausibility, candidate);
        }
    }
    best.1
}

/// Mostly ASCII in UTF-16 has a zero in every other byte.
fn utf_16_without_mark(read: &[u8]) -> Option<&'static Encoding> {
    let head = &read[..read.len().min(512) & !1];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let most = head.len() / 4;
    if head.len() < 8 {
        return None;
    }
    if zeros(1) > most && zeros(0) == 0 {
        return Some(UTF_16LE);
    }
    (zeros(0) > most && zeros(1) == 0).then_some(UTF_16BE)
}

fn read_full(bytes: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < chunk.len() {
        let read = bytes.read(&mut chunk[filled..])?;
        if read == 0 {
            break;
        }
        filled += read;
    }
    Ok(filled)
}

/// The stream in UTF-8, without its byte order mark.
///
/// UTF-8 itself passes unchecked but for the mark: cells are checked where they are read, so that a finding can name
/// the row. Other encodings write U+FFFD where bytes mean nothing.
pub fn decoded(bytes: Box<dyn Read + Send>, encoding: &'static Encoding) -> io::Result<Box<dyn Read + Send>> {
    if encoding == UTF_8 {
        return without_mark(bytes);
    }
    Ok(Box::new(Utf8Reader {
        bytes,
        decoder: encoding.new_decoder_with_bom_removal(),
        input: vec![0; 1 << 16],
        pending: 0..0,
        output: vec![0; 1 << 18],
        ready: 0..0,
        is_last: false,
        is_done: false,
    }))
}

fn without_mark(mut bytes: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut start = [0; 3];
    let length = read_full(&mut bytes, &mut start)?;
    let kept: &[u8] = if start[..length] == *b"\xef\xbb\xbf" { &[] } else { &start[..length] };
    Ok(Box::new(io::Cursor::new(kept.to_vec()).chain(bytes)))
}

struct Utf8Reader {
    bytes: Box<dyn Read + Send>,
    decoder: Decoder,
    input: Vec<u8>,
    pending: std::ops::Range<usize>,
    output: Vec<u8>,
    ready: std::ops::Range<usize>,
    is_last: bool,
    is_done: bool,
}

impl Read for Utf8Reader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.is_done {
            if self.pending.is_empty() && !self.is_last {
                let length = self.bytes.read(&mut self.input)?;
                self.pending = 0..length;
                self.is_last = length == 0;
            }
            let source = &self.input[self.pending.clone()];
            let (result, read, written, _) = self.decoder.decode_to_utf8(source, &mut self.output, self.is_last);
            self.pending.start += read;
            self.ready = 0..written;
            self.is_done = self.is_last && result == CoderResult::InputEmpty;
        }
        let length = self.ready.len().min(target.len());
        target[..length].copy_from_slice(&self.output[self.ready.start..self.ready.start + length]);
        self.ready.start += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "студент;город;курс\nФаррух Назаров;Душанбе;разработка\nМадина Саидова;Худжанд;дизайн\n";

    fn round_trip(bytes: &[u8]) -> (&'static Encoding, String) {
        let encoding = detect(bytes, Some(b"ru"), None).expect("reading memory");
        let mut text = String::new();
        let mut reader = decoded(Box::new(io::Cursor::new(bytes.to_vec())), encoding).expect("reading memory");
        reader.read_to_string(&mut text).expect("UTF-8");
        (encoding, text)
    }

    #[test]
    fn cyrillic_is_read_in_every_usual_encoding() {
        let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(TEXT.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(round_trip(TEXT.as_bytes()), (UTF_8, TEXT.to_owned()));
        assert_eq!(round_trip(format!("\u{feff}{TEXT}").as_bytes()), (UTF_8, TEXT.to_owned()));
        assert_eq!(round_trip(&utf_16), (UTF_16LE, TEXT.to_owned()));
        assert_eq!(round_trip(&WINDOWS_1251.encode(TEXT).0), (WINDOWS_1251, TEXT.to_owned()));
        // KOI8-U is KOI8-R with four Ukrainian letters in place of line-drawing signs.
        assert_eq!(round_trip(&KOI8_U.encode(TEXT).0), (KOI8_U, TEXT.to_owned()));
    }

    #[test]
    fn russian_words_among_latin_ones_are_read_in_the_encoding_they_are_in() {
        let text = "kod;data;status\na1;2026-02-01;был\na2;2026-02-02;не был\na3;2026-02-03;опоздал\n";
        for encoding in [WINDOWS_1251, KOI8_U, IBM866] {
            assert_eq!(round_trip(&encoding.encode(text).0), (encoding, text.to_owned()));
        }
        let mut broken = text.as_bytes().to_vec();
        broken.extend(b"a4;2026-02-04;\xe1\n");
        let found = detect(broken.as_slice(), Some(b"ru"), None).expect("reading memory");
        assert_eq!(found, UTF_8, "one bad byte does not unmake UTF-8");
        let (german, _, _) = encoding_rs::WINDOWS_1252.encode("id;name\n1;M\u{fc}ller\n2;Sch\u{e4}fer\n3;Wei\u{df}\n");
        assert_ne!(detect(&*german, None, None).expect("reading memory"), IBM866);
    }

    #[test]
    fn utf_16_is_known_without_its_mark() {
        let bytes: Vec<u8> = "id;name\n1;Anna\n2;Olim\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(round_trip(&bytes).1, "id;name\n1;Anna\n2;Olim\n");
    }
}
