//! Writes a made-up telecom's analyst page: `cargo run --release -p report --example study -- FILE [ru|en|tg] [COLUMNS]`.

#[path = "../tests/telecom/mod.rs"]
mod telecom;

use domain::Locale;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let file = words.next().unwrap_or_else(|| "study.html".to_owned());
    let locale = words.next().and_then(|code| Locale::parse(&code)).unwrap_or(Locale::Ru);
    let columns = words.next().map_or(Ok(230), |number| number.parse())?;
    let page = report::render_study(&telecom::telecom(locale, columns))?;
    std::fs::write(&file, &page)?;
    println!("{file}: {} KB", page.len() / 1024);
    Ok(())
}
