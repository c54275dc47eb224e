//! Invoices: the monthly price in four parts, each due two days after it is issued and paid some day later, or not.

use domain::{Day, Moment};
use rand_chacha::ChaCha8Rng;

use super::dirt;
use super::groups::Group;
use super::life::Today;
use super::rows::{Maybe, Rows, Stamp, at};
use super::students::Student;
use crate::draw::chance;

const EVERY_DAYS: i32 = 7;
const DUE_DAYS: i32 = 2;

/// One invoice of one student.
pub(super) struct Invoice {
    issued_at: Moment,
    due_on: Day,
    paid_at: Option<Moment>,
}

/// Issues an invoice where one falls on `day`.
pub(super) fn issue(group: &Group, day: Day, invoices: &mut Vec<Invoice>) {
    let since = day.0 - group.started_on.0;
    if since % EVERY_DAYS == 0 && day.plus(EVERY_DAYS / 2) < group.planned_end_on {
        invoices.push(Invoice { issued_at: at(day, 9.0), due_on: day.plus(DUE_DAYS), paid_at: None });
    }
}

/// Lets the student pay the oldest open invoice today, or not.
pub(super) fn pay(today: &Today<'_>, invoices: &mut [Invoice], rng: &mut ChaCha8Rng) {
    let Today { student, day, loss, .. } = *today;
    let Some(open) = invoices.iter_mut().find(|invoice| invoice.paid_at.is_none()) else { return };
    let willing = f64::exp(0.25 * student.comfort - 5.0 * loss.money - 0.8 * loss.motivation - 0.4 * loss.contact);
    if chance(rng, 0.40 * willing) {
        open.paid_at = Some(at(day, dirt::office_hour(rng)).max(open.issued_at));
    }
}

/// Days since the oldest open invoice was due; 0 where none is.
pub(super) fn overdue_days(invoices: &[Invoice], day: Day) -> i32 {
    let oldest = invoices.iter().find(|invoice| invoice.paid_at.is_none());
    oldest.map_or(0, |invoice| (day.0 - invoice.due_on.0).max(0))
}

/// Writes what is known at `end`.
pub(super) fn write(student: &Student, invoices: &[Invoice], end: Moment, rows: &mut Rows) {
    for (id, invoice) in (student.index * 1000 + 1..).zip(invoices) {
        if invoice.issued_at > end {
            continue;
        }
        rows.push(format_args!(
            "{id},{},{},{},{:.2},{}",
            student.id,
            Stamp(invoice.issued_at),
            Stamp(at(invoice.due_on, 23.0 + 59.0 / 60.0)),
            student.monthly_price / 4.0,
            Maybe(invoice.paid_at.filter(|&at| at <= end).map(Stamp)),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::academy::Settings;
    use crate::academy::groups::Roster;

    #[test]
    fn an_open_invoice_grows_overdue_from_its_due_day() {
        let settings = Settings::new(20, 1);
        let group = Roster::new(&settings).group(&settings, 0);
        let mut invoices = Vec::new();
        for day in 0..=EVERY_DAYS {
            issue(&group, group.started_on.plus(day), &mut invoices);
        }
        assert_eq!(invoices.len(), 2);
        let overdue = |invoices: &[Invoice], days| overdue_days(invoices, group.started_on.plus(days));
        assert_eq!([1, DUE_DAYS, 10].map(|days| overdue(&invoices, days)), [0, 0, 10 - DUE_DAYS]);
        invoices[0].paid_at = Some(at(group.started_on.plus(8), 12.0));
        assert_eq!(overdue(&invoices, EVERY_DAYS + DUE_DAYS + 3), 3);
    }
}
