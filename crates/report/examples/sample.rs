//! Writes the report of a made-up academy: `cargo run --release -p report --example sample -- FILE [ru|en|tg] [STUDENTS]`.

#[path = "../tests/common/mod.rs"]
mod common;

use domain::Locale;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let file = words.next().unwrap_or_else(|| "report.html".to_owned());
    let locale = words.next().and_then(|code| Locale::parse(&code)).unwrap_or(Locale::Ru);
    let students = words.next().map_or(Ok(412), |number| number.parse())?;
    std::fs::write(&file, report::render(&common::academy(locale, students))?)?;
    println!("{file}");
    Ok(())
}
