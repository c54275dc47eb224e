//! What the program says to a shell: exit codes, and messages on standard error.

use std::process::{Command, Output, Stdio};

fn holdfast(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast"));
    command.args(arguments);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_a_failure() {
    for arguments in [&["schema"][..], &["completions", "bash"], &["--help"], &["schema", "--help"], &["--version"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device that takes nothing");
        let output = holdfast(arguments).stdout(full).output().expect("run");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(said(&output).contains("could not be written to standard output"), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = holdfast(&["schema"]).stdout(writer).stderr(Stdio::piped()).output().expect("run");
    assert_eq!((output.status.code(), said(&output)), (Some(0), String::new()));
}

#[test]
fn a_day_that_cannot_be_meant_is_a_wrong_command_line() {
    for (day, expected) in [
        ("9999-12-31", "of the years 1900 to 2199"),
        ("2026-11-20T10:00", "without a time"),
        ("2026-11-31", "such as 2026-11-20"),
    ] {
        let output = holdfast(&["score", "--out", "scores.csv", "--as-of", day]).output().expect("run");
        assert_eq!(output.status.code(), Some(2), "{day}");
        assert!(said(&output).contains(expected), "{day}: {}", said(&output));
    }
}

#[test]
fn a_budget_that_is_no_time_is_a_wrong_command_line() {
    for budget in ["-1", "nan", "inf", "-inf", "1e999", "soon"] {
        let output = holdfast(&["train", &format!("--budget={budget}")]).output().expect("run");
        assert_eq!(output.status.code(), Some(2), "{budget}");
        assert!(said(&output).contains("seconds that is not negative"), "{budget}: {}", said(&output));
        let output = holdfast(&["train", "--budget", budget]).output().expect("run");
        assert_eq!(output.status.code(), Some(2), "{budget}");
    }
}
