//! The main job in one go, on a simulated academy: simulate, train, score, report.

use std::path::{Path, PathBuf};

use contract::Kit;
use narrate::Narrator;
use serde::Serialize;

use crate::Project;
use crate::error::Error;
use crate::judge::judge;
use crate::progress::Progress;
use crate::start::{Academy, Simulated, simulate_academy};
use crate::{model, report, score, train};

/// Tells the folder of an earlier demo, which may be replaced, from one with work in it.
const MARKER: &str = ".holdfast-demo";

/// What the demo made, and where.
#[derive(Serialize)]
pub struct Demo {
    /// The academy.
    pub simulated: Simulated,
    /// The training.
    pub trained: train::Summary,
    /// The scores.
    pub scored: score::Summary,
    /// The contract.
    pub contract: PathBuf,
    /// The scores' file.
    pub scores: PathBuf,
    /// The report's file.
    pub report: PathBuf,
    /// A subject worth explaining: the first of the list.
    pub first: Option<String>,
}

/// Simulates an academy in `out`, learns from it, scores its last day and writes the report.
pub fn demo(academy: &Academy, out: &Path, progress: &dyn Progress) -> Result<Demo, Error> {
    let (contract, data) = (out.join("holdfast.toml"), out.join("data"));
    let taken = std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    let marker = out.join(MARKER);
    if taken && !marker.exists() {
        return Err(Error::FolderTaken(out.to_owned()));
    }
    whole::write_file(&marker, |file| {
        std::io::Write::write_all(file, b"made by holdfast demo, which may replace all of it\n")
    })?;
    let simulated = simulate_academy(academy, &data, progress)?;
    // With the ready contract the demo is a project like any other.
    let template = Kit::Academy.template().ok_or(Error::NoTemplate)?;
    whole::write_file(&contract, |file| std::io::Write::write_all(file, template.as_bytes()))?;
    let project = Project::open(out, None, None)?;
    let trained = train::train(
        &project,
        &train::Options { as_of: Some(academy.end), seed: academy.seed, ..train::Options::default() },
        progress,
    )?;

    let model = model::open(&project.model)?;
    let judged = judge(&project, &model, academy.end, progress)?;
    let (scores, page) = (out.join("scores.csv"), out.join("report.html"));
    let scored = score::write(&project, &judged, academy.end, &scores, progress)?;
    let notice = Some(judged.narrator.simulated());
    report::write(&project, &model, &judged, academy.end, notice, &page, progress)?;
    let first = judged.by_worth().first().map(|judgement| judged.loaded.keys[judgement.subject as usize].clone());
    Ok(Demo { simulated, trained, scored, contract, scores, report: page, first })
}

impl Demo {
    /// What was made, for a terminal: results in the contract's language, the way on in the program's.
    pub fn text(&self, words: &Narrator) -> String {
        let mut text = format!("simulated {}\n\n", self.simulated);
        text += &format!("{}\n{}\n", self.trained.text(words), self.scored.text(words));
        text += "look at:\n";
        text += &format!("  {}   who to call today and why; opens in any browser\n", self.report.display());
        text += &format!("  {}    the same for programs\n", self.scores.display());
        text += &format!("  {}  what the data means: map your own columns there\n", self.contract.display());
        if let Some(first) = &self.first {
            let folder = self.contract.parent().unwrap_or(Path::new("."));
            let (folder, day) = (folder.display(), &self.scored.cutoff);
            text += &format!("\nthen try:  holdfast explain {first} -C {folder} --as-of {day}\n");
        }
        text
    }
}
