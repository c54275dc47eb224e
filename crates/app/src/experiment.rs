//! Planning an experiment: how many it takes, and who gets what.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use decide::experiment::size::Plan;
use decide::experiment::size::{PlanError, Size};
use decide::experiment::split::{self, SplitError};
use serde::Serialize;

use crate::output::{Format, Values, write_table};
use crate::sheet::{Sheet, SheetError};

/// Why an experiment could not be planned.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// Its numbers.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Its arms.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// Its file.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// Two arms have one name, or one has none.
    #[error("arms must have names of their own, got {0:?}")]
    ArmNames(Vec<String>),
    /// Shares are not of these arms.
    #[error("{shares} shares for {arms} arms: give one for each, or leave --shares out for equal ones")]
    Shares {
        /// How many.
        shares: usize,
        /// How many arms.
        arms: usize,
    },
    /// It would be written over what it is made from.
    #[error("{}: writing there would overwrite the input; name another file with --out", .0.display())]
    OverInput(PathBuf),
    /// It could not be written.
    #[error(transparent)]
    Output(#[from] crate::error::Error),
}

/// What to plan for.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// A difference of shares that is to be found.
    Effect(f64),
    /// So many subjects in all.
    Subjects(u64),
}

/// What an experiment takes or shows.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    /// Share that responds in the control arm.
    pub base: f64,
    /// The difference that is found.
    pub effect: f64,
    /// Subjects in each arm with an action.
    pub per_arm: u64,
    /// Subjects in the control arm.
    pub control: u64,
    /// All together.
    pub total: u64,
}

/// Plans an experiment.
pub fn size(plan: &Plan, ask: Ask) -> Result<Planned, PlanError> {
    let effect = match ask {
        Ask::Effect(effect) => effect,
        Ask::Subjects(subjects) => plan.detectable(subjects)?,
    };
    let Size { per_arm, control } = plan.size(effect)?;
    Ok(Planned { base: plan.base, effect, per_arm, control, total: per_arm * u64::from(plan.arms) + control })
}

/// How subjects are to be split.
#[derive(Clone, Debug)]
pub struct Split {
    /// CSV with a row for each subject.
    pub input: PathBuf,
    /// The column that tells subjects apart.
    pub subject: String,
    /// Columns in which arms are to be alike.
    pub strata: Vec<String>,
    /// Names of arms.
    pub arms: Vec<String>,
    /// Their shares; equal where there are none.
    pub shares: Vec<f64>,
    /// The same seed gives the same split.
    pub seed: u64,
}

/// What a split came to.
#[derive(Clone, Debug, Serialize)]
pub struct Dealt {
    /// Subjects.
    pub subjects: usize,
    /// Strata that they fall into.
    pub strata: usize,
    /// Subjects by arm.
    pub arms: Vec<(String, usize)>,
}

