//! Whether a sentence says only what its facts hold: every number, date and sign.
//!
//! A sentence is read token by token. A number followed by a month is a day and must be among the facts' days; one with a
//! per cent sign must be among the shares, one beside the currency among the amounts, any other among counts and
//! numbers. Numbers are compared as a template would write them, rounded and with their sign: where the facts hold 45.26,
//! 45.3 passes, and 45.4 and -45.3 do not. Numbers spelled in words fail: a template never has them, and whoever rewords
//! a template must keep its digits. Which value a number belongs to is not told: of two counts in one fact, one may stand
//! where the other should.

use std::collections::BTreeSet;

use domain::writing::{self, MINUS};
use domain::{Decision, Evidence, Fact, FactValue, Locale, Prospect};

use crate::narrator::Narrator;
use crate::sentences::{Said, Shape};

/// What a sentence may say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    values: Vec<FactValue>,
}

/// What a sentence says without ground.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not in the facts")]
pub struct Unsupported(
    /// The number, date or word, as the sentence has it.
    pub String,
);

/// A number in a sentence by what it claims to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Plain(String),
    Percent(String),
    Money(String),
    /// Day and month.
    Day(String, usize),
    Year(String),
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// With its sign, in the plain form `-1234.5`.
    Number(String),
    /// In lower case.
    Word(String),
    /// Anything else but spaces.
    Mark(char),
}

impl Ground {
    /// Adds what a fact holds.
    #[must_use]
    pub fn fact(mut self, fact: &Fact) -> Self {
        let said = Shape::of(&fact.sentence.0).map_or(Said::Plainly, |shape| shape.said);
        for (name, value) in &fact.values {
            let as_said = if name == "value" { restated(said, value) } else { None };
            self.values.push(as_said.unwrap_or_else(|| value.clone()));
        }
        self
    }

    /// Adds a value.
    #[must_use]
    pub fn value(mut self, value: FactValue) -> Self {
        self.values.push(value);
        self
    }

    fn prospect(self, prospect: &Prospect) -> Self {
        let chance = prospect.chance;
        let mut ground = [chance.mean, chance.low, chance.high]
            .into_iter()
            .fold(self, |ground, p| ground.value(FactValue::Share(p.get())))
            .value(FactValue::Money(prospect.expected_value));
        if let Evidence::Cases { cases, randomised } = chance.evidence {
            ground = ground.value(FactValue::Count(cases.into())).value(FactValue::Count(randomised.into()));
        }
        ground
    }
}

impl Narrator {
    /// What a sentence about a decision may say.
    pub fn ground_of(&self, decision: &Decision) -> Ground {
        let mut ground = Ground::default();
        for prospect in &decision.prospects {
            ground = ground
                .prospect(prospect)
                .value(FactValue::Money(self.cost(prospect)))
                .value(FactValue::Text(self.action(prospect.action.as_ref())));
        }
        ground
    }

    /// Whether every number, date and sign of a sentence has its ground.
    ///
    /// # Errors
    ///
    /// The first that has not.
    pub fn check(&self, sentence: &str, ground: &Ground) -> Result<(), Unsupported> {
        let mut allowed = BTreeSet::new();
        let mut texts = Vec::new();
        for value in &ground.values {
            match value {
                // A text may hold digits of its own, such as "Rust 2024"; one of digits only is a number.
                FactValue::Text(text) if text.chars().any(char::is_alphabetic) => texts.push(text),
                FactValue::Days(days) => {
                    for date in days.iter().map(|day| day.date()) {
                        let month = usize::from(date.month().unsigned_abs()) - 1;
                        allowed.insert(Claim::Day(date.day().to_string(), month));
                        allowed.insert(Claim::Year(date.year().to_string()));
                    }
                }
                other => allowed.extend(self.claims(&self.write(other))),
            }
        }
        // The longest first, so that one text inside another does not tear it.
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        let mut rest = sentence.to_owned();
        for text in texts {
            rest = rest.replace(text.as_str(), " ");
        }

        let words = number_words(self.locale);
        for token in self.tokens(&rest) {
            if let Token::Word(word) = token
                && words.contains(&word.as_str())
            {
                return Err(Unsupported(word));
            }
        }
        let unsupported = self.claims(&rest).into_iter().find(|claim| !allowed.contains(claim));
        unsupported.map_or(Ok(()), |claim| Err(Unsupported(self.describe(&claim))))
    }

    /// Every number of a text, by what it claims to be.
    fn claims(&self, text: &str) -> Vec<Claim> {
        let tokens = self.tokens(text);
        let unit = writing::currency_unit(self.locale, self.currency);
        let is_unit = |token: Option<&Token>| match token {
            Some(Token::Word(word)) => *word == unit.to_lowercase(),
            Some(Token::Mark(mark)) => unit.chars().eq([*mark]),
            _ => false,
        };
        let mut claims = Vec::new();
        for (k, token) in tokens.iter().enumerate() {
            let Token::Number(number) = token else { continue };
            let before = k.checked_sub(1).and_then(|before| tokens.get(before));
            let claim = match tokens.get(k + 1) {
                Some(Token::Mark('%')) => Claim::Percent(number.clone()),
                next if is_unit(next) || is_unit(before) => Claim::Money(number.clone()),
                _ if number.len() == 4 && self.month(before).is_some() => Claim::Year(number.clone()),
                _ => match self.month_ahead(&tokens[k + 1..]) {
                    Some(month) => Claim::Day(number.clone(), month),
                    None => Claim::Plain(number.clone()),
                },
            };
            claims.push(claim);
        }
        claims
    }

