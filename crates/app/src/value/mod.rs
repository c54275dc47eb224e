//! The value of clients from a file of purchases: how many each will make, what they bring, whether it is still a client.
//!
//! `input` reads the file, `ledger` makes of its rows the days on which each client bought, `lifetime` fits and predicts,
//! `words` tells what came of it. Purchases of one day are one purchase; a refund takes its amount from the client's last
//! purchase before it. Amounts of all purchases count, the first too: for those who bought once it is all there is to know of
//! what they spend (`docs/quality/lifetime.md` measures that).

mod error;
mod holdout;
mod input;
mod ledger;
#[cfg(test)]
mod tests;
mod words;

use std::path::{Path, PathBuf};

use domain::Day;
use lifetime::value::{Settings, Value};
use lifetime::{BgNbd, Fit, GammaGamma, Histories, correlation, total, value};
use serde::Serialize;
use tables::Severity;

pub use self::error::ValueError;
pub use self::holdout::{Checked, Group};
use self::ledger::Ledger;
use crate::check::{Finding, finding};
use crate::output::{Format, Values, write_table};
use crate::progress::{Progress, Step};

/// The unit of time of the models, in days.
const WEEK: f64 = 7.0;
/// Days of a year, for the rate of discount.
const YEAR: f64 = 365.25;
/// The share that ranges hold.
const LEVEL: f64 = 0.9;
/// Purchases and amounts that go together more than this break what Gamma-Gamma assumes.
const MOST_CORRELATION: f64 = 0.3;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The file of purchases.
    pub input: PathBuf,
    /// Its column that says who bought.
    pub subject: String,
    /// Its column that says when.
    pub at: String,
    /// Its column that says for how much.
    pub amount: String,
    /// How far ahead.
    pub horizon_days: u32,
    /// The last day that is looked at; nothing for the last of the file.
    pub until: Option<Day>,
    /// Today: later days are slips.
    pub today: Day,
    /// Rate of discount a year, 0 for none.
    pub discount_yearly: f64,
    /// The file to write.
    pub out: PathBuf,
}

/// What was found.
#[derive(Serialize)]
pub struct Valued {
    /// Clients with at least one purchase.
    pub clients: usize,
    /// Those who bought on one day only.
    pub bought_once: usize,
    /// Purchases, those of one day being one.
    pub purchases: usize,
    /// The first day of a purchase.
    pub first: String,
    /// The last day that was looked at.
    pub until: String,
    /// Days from the first to the last.
    pub days_seen: u32,
    /// How far ahead.
    pub horizon_days: u32,
    /// How often clients buy and stop; times in weeks.
    pub buying: Model,
    /// What they spend.
    pub spending: Model,
    /// Purchases a week of an average client while it is one.
    pub purchases_a_week: f64,
    /// The average chance to stop after a purchase.
    pub chance_to_stop: f64,
    /// The average amount of a purchase of an average client.
    pub mean_amount: f64,
    /// Expected purchases of all, with the range of 90%.
    pub total_purchases: [f64; 3],
    /// Expected value of all, with the range of 90%.
    pub total_value: [f64; 3],
    /// How well the last third was predicted from what came before; nothing where that is too little.
    pub checked: Option<Checked>,
    /// Correlation of purchases and amounts.
    pub correlation: Option<f64>,
    /// What is wrong or worth knowing about rows.
    pub findings: Vec<Finding>,
}

/// A fitted model.
#[derive(Serialize)]
pub struct Model {
    /// Its name.
    pub model: &'static str,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Whether the search ended where the likelihood is flat.
    pub has_converged: bool,
    /// Searches that were started, and those that came to the same end.
    pub starts: (usize, usize),
}

/// A parameter.
#[derive(Serialize)]
pub struct Parameter {
    /// Its name in the paper.
    pub name: &'static str,
    /// Its estimate.
    pub value: f64,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Whether the data leave it open: nought or infinity would do as well.
    pub is_at_edge: bool,
}

