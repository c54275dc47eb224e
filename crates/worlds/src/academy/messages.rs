//! Messages: the mentor writes about every other day, students answer, or not, and write by themselves.

use domain::Moment;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::life::Today;
use super::rows::{Maybe, Rows, Stamp, at, later};
use crate::draw::{chance, logistic, waiting};

/// One student's messages so far.
#[derive(Default)]
pub(super) struct Messages {
    sent: u32,
    /// Messages from staff not answered in a row.
    pub(super) unanswered_in_a_row: u32,
}

impl Messages {
    /// The messages of a day.
    pub(super) fn exchange(&mut self, today: &Today<'_>, rng: &mut ChaCha8Rng, rows: &mut Rows) {
        let Today { student, day, loss, end, .. } = *today;
        if chance(rng, 0.5) {
            let channel = if chance(rng, 0.1) { "call" } else { student.channel };
            self.send(today, at(day, rng.random_range(10.0..20.0)), channel, rng, rows);
        }
        if chance(rng, 0.10 * (1.0 - 0.9 * loss.contact) * (1.0 + 1.5 * loss.time + 2.5 * loss.money)) {
            self.sent += 1;
            let written_at = at(day, rng.random_range(8.0..23.0));
            if written_at <= end {
                let (id, stamp) = (student.index * 1000 + self.sent, Stamp(written_at));
                rows.push(format_args!("{id},{},{stamp},in,{},", student.id, student.channel));
            }
        }
    }

    /// A message from staff, and when the student answers.
    pub(super) fn send(
        &mut self,
        today: &Today<'_>,
        sent_at: Moment,
        channel: &str,
        rng: &mut ChaCha8Rng,
        rows: &mut Rows,
    ) {
        let Today { student, loss, end, .. } = *today;
        let answers = chance(rng, logistic(2.6 - 7.0 * loss.contact - 0.9 * loss.motivation));
        let hours = if channel == "call" { 0.01 } else { waiting(rng, 4.0 + 20.0 * loss.contact).min(120.0) };
        let answered_at = answers.then(|| later(sent_at, hours));
        self.unanswered_in_a_row = if answers { 0 } else { self.unanswered_in_a_row + 1 };
        self.sent += 1;
        if sent_at <= end {
            let id = student.index * 1000 + self.sent;
            let answered_at = Maybe(answered_at.filter(|&at| at <= end).map(Stamp));
            rows.push(format_args!("{id},{},{},out,{channel},{answered_at}", student.id, Stamp(sent_at)));
        }
    }
}
