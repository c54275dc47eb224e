//! A telecom's table of subscribers with a label: a small sample to try a flat table on.
//!
//! Each subscriber has a tariff, a charge, use, complaints and a way of paying; those who use little of a dear tariff,
//! complain, or have come lately are likelier to leave. About one in eight leaves. Some cells are empty, as in exports.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use rand::Rng;

use crate::WorldError;
use crate::draw::{Stream, chance, generator, logistic, normal, pick, waiting};

const HEADER: &str = "subscriber_id,tariff,region,payment,months,monthly_charge,minutes,megabytes,roaming_days,complaints,late_payments,phone,churn\n";
const TARIFFS: [((&str, f64), f64); 4] =
    [(("start", 45.0), 4.0), (("family", 90.0), 3.0), (("unlimited", 140.0), 2.0), (("senior", 30.0), 1.0)];
const REGIONS: [(&str, f64); 5] = [("Dushanbe", 4.0), ("Sughd", 3.0), ("Khatlon", 3.0), ("Rasht", 1.0), ("GBAO", 0.5)];
const PAYMENTS: [(&str, f64); 3] = [("card", 3.0), ("cash", 2.0), ("wallet", 2.0)];

/// Writes the table of so many subscribers. The same seed gives the same file.
pub fn write(subscribers: u32, seed: u64, file: &Path) -> Result<(), WorldError> {
    let mut text = String::from(HEADER);
    for index in 0..subscribers {
        subscriber(index, seed, &mut text);
    }
    Ok(whole::write_file(file, |file| file.write_all(text.as_bytes()))?)
}

fn subscriber(index: u32, seed: u64, text: &mut String) {
    let rng = &mut generator(seed, Stream::Subscriber, index);
    let (tariff, price) = pick(rng, &TARIFFS);
    let region = pick(rng, &REGIONS);
    let payment = pick(rng, &PAYMENTS);
    let months = waiting(rng, 26.0).floor() + 1.0;
    let charge = price * (0.15 * normal(rng)).exp();
    let minutes = (220.0 * (0.8 * normal(rng)).exp()).round();
    let megabytes = (price * 60.0 * (0.9 * normal(rng)).exp()).round();
    let roaming = if chance(rng, 0.12) { waiting(rng, 6.0).ceil() } else { 0.0 };
    let complaints = waiting(rng, 0.5).floor();
    let late = if payment == "card" { 0.0 } else { waiting(rng, 0.7).floor() };
    // What a gigabyte costs, against the usual.
    let dearness = (charge / (megabytes + 200.0) / 0.0155).ln();
    let log_odds =
        -2.3 + 1.1 * dearness + 1.2 * complaints.min(3.0) + 0.5 * late.min(3.0) - 0.35 * (months / 12.0).ln_1p();
    let left = chance(rng, logistic(log_odds));
    let phone = 900_000_000 + rng.random_range(0..99_999_999_u32);
    let minutes = if chance(rng, 0.06) { String::new() } else { minutes.to_string() };
    let roaming = if chance(rng, 0.3) { String::new() } else { roaming.to_string() };
    // Writing to a string cannot fail.
    _ = writeln!(
        text,
        "{},{tariff},{region},{payment},{months},{charge:.2},{minutes},{megabytes},{roaming},{complaints},{late},{phone},{}",
        100_000 + index,
        u8::from(left)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_in_eight_leaves_and_the_seed_decides() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = |seed| {
            let file = folder.path().join("subscribers.csv");
            write(4000, seed, &file).expect("written");
            std::fs::read_to_string(file).expect("read")
        };
        let table = written(1);
        assert_eq!(table, written(1));
        assert_ne!(table, written(2));
        let left = table.lines().filter(|line| line.ends_with(",1")).count();
        assert!((350..700).contains(&left), "{left} of 4000 left");
        let fields = HEADER.split(',').count();
        assert!(table.lines().all(|line| line.split(',').count() == fields));
    }
}