/// Values every client of a file of purchases.
pub fn value_clients(request: &Request, progress: &dyn Progress) -> Result<Valued, ValueError> {
    check(request)?;
    progress.begin(Step::Read);
    let sales = input::read(request)?;
    let ledger = ledger::settle(sales, request)?;
    progress.begin(Step::Fit);
    let clients = ledger.clients(ledger.until);
    let histories = Histories::group(&clients.iter().map(|client| client.history).collect::<Vec<_>>());
    let unfit = |problem| ValueError::Fit { path: request.input.clone(), clients: ledger.subjects.len(), problem };
    let buying = BgNbd::fit(&histories.map_err(unfit)?).map_err(unfit)?;
    let spends: Vec<lifetime::Spend> = clients.iter().map(|client| client.spend).collect();
    // Who never paid anything tells nothing of how amounts differ.
    let paying: Vec<lifetime::Spend> = spends.iter().copied().filter(|spend| spend.mean > 0.0).collect();
    let spending = GammaGamma::fit(&paying).map_err(unfit)?;
    let checked = holdout::check(&ledger);
    progress.begin(Step::Score);
    let settings = Settings {
        horizon: f64::from(request.horizon_days) / WEEK,
        discount: request.discount_yearly.ln_1p() * WEEK / YEAR,
        level: LEVEL,
    };
    let values = value::value(&buying.model, &spending.model, &clients, &settings);
    let totals = total::totals(&buying, &spending, &clients, &settings);
    progress.begin(Step::Write);
    write(&request.out, &ledger, &values)?;
    let ends = |total: total::Total| [total.value, total.low, total.high];
    Ok(Valued {
        clients: clients.len(),
        bought_once: clients.iter().filter(|client| client.history.repeats == 0).count(),
        purchases: ledger.days.iter().map(Vec::len).sum(),
        first: ledger.first.to_string(),
        until: ledger.until.to_string(),
        days_seen: u32::try_from(ledger.until.0 - ledger.first.0 + 1).unwrap_or(0),
        horizon_days: request.horizon_days,
        purchases_a_week: buying.model.r / buying.model.alpha,
        chance_to_stop: buying.model.a / (buying.model.a + buying.model.b),
        mean_amount: spending.model.p * spending.model.gamma / (spending.model.q - 1.0),
        buying: model("BG/NBD", &buying),
        spending: model("Gamma-Gamma", &spending),
        total_purchases: ends(totals.purchases),
        total_value: ends(totals.value),
        checked,
        correlation: correlation(&spends),
        findings: ledger.findings.iter().map(finding).collect(),
    })
}

/// Whatever can be told before any work.
fn check(request: &Request) -> Result<(), ValueError> {
    match Format::of(&request.out) {
        Ok(Format::Csv | Format::Parquet) => {}
        _ => return Err(ValueError::Ending(request.out.clone())),
    }
    if same(&request.input, &request.out) {
        return Err(ValueError::OverOwn(request.input.clone()));
    }
    let columns = [("--subject", &request.subject), ("--at", &request.at), ("--amount", &request.amount)];
    for (i, (option, column)) in columns.iter().enumerate() {
        if let Some((other, _)) = columns[..i].iter().find(|(_, before)| before == column) {
            return Err(ValueError::SameColumn { options: [*other, *option], column: (*column).clone() });
        }
    }
    if request.horizon_days == 0 {
        return Err(ValueError::Horizon);
    }
    if let Some(until) = request.until.filter(|&until| until > request.today) {
        return Err(ValueError::Until { until, today: request.today });
    }
    if !(request.discount_yearly.is_finite() && (0.0..10.0).contains(&request.discount_yearly)) {
        return Err(ValueError::Discount(request.discount_yearly));
    }
    Ok(())
}

fn same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn model<M, const N: usize>(name: &'static str, fit: &Fit<M, N>) -> Model {
    let parameters = fit.parameters.iter().map(|parameter| Parameter {
        name: parameter.name,
        value: parameter.value,
        standard_error: parameter.standard_error,
        is_at_edge: parameter.is_at_edge,
    });
    Model {
        model: name,
        parameters: parameters.collect(),
        log_likelihood: fit.log_likelihood,
        has_converged: fit.has_converged,
        starts: fit.starts,
    }
}

/// A row per client, those worth most first.
fn write(out: &Path, ledger: &Ledger, values: &[Value]) -> Result<(), ValueError> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| {
        values[b].value.total_cmp(&values[a].value).then_with(|| ledger.subjects[a].cmp(&ledger.subjects[b]))
    });
    let number = |of: &dyn Fn(usize) -> f64, places| Values::Number(order.iter().map(|&k| of(k)).collect(), places);
    let text = |of: &dyn Fn(usize) -> String| Values::Text(order.iter().map(|&k| of(k)).collect());
    let columns = [
        ("subject", text(&|k| ledger.subjects[k].clone())),
        ("purchases", number(&|k| values[k].purchases, 4)),
        ("value", number(&|k| values[k].value, 2)),
        ("value_low", number(&|k| values[k].low, 2)),
        ("value_high", number(&|k| values[k].high, 2)),
        ("probability_alive", number(&|k| values[k].probability_alive, 4)),
        ("purchases_so_far", number(&|k| ledger.days[k].len() as f64, 0)),
        ("last_day", text(&|k| ledger.days[k].last().map_or_else(String::new, |(day, _)| day.to_string()))),
    ];
    Ok(write_table(out, &columns)?)
}

impl Valued {
    /// Whether a row was found that is left out or doubtful.
    fn warnings(&self) -> impl Iterator<Item = &Finding> {
        let warning = Severity::Warning.to_string();
        self.findings.iter().filter(move |finding| finding.severity == warning)
    }
}
