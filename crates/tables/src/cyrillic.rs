//! How much a text looks like the Russian of a table: letters by their frequency, cases where they belong, no signs that
//! only a wrong reading brings.

/// How often each letter stands in Russian text, in ten thousand letters.
const FREQUENCIES: [(char, f64); 33] = [
    ('о', 1097.0),
    ('е', 845.0),
    ('а', 801.0),
    ('и', 735.0),
    ('н', 670.0),
    ('т', 626.0),
    ('с', 547.0),
    ('р', 473.0),
    ('в', 454.0),
    ('л', 440.0),
    ('к', 349.0),
    ('м', 321.0),
    ('д', 298.0),
    ('п', 281.0),
    ('у', 262.0),
    ('я', 201.0),
    ('ы', 190.0),
    ('ь', 174.0),
    ('г', 170.0),
    ('з', 165.0),
    ('б', 159.0),
    ('ч', 144.0),
    ('й', 121.0),
    ('х', 97.0),
    ('ж', 94.0),
    ('ш', 73.0),
    ('ю', 64.0),
    ('ц', 48.0),
    ('щ', 36.0),
    ('э', 32.0),
    ('ф', 26.0),
    ('ё', 20.0),
    ('ъ', 4.0),
];

// Logarithms of how likely the rest is.
const SIGN_OF_TYPOGRAPHY: f64 = -4.0;
const OTHER_LETTER: f64 = -6.0;
const OTHER_SIGN: f64 = -8.0;
const NO_CHARACTER: f64 = -12.0;
const CAPITAL_FIRST: f64 = -0.7;
const CAPITAL_AFTER_CAPITAL: f64 = -1.0;
const CAPITAL_AFTER_SMALL: f64 = -5.0;
const LATIN_BESIDE_CYRILLIC: f64 = -6.0;

/// The logarithm of how likely the characters beyond ASCII are, up to a constant.
pub(crate) fn plausibility(text: &str) -> f64 {
    let mut sum = 0.0;
    let mut before = ' ';
    for character in text.chars() {
        if !character.is_ascii() {
            sum += of_character(character) + of_case(before, character);
        }
        let is_mixed = |a: char, b: char| a.is_ascii_alphabetic() && is_cyrillic(b);
        if is_mixed(before, character) || is_mixed(character, before) {
            sum += LATIN_BESIDE_CYRILLIC;
        }
        before = character;
    }
    sum
}

fn of_character(character: char) -> f64 {
    let small = character.to_lowercase().next().unwrap_or(character);
    if let Some((_, frequency)) = FREQUENCIES.iter().find(|(letter, _)| *letter == small) {
        return (frequency / 10_000.0).ln();
    }
    match character {
        '\u{fffd}' | '\u{80}'..='\u{9f}' => NO_CHARACTER,
        '«' | '»' | '„' | '“' | '”' | '‘' | '’' | '–' | '—' | '…' | '№' | '°' | '\u{a0}' => {
            SIGN_OF_TYPOGRAPHY
        }
        letter if letter.is_alphabetic() => OTHER_LETTER,
        _ => OTHER_SIGN,
    }
}

fn of_case(before: char, character: char) -> f64 {
    if !character.is_uppercase() {
        return 0.0;
    }
    match before {
        small if small.is_lowercase() => CAPITAL_AFTER_SMALL,
        capital if capital.is_uppercase() => CAPITAL_AFTER_CAPITAL,
        _ => CAPITAL_FIRST,
    }
}

fn is_cyrillic(character: char) -> bool {
    ('\u{400}'..='\u{52f}').contains(&character)
}
