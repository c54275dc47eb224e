//! What came of valuing clients, in words.

use std::path::Path;

use domain::{Currency, Locale, writing};
use narrate::{Labels, Message, Narrator, Told};

use super::{Checked, MOST_CORRELATION, Model, ValueError, Valued};

impl Valued {
    /// A few lines for a terminal.
    pub fn text(&self, locale: Locale, out: &Path) -> Result<String, ValueError> {
        // No amount is told with a currency: the file names none.
        let words = Narrator::new(locale, Currency::NONE, Labels::default())?;
        let mut lines = self.lines(&words);
        lines.push(words.tell(Message::ValuesIn, [("place", out.display().to_string().into())]));
        Ok(lines.join("\n") + "\n")
    }

    fn lines(&self, words: &Narrator) -> Vec<String> {
        let number = |value: f64| -> Told { words.number(value).into() };
        let percent = |share: f64| -> Told { writing::percent(words.locale(), share).into() };
        let count = |count: usize| -> Told { words.number(count as f64).into() };
        let mut lines = vec![
            words.tell(
                Message::ValueSeen,
                [
                    ("clients", count(self.clients)),
                    ("purchases", count(self.purchases)),
                    ("first", self.first.as_str().into()),
                    ("until", self.until.as_str().into()),
                ],
            ),
            words.tell(
                Message::ValueBuying,
                [
                    ("year", number(self.purchases_a_week * 365.25 / 7.0)),
                    ("stop", percent(self.chance_to_stop)),
                    ("parameters", parameters(&self.buying, words).into()),
                ],
            ),
            words.tell(
                Message::ValueSpending,
                [("mean", number(self.mean_amount)), ("parameters", parameters(&self.spending, words).into())],
            ),
        ];
        lines.push(match &self.checked {
            Some(checked) => told_check(checked, words),
            None => words.tell(Message::ValueUnchecked, []),
        });
        let [purchases, purchases_low, purchases_high] = self.total_purchases;
        let [value, value_low, value_high] = self.total_value;
        lines.push(words.tell(
            Message::ValueTotal,
            [
                ("days", Told::Count(self.horizon_days as usize)),
                ("purchases", number(purchases)),
                ("purchases_low", number(purchases_low)),
                ("purchases_high", number(purchases_high)),
                ("value", number(value)),
                ("value_low", number(value_low)),
                ("value_high", number(value_high)),
            ],
        ));
        if self.bought_once > 0 {
            let share = self.bought_once as f64 / self.clients as f64;
            lines.push(words.tell(Message::ValueOnce, [("count", count(self.bought_once)), ("share", percent(share))]));
        }
        lines.extend(self.cautions(words));
        lines
    }

    /// What to be careful about.
    fn cautions(&self, words: &Narrator) -> Vec<String> {
        let mut cautions: Vec<String> = self
            .warnings()
            .map(|finding| format!("{}: {}; {}", finding.place, finding.message, finding.advice))
            .collect();
        if self.horizon_days > self.days_seen {
            let days =
                [("days", Told::Count(self.horizon_days as usize)), ("seen", Told::Count(self.days_seen as usize))];
            cautions.push(words.tell(Message::ValueFar, days));
        }
        for model in [&self.buying, &self.spending] {
            let open: Vec<&str> = model.parameters.iter().filter(|p| p.is_at_edge).map(|p| p.name).collect();
            if !open.is_empty() {
                cautions.push(
                    words.tell(Message::ValueEdge, [("names", open.join(", ").into()), ("model", model.model.into())]),
                );
            }
            if !model.has_converged {
                cautions.push(words.tell(Message::ValueUnsettled, [("model", model.model.into())]));
            }
        }
        if let Some(correlation) = self.correlation.filter(|correlation| correlation.abs() > MOST_CORRELATION) {
            let value = writing::fixed(words.locale(), correlation, 2);
            cautions.push(words.tell(Message::ValueCorrelated, [("value", value.into())]));
        }
        cautions.into_iter().map(|text| words.tell(Message::Warning, [("text", text.into())])).collect()
    }
}

fn told_check(checked: &Checked, words: &Narrator) -> String {
    let off = checked.predicted / (checked.actual.max(1) as f64) - 1.0;
    let sign = if off > 0.0 { "+" } else { "" };
    let percent = |share: f64| writing::percent(words.locale(), share);
    words.tell(
        Message::ValueChecked,
        [
            ("until", checked.fitted_until.as_str().into()),
            ("days", Told::Count(usize::try_from(checked.days).unwrap_or(0))),
            ("predicted", words.number(checked.predicted).into()),
            ("actual", words.number(checked.actual as f64).into()),
            ("off", format!("{sign}{}", writing::percent(words.locale(), off)).into()),
            ("top", checked.share_of_top_fifth.map_or_else(|| "–".to_owned(), percent).into()),
        ],
    )
}

/// `r 0.243 ± 0.013, alpha 4.41 ± 0.38`.
fn parameters(model: &Model, words: &Narrator) -> String {
    let parts: Vec<String> = model
        .parameters
        .iter()
        .map(|parameter| match parameter.standard_error.filter(|_| !parameter.is_at_edge) {
            Some(error) => format!("{} {} ± {}", parameter.name, words.number(parameter.value), words.number(error)),
            None => format!("{} {}", parameter.name, words.number(parameter.value)),
        })
        .collect();
    parts.join(", ")
}
