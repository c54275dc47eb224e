//! Writes an academy: `cargo run --release -p worlds --example simulate_academy -- 5000 1 OUT`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use worlds::academy::{self, Settings};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [students, seed, out] = arguments.as_slice() else {
        return Err("expected: STUDENTS SEED OUT".into());
    };
    let settings = Settings::new(students.parse()?, seed.parse()?);
    let started = Instant::now();
    let summary = academy::write(&settings, Path::new(out), &mut |_, _| {})?;
    println!("{summary:?} in {:.2} s", started.elapsed().as_secs_f64());
    Ok(())
}
