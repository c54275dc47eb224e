//! Of rows the days on which each client bought: purchases of a day are one, refunds are taken off, later days are not seen.

use domain::Day;
use lifetime::value::Client;
use lifetime::{History, Spend};
use tables::{Finding, Place, Topic};

use super::input::{Sale, Sales, Seen};
use super::{Request, ValueError, WEEK};

/// What is left of a purchase below this share of it is rounding.
const ROUNDING: f64 = 1e-9;

/// Clients and the days on which they bought.
pub(super) struct Ledger {
    /// Clients with at least one purchase.
    pub(super) subjects: Vec<String>,
    /// The days of each with what was paid, in order.
    pub(super) days: Vec<Vec<(Day, f64)>>,
    /// The first of all.
    pub(super) first: Day,
    /// The last day that is looked at.
    pub(super) until: Day,
    pub(super) findings: Vec<Finding>,
}

/// What was noticed on the way.
#[derive(Default)]
struct Noticed {
    later: Seen,
    future: Seen,
    zero: Seen,
    refunds: Seen,
    unmatched: Seen,
    repeated: Seen,
}

/// Settles purchases and refunds up to the day that the request names, or else the last that is not in the future.
pub(super) fn settle(read: Sales, request: &Request) -> Result<Ledger, ValueError> {
    let Sales { subjects, mut sales, mut findings, place } = read;
    let mut noticed = Noticed::default();
    let known = |day: Day| day <= request.today;
    let last = sales.iter().map(|sale| sale.at.day()).filter(|&day| known(day)).max();
    let until = request.until.or(last).unwrap_or(request.today);
    sales.retain(|sale| {
        let day = sale.at.day();
        if day <= until {
            return true;
        }
        let seen = if known(day) { &mut noticed.later } else { &mut noticed.future };
        seen.note(sale.row, || day.to_string());
        false
    });
    sales.sort_unstable_by(|a, b| {
        (a.client, a.at).cmp(&(b.client, b.at)).then(a.amount.total_cmp(&b.amount)).then(a.row.cmp(&b.row))
    });
    let mut of_client: Vec<Vec<(Day, f64)>> = vec![Vec::new(); subjects.len()];
    for client in sales.chunk_by(|a, b| a.client == b.client) {
        of_client[client[0].client as usize] = days_of(client, &mut noticed);
    }
    findings.extend(noticed.findings(&place, request, until));
    let (mut kept, mut days) = (Vec::new(), Vec::new());
    for (subject, bought) in subjects.into_iter().zip(of_client) {
        if !bought.is_empty() {
            kept.push(subject);
            days.push(bought);
        }
    }
    let Some(first) = days.iter().map(|days| days[0].0).min() else {
        let message = format!("there is no purchase up to {until}");
        let advice = "name a later day with --until, or export purchases; refunds alone are none";
        return Err(tables::Error::from(Finding::error(Topic::EmptyTable, place, message, advice)).into());
    };
    Ok(Ledger { subjects: kept, days, first, until, findings })
}

/// The days of one client's purchases, from its rows in order of time.
fn days_of(sales: &[Sale], noticed: &mut Noticed) -> Vec<(Day, f64)> {
    let mut days: Vec<(Day, f64)> = Vec::new();
    for (index, sale) in sales.iter().enumerate().filter(|(_, sale)| sale.amount >= 0.0) {
        if index > 0 && sales[index - 1].at == sale.at && sales[index - 1].amount == sale.amount {
            noticed.repeated.note(sale.row, || sale.amount.to_string());
        }
        if sale.amount == 0.0 {
            noticed.zero.note(sale.row, String::new);
        }
        match days.last_mut() {
            Some((day, amount)) if *day == sale.at.day() => *amount += sale.amount,
            _ => days.push((sale.at.day(), sale.amount)),
        }
    }
    for sale in sales.iter().filter(|sale| sale.amount < 0.0) {
        noticed.refunds.note(sale.row, || sale.amount.to_string());
        let mut left = -sale.amount;
        let mut before = days.partition_point(|(day, _)| *day <= sale.at.day());
        while left > 0.0 && before > 0 {
            before -= 1;
            let paid = days[before].1;
            let taken = paid.min(left);
            left -= taken;
            days[before].1 -= taken;
            // What was paid back whole was no purchase; what cost nothing stays one.
            if paid > 0.0 && days[before].1 <= ROUNDING * paid {
                days.remove(before);
            }
        }
        if left > -ROUNDING * sale.amount {
            noticed.unmatched.note(sale.row, || sale.amount.to_string());
        }
    }
    days
}

impl Ledger {
    /// What the models are told of each client, seen to the end of a day by which all have begun.
    pub(super) fn clients(&self, until: Day) -> Vec<Client> {
        self.days.iter().filter_map(|days| client(days, until)).collect()
    }
}

/// What is known of a client at the end of a day; nothing where it begins later.
pub(super) fn client(days: &[(Day, f64)], until: Day) -> Option<Client> {
    let seen = &days[..days.partition_point(|(day, _)| *day <= until)];
    let when: Vec<Day> = seen.iter().map(|(day, _)| *day).collect();
    let history = History::of(&when, until, WEEK)?;
    let sum: f64 = seen.iter().map(|(_, amount)| amount).sum();
    Some(Client { history, spend: Spend { purchases: seen.len() as u32, mean: sum / seen.len() as f64 } })
}

impl Noticed {
    fn findings(&self, place: &Place, request: &Request, until: Day) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut add =
            |seen: &Seen, column: &str, topic, is_warning: bool, what: &dyn Fn(&str) -> String, advice: &str| {
                if let Some((place, cell)) = seen.first(place, column) {
                    let make = if is_warning { Finding::warning } else { Finding::info };
                    findings.push(make(topic, place, what(cell), advice));
                }
            };
        add(
            &self.future,
            &request.at,
            Topic::Future,
            true,
            &|day| format!("{day} is later than today; {} such rows are left out", self.future.rows),
            "correct the date",
        );
        add(
            &self.later,
            &request.at,
            Topic::Future,
            false,
            &|day| format!("{day} is after {until}; {} such rows are not looked at", self.later.rows),
            "name a later day with --until to count them",
        );
        add(
            &self.zero,
            &request.amount,
            Topic::NoValue,
            false,
            &|_| format!("the amount is 0; {} such rows count as purchases that brought nothing", self.zero.rows),
            "take them out if nothing was bought",
        );
        add(
            &self.refunds,
            &request.amount,
            Topic::NoValue,
            false,
            &|amount| {
                let rows = self.refunds.rows;
                format!("{amount} is a refund: {rows} such rows are taken off the purchases before them")
            },
            "check that negative amounts are refunds",
        );
        add(
            &self.unmatched,
            &request.amount,
            Topic::Orphans,
            true,
            &|amount| {
                let rows = self.unmatched.rows;
                format!(
                    "{amount} is more than the client had bought until then; {rows} such refunds count in part or not at all"
                )
            },
            "export the purchases that they belong to as well",
        );
        add(
            &self.repeated,
            &request.amount,
            Topic::DuplicateKey,
            true,
            &|amount| {
                let rows = self.repeated.rows;
                format!(
                    "the row says the same as another ({amount}, same time, same client); {rows} such rows are counted"
                )
            },
            "if the export doubled rows, take them out",
        );
        findings
    }
}