/// Deals out arms and writes `subject, the strata, arm, propensity` in the order of the input.
pub fn split(ask: &Split, out: &Path) -> Result<Dealt, ExperimentError> {
    Format::of(out).map_err(crate::error::Error::from)?;
    let is_named = |name: &String| !name.is_empty() && ask.arms.iter().filter(|other| *other == name).count() == 1;
    if !ask.arms.iter().all(is_named) {
        return Err(ExperimentError::ArmNames(ask.arms.clone()));
    }
    let shares = match ask.shares.len() {
        0 => vec![1.0 / ask.arms.len() as f64; ask.arms.len()],
        many if many == ask.arms.len() => ask.shares.clone(),
        many => return Err(ExperimentError::Shares { shares: many, arms: ask.arms.len() }),
    };
    let sheet = Sheet::read(&ask.input)?;
    if out.canonicalize().is_ok_and(|out| ask.input.canonicalize().is_ok_and(|input| input == out)) {
        return Err(ExperimentError::OverInput(out.to_owned()));
    }
    let subject = sheet.column(&ask.subject)?;
    let strata = ask.strata.iter().map(|name| sheet.column(name)).collect::<Result<Vec<usize>, _>>()?;
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for (row, cells) in &sheet.rows {
        let name = cells[subject].as_str();
        if name.is_empty() {
            return Err(sheet.wrong(*row, subject, "no subject".to_owned(), "fill it in or take the row out").into());
        }
        if let Some(first) = seen.insert(name, *row) {
            let problem = format!("it stands in row {first} already");
            return Err(sheet.wrong(*row, subject, problem, "keep one row for each subject").into());
        }
    }
    // Cells apart by what no cell holds.
    let stratum = |cells: &[String]| strata.iter().map(|&at| cells[at].as_str()).collect::<Vec<_>>().join("\u{1f}");
    let keys: Vec<u64> = sheet.rows.iter().map(|(_, cells)| key(&cells[subject])).collect();
    let of: Vec<u64> = sheet.rows.iter().map(|(_, cells)| key(&stratum(cells))).collect();
    let dealt = split::split(&keys, &of, &shares, ask.seed)?;

    let text = |at: usize| Values::Text(sheet.rows.iter().map(|(_, cells)| cells[at].clone()).collect());
    let mut columns = vec![(ask.subject.as_str(), text(subject))];
    columns.extend(ask.strata.iter().zip(&strata).map(|(name, &at)| (name.as_str(), text(at))));
    columns.push(("arm", Values::Text(dealt.iter().map(|&arm| ask.arms[arm].clone()).collect())));
    columns.push(("propensity", Values::Number(dealt.iter().map(|&arm| shares[arm]).collect(), 6)));
    write_table(out, &columns)?;
    let count = |arm: usize| dealt.iter().filter(|&&given| given == arm).count();
    let mut distinct = of;
    distinct.sort_unstable();
    distinct.dedup();
    Ok(Dealt {
        subjects: dealt.len(),
        strata: distinct.len(),
        arms: ask.arms.iter().enumerate().map(|(arm, name)| (name.clone(), count(arm))).collect(),
    })
}

/// A number that a text always has: FNV-1a of 64 bits (Fowler, Noll and Vo).
pub(crate) fn key(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(input: &Path) -> Split {
        Split {
            input: input.to_owned(),
            subject: "client".to_owned(),
            strata: vec!["city".to_owned()],
            arms: vec!["control".to_owned(), "letter".to_owned()],
            shares: vec![],
            seed: 5,
        }
    }

    #[test]
    fn a_file_is_split_evenly_in_every_city() {
        let folder = tempfile::tempdir().expect("a folder");
        let (input, out) = (folder.path().join("clients.csv"), folder.path().join("arms.csv"));
        let rows: String = (0..90).map(|k| format!("c{k},{}\n", ["Dushanbe", "Khujand", "Kulob"][k % 3])).collect();
        std::fs::write(&input, format!("client,city\n{rows}")).expect("written");
        let dealt = split(&ask(&input), &out).expect("split");
        assert_eq!((dealt.subjects, dealt.strata), (90, 3));
        assert_eq!(dealt.arms, [("control".to_owned(), 45), ("letter".to_owned(), 45)]);
        let text = std::fs::read_to_string(&out).expect("read");
        assert!(text.starts_with("client,city,arm,propensity\nc0,Dushanbe,"), "{text}");
        for city in ["Dushanbe", "Khujand", "Kulob"] {
            assert_eq!(text.lines().filter(|line| line.contains(city) && line.contains("letter")).count(), 15);
        }
    }

    #[test]
    fn what_cannot_be_split_is_told_with_its_row_and_nothing_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let (input, out) = (folder.path().join("clients.csv"), folder.path().join("arms.csv"));
        std::fs::write(&input, "client,city\na,x\nb,x\na,y\n").expect("written");
        let error = |ask: &Split| split(ask, &out).expect_err("refused").to_string();
        assert!(error(&ask(&input)).contains("row 4, column \"client\": it stands in row 2 already"));
        let mut one = ask(&input);
        one.arms = vec!["a".to_owned(), "a".to_owned()];
        assert!(error(&one).contains("names of their own"));
        let mut shares = ask(&input);
        shares.shares = vec![1.0];
        assert!(error(&shares).contains("1 shares for 2 arms"));
        assert!(!out.exists());
    }
}