    /// The month that a number belongs to: the first word after it that does not merely join days.
    fn month_ahead(&self, tokens: &[Token]) -> Option<usize> {
        let joins = |word: &str| matches!(word, "и" | "по" | "and" | "to" | "ва" | "то");
        let next = tokens.iter().find(|token| match token {
            Token::Number(_) | Token::Mark(',') => false,
            Token::Word(word) => !joins(word),
            Token::Mark(_) => true,
        });
        self.month(next)
    }

    fn month(&self, token: Option<&Token>) -> Option<usize> {
        let Some(Token::Word(word)) = token else { return None };
        self.months.iter().position(|month| month.to_lowercase() == *word)
    }

    fn tokens(&self, text: &str) -> Vec<Token> {
        let characters: Vec<char> = text.chars().collect();
        let digit_at = |k: usize| characters.get(k).is_some_and(char::is_ascii_digit);
        let mut tokens = Vec::new();
        let mut k = 0;
        while k < characters.len() {
            let c = characters[k];
            if c.is_alphabetic() {
                let end = (k..characters.len()).find(|&k| !characters[k].is_alphanumeric()).unwrap_or(characters.len());
                tokens.push(Token::Word(characters[k..end].iter().collect::<String>().to_lowercase()));
                k = end;
            } else if c.is_ascii_digit() {
                // English puts the minus before the sign of a currency.
                let before = characters[..k].iter().rev().find(|&&c| !matches!(c, '$' | '€' | '£' | '₽' | '₸'));
                let signed = before.is_some_and(|&c| matches!(c, MINUS | '-'));
                let mut number = String::from(if signed { "-" } else { "" });
                while k < characters.len() {
                    let c = characters[k];
                    let group = c == writing::group_separator(self.locale)
                        && (1..=3).all(|ahead| digit_at(k + ahead))
                        && !digit_at(k + 4);
                    let point =
                        c == writing::decimal_separator(self.locale) && digit_at(k + 1) && !number.contains('.');
                    if c.is_ascii_digit() {
                        number.push(c);
                    } else if group {
                        // Nothing of a group's separator is kept.
                    } else if point {
                        number.push('.');
                    } else {
                        break;
                    }
                    k += 1;
                }
                tokens.push(Token::Number(number));
            } else {
                if !c.is_whitespace() {
                    tokens.push(Token::Mark(c));
                }
                k += 1;
            }
        }
        tokens
    }

    fn describe(&self, claim: &Claim) -> String {
        match claim {
            Claim::Plain(number) | Claim::Year(number) => number.clone(),
            Claim::Percent(number) => format!("{number}%"),
            Claim::Money(number) => format!("{number} {}", writing::currency_unit(self.locale, self.currency)),
            Claim::Day(day, month) => format!("{day} {}", self.months[*month]),
        }
    }
}

/// The value as its sentence says it, where that is not plainly.
fn restated(said: Said, value: &FactValue) -> Option<FactValue> {
    match (said, value) {
        (Said::AsPercent, FactValue::Number(ratio)) => Some(FactValue::Share(*ratio)),
        (Said::AsSize, FactValue::Share(share)) => Some(FactValue::Number(share.abs() * 100.0)),
        (Said::AsSize, FactValue::Number(number)) => Some(FactValue::Number(number.abs())),
        (Said::AsSize, FactValue::Count(count)) => Some(FactValue::Count(count.abs())),
        _ => None,
    }
}

/// Numbers that a reworded sentence might spell out. One is left out: it is also an article or a pronoun.
fn number_words(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::Ru => &[
            "два",
            "две",
            "двух",
            "дважды",
            "оба",
            "обе",
            "три",
            "трёх",
            "трех",
            "трижды",
            "четыре",
            "четырёх",
            "четырех",
            "пять",
            "пяти",
            "шесть",
            "шести",
            "семь",
            "семи",
            "восемь",
            "восьми",
            "девять",
            "девяти",
            "десять",
            "десяти",
            "двадцать",
            "сто",
            "половина",
            "половину",
            "вдвое",
            "втрое",
            "пара",
            "пару",
        ],
        Locale::En => &[
            "two", "twice", "both", "three", "thrice", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "twenty", "hundred", "half", "double", "dozen",
        ],
        Locale::Tg => &[
            "ду",
            "дуто",
            "се",
            "сето",
            "чор",
            "чорто",
            "чаҳор",
            "панҷ",
            "панҷто",
            "шаш",
            "ҳафт",
            "ҳашт",
            "нӯҳ",
            "даҳ",
            "бист",
            "сад",
            "ним",
            "нисф",
            "нисфи",
        ],
    }
}
