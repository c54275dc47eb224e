//! A study of a made-up telecom's table, as wide as one likes: the same every time.

mod model;
mod scores;
mod variables;

use domain::{Day, Locale};
use report::study::{About, Estimate, StudyReport};

/// Rows of the made-up table.
pub(crate) const ROWS: usize = 50_000;
/// Those that leave.
pub(crate) const LEAVING: usize = 3_672;

/// A study of so many variables.
pub(crate) fn telecom(locale: Locale, columns: usize) -> StudyReport {
    let mut random = Random(20_261_121);
    let variables = variables::variables(columns, &mut random);
    let names: Vec<_> = variables.variables.iter().map(|variable| variable.name.clone()).collect();
    StudyReport {
        locale,
        organisation: "Пример-Телеком".to_owned(),
        notice: Some("Числа придуманы: это пример страницы, а не исследование настоящих данных.".to_owned()),
        source: "subscribers.csv".to_owned(),
        target: "churn".to_owned(),
        is_leaving: true,
        compared_with: Some("subscribers-december.csv".to_owned()),
        made_on: Some(Day(20_778)),
        about: About {
            rows: ROWS,
            subjects: ROWS,
            leaving_rows: LEAVING,
            columns,
            held_out_rows: ROWS,
            held_out_leaving_rows: LEAVING,
            confidence: 0.95,
            draws: 400,
            seed: 1,
        },
        groups: variables::groups(&names),
        baselines: model::baselines(&names),
        learning_curve: model::learning_curve(),
        balance: model::balance(),
        selection: model::selection(&names),
        importance: model::importance(&names),
        calibration: scores::calibration(),
        top: scores::top(),
        economics: Some(scores::economics()),
        hardest: scores::hardest(&names, &mut random),
        drift: Some(scores::drift(&names, &mut random)),
        card: model::card(columns, &names),
        variables,
    }
}

/// A number with an interval that is so wide to either side.
pub(crate) fn about(value: f64, half: f64) -> Estimate {
    Estimate { value, low: value - half, high: value + half }
}

/// Numbers that only look like chance (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// From 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.share() * end as f64) as usize
    }
}
