//! Standard output, logs, and the one message a failed command ends with.

use std::io::{ErrorKind, IsTerminal, Write};

use tracing_subscriber::EnvFilter;

/// Logs go to standard error at the level that `HOLDFAST_LOG` names, warnings by default.
pub(crate) fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("HOLDFAST_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time()
        .init();
}

/// Prints an error with its causes; as one JSON object where a program reads along.
pub(crate) fn print_error(error: &anyhow::Error, json: bool) {
    let mut stderr = std::io::stderr().lock();
    // A closed standard error leaves nobody to tell.
    let _ = if json {
        let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
        writeln!(stderr, "{}", serde_json::json!({ "error": error.to_string(), "causes": causes }))
    } else {
        let mut text = format!("error: {error}");
        for cause in error.chain().skip(1) {
            text.push_str(&format!("\n  because: {cause}"));
        }
        writeln!(stderr, "{text}")
    };
}

/// Writes to standard output, to the last byte.
pub(crate) fn write_out(text: std::fmt::Arguments<'_>) {
    let mut stdout = std::io::stdout().lock();
    must_reach(stdout.write_fmt(text).and_then(|()| stdout.flush()));
}

/// Prints what is wrong with the command line, or the help that was asked for, and ends the program.
pub(crate) fn end_with(told: &clap::Error) -> ! {
    must_reach(told.print().and_then(|()| std::io::stdout().flush()));
    std::process::exit(told.exit_code());
}

/// A reader that has seen enough, such as `head`, ends the program quietly; any other failure is one.
fn must_reach(written: std::io::Result<()>) {
    match written {
        Ok(()) => {}
        Err(problem) if problem.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(problem) => {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "error: the result could not be written to standard output: {problem}");
            std::process::exit(1);
        }
    }
}

/// `print!` that survives a closed pipe.
macro_rules! out {
    ($($text:tt)*) => { $crate::terminal::write_out(format_args!($($text)*)) };
}

/// `println!` that survives a closed pipe.
macro_rules! outln {
    ($($text:tt)*) => { $crate::terminal::write_out(format_args!("{}\n", format_args!($($text)*))) };
}

pub(crate) use {out, outln};
