//! From the file of a campaign to a folder that says what it changed for whom.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use domain::{Day, Locale};
use effect::{Campaign, Estimate, Fitted, Rule, Settings};
use serde::Serialize;
use tables::{Finding, Kind, Topic};

use super::CampaignError;
use super::afterwards::afterwards;
use super::apply::repeated;
use super::classes::{Class, Worth};
use super::folder::{self, MANIFEST, MODEL, Manifest, NUMBERS, PAGE, SEGMENTS, VALUE_MODEL};
use super::page;
use super::table::{self, Feature, Named, Table};
use crate::check;
use crate::foreign::{Asked, Foreign};
use crate::output::{Values as Cells, write_table};
use crate::progress::{Progress, Step};

/// Actions that can be compared, the control among them.
const MOST_ARMS: usize = 20;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct LearnRequest {
    /// The file of the campaign: a row for each subject.
    pub input: PathBuf,
    /// Its column with the subjects' keys.
    pub subject: String,
    /// Its column that says what was done.
    pub treatment: String,
    /// What that column says of those with whom nothing was done.
    pub control: String,
    /// Its column that says what came of it: 0 or 1, yes or no, or an amount.
    pub outcome: String,
    /// Its column with what that was worth, where there is one.
    pub value: Option<String>,
    /// Columns that are not looked at, such as what was measured after the campaign.
    pub ignore: Vec<String>,
    /// Columns that are kept though they look like that.
    pub keep: Vec<String>,
    /// The folder to write.
    pub out: PathBuf,
    /// The page's language.
    pub locale: Locale,
    /// The day to write on the page.
    pub made_on: Option<Day>,
    /// Decides every draw.
    pub seed: u64,
}

/// What was found.
#[derive(Serialize)]
pub struct Learned {
    /// Subjects that were learned from.
    pub rows: usize,
    /// Columns that were learned from.
    pub columns: Vec<String>,
    /// By action.
    pub actions: Vec<Action>,
    /// The learner that was chosen.
    pub learner: String,
    /// The campaign's own subjects by class of their best action, where no money is known.
    pub classes: BTreeMap<&'static str, usize>,
    /// What is wrong or worth knowing.
    pub findings: Vec<check::Finding>,
}

/// An action's average effect.
#[derive(Serialize)]
pub struct Action {
    /// The action.
    pub action: String,
    /// Average effect over all subjects, with its 90% interval.
    pub effect: f64,
    /// Lower end.
    pub effect_low: f64,
    /// Upper end.
    pub effect_high: f64,
    /// Whether the effect was found to differ between subjects.
    pub differs: bool,
}

/// Learns from a campaign and writes the folder, whole or not at all.
pub fn learn(request: &LearnRequest, progress: &dyn Progress) -> Result<Learned, CampaignError> {
    check_request(request)?;
    progress.begin(Step::Read);
    let names = named_columns(request);
    let file = Foreign::open(&request.input, &names.iter().map(|(_, name)| *name).collect::<Vec<_>>())?;
    let (mut features, mut findings) = features(request, &file)?;
    let mut table = read(request, &file, &features)?;
    findings.append(&mut table.findings);
    findings.extend(repeated(&file, &request.subject, &table));
    let (table, mut campaign, values) = campaign(request, &file, &table, &mut findings)?;
    findings.extend(leave_out_late(request, &file, &mut campaign, &mut features));
    let unfit = |problem| CampaignError::Learn { path: request.input.clone(), problem };
    let settings = Settings { seed: request.seed, ..Settings::default() };
    let told = |at: effect::Progress| progress.report(Step::Fit, at.done as u64, Some(at.total as u64));
    let fitted = effect::fit(&campaign, &settings, &told).map_err(unfit)?;
    let value_model = match values {
        Some(outcome) => {
            let of_value = Campaign { outcome, ..campaign.clone() };
            Some(effect::fit_model(&of_value, &settings, &told).map_err(unfit)?)
        }
        None => None,
    };
    findings.extend(page::findings(&fitted.report.warnings, &file.place, &request.treatment));
    progress.begin(Step::Write);
    let said = |problem| CampaignError::Effects { path: request.input.clone(), problem };
    let effects = fitted.model.effects(&campaign.columns).map_err(said)?;
    let average_base = effects.iter().map(|row| row[0].base).sum::<f64>() / effects.len() as f64;
    let classes = count_classes(&effects, average_base);
    let manifest = Manifest {
        format: Manifest::format(),
        subject: request.subject.clone(),
        treatment: request.treatment.clone(),
        control: request.control.clone(),
        outcome: request.outcome.clone(),
        value: request.value.clone(),
        features,
        average_base,
    };
    let html = ::report::render_campaign(&page::report(request, &fitted.report, &classes))?;
    let draft = whole::Draft::beside(&request.out)?;
    let place = |name: &str| draft.folder().join(name);
    folder::write_json(&place(MANIFEST), &manifest)?;
    folder::write_json(&place(MODEL), &fitted.model)?;
    if let Some(model) = &value_model {
        folder::write_json(&place(VALUE_MODEL), model)?;
    }
    folder::write_json(&place(NUMBERS), &fitted.report)?;
    write_page(&place(PAGE), &html)?;
    write_segments(&place(SEGMENTS), &fitted)?;
    draft.publish()?;
    Ok(Learned {
        rows: table.keys.len(),
        columns: campaign.columns.iter().map(|column| column.name.clone()).collect(),
        actions: actions(&fitted),
        learner: page::learner(fitted.report.chosen).to_owned(),
        classes,
        findings: findings.iter().map(check::finding).collect(),
    })
}

fn named_columns(request: &LearnRequest) -> Vec<(&'static str, &str)> {
    let mut named = vec![
        ("--subject", request.subject.as_str()),
        ("--treatment", &request.treatment),
        ("--outcome", &request.outcome),
    ];
    named.extend(request.value.as_deref().map(|value| ("--value", value)));
    named
}

/// Whatever can be told before any work.
fn check_request(request: &LearnRequest) -> Result<(), CampaignError> {
    let named = named_columns(request);
    for (place, (option, column)) in named.iter().enumerate() {
        if let Some((other, _)) = named[..place].iter().find(|(_, before)| before == column) {
            return Err(CampaignError::SameColumn { options: [*other, *option], column: (*column).to_owned() });
        }
    }
    let is_inside = matches!(
        (request.input.canonicalize(), request.out.canonicalize()),
        (Ok(input), Ok(out)) if input.starts_with(&out)
    );
    if is_inside {
        return Err(CampaignError::OverOwn(request.input.clone()));
    }
    folder::check_place(&request.out)
}

/// Columns to learn from: all that are not named otherwise, but for keys.
fn features(request: &LearnRequest, file: &Foreign) -> Result<(Vec<Feature>, Vec<Finding>), CampaignError> {
    for (option, name) in named_columns(request) {
        file.find(option, name)?;
    }
    for name in &request.ignore {
        file.find("--ignore", name)?;
    }
    for name in &request.keep {
        file.find("--keep", name)?;
    }
    let named: BTreeSet<&str> = named_columns(request)
        .into_iter()
        .map(|(_, name)| name)
        .chain(request.ignore.iter().map(String::as_str))
        .collect();
    let (mut features, mut keys) = (Vec::new(), Vec::new());
    for (name, format) in file.header.iter().zip(file.formats()?) {
        if named.contains(name.as_str()) {
            continue;
        }
        file.find("the column", name)?;
        if format.is_identifier {
            keys.push(name.clone());
        } else {
            features.push(Feature { name: name.clone(), format });
        }
    }
    let mut findings = Vec::new();
    if !keys.is_empty() {
        let message = format!("{} only tell rows apart and are left out", keys.join(", "));
        let advice = "nothing to do, unless they mean something: then give them fewer different values";
        findings.push(Finding::info(Topic::Identifier, file.place.clone(), message, advice));
    }
    Ok((features, findings))
}

fn read(request: &LearnRequest, file: &Foreign, features: &[Feature]) -> Result<Table, CampaignError> {
    let place = file.find("--outcome", &request.outcome)?;
    // Yes and no are read as such, whatever the language; anything else should be a number.
    let kind = match file.formats()?[place].kind {
        Kind::Text | Kind::Flag => Kind::Flag,
        Kind::Number | Kind::Moment => Kind::Number,
    };
    let mut numbers = vec![Asked::new("--outcome", &request.outcome, kind)];
    numbers.extend(request.value.as_deref().map(|value| Asked::new("--value", value, Kind::Number)));
    let named = Named {
        subject: Asked::new("--subject", &request.subject, Kind::Text),
        text: vec![Asked::new("--treatment", &request.treatment, Kind::Text)],
        numbers,
    };
    table::read(file, named, features)
}

/// Rows whose treatment, outcome and value are known, as `effect` takes them.
fn campaign(
    request: &LearnRequest,
    file: &Foreign,
    table: &Table,
    findings: &mut Vec<Finding>,
) -> Result<(Table, Campaign, Option<Vec<f32>>), CampaignError> {
    let is_known = |row: usize| !table.text[0][row].is_empty() && table.numbers.iter().all(|of| of[row].is_finite());
    let (keep, dropped): (Vec<u32>, Vec<u32>) = (0..table.keys.len() as u32).partition(|&row| is_known(row as usize));
    if let Some(&first) = dropped.first() {
        let place = file.place.clone().at_row(table.rows[first as usize]);
        let message =
            format!("the treatment, the outcome or the value is empty; {} such rows are left out", dropped.len());
        findings.push(Finding::warning(
            Topic::NoValue,
            place,
            message,
            "fill the cells in, 0 where nothing came of it",
        ));
    }
    let treatment: Vec<&str> = keep.iter().map(|&row| table.text[0][row as usize].as_str()).collect();
    let levels: BTreeSet<&str> = treatment.iter().copied().collect();
    if levels.len() > MOST_ARMS {
        return Err(CampaignError::ManyArms {
            path: request.input.clone(),
            column: request.treatment.clone(),
            found: levels.len(),
            most: MOST_ARMS,
        });
    }
    let control = request.control.trim();
    if !levels.contains(control) {
        return Err(CampaignError::NoControl {
            path: request.input.clone(),
            column: request.treatment.clone(),
            control: request.control.clone(),
            found: levels.into_iter().map(str::to_owned).collect(),
        });
    }
    let arms: Vec<&str> = [control].into_iter().chain(levels.into_iter().filter(|level| *level != control)).collect();
    let number = |name: &str| arms.iter().position(|arm| *arm == name).unwrap_or(0) as u32;
    let of = |column: &Vec<f64>| keep.iter().map(|&row| column[row as usize] as f32).collect::<Vec<f32>>();
    let campaign = Campaign {
        columns: table.columns.iter().map(|column| column.take(&keep)).collect(),
        arm: treatment.iter().map(|name| number(name)).collect(),
        arms: arms.iter().map(|&arm| arm.to_owned()).collect(),
        outcome: of(&table.numbers[0]),
        propensity: None,
    };
    let values = table.numbers.get(1).map(of);
    let kept = Table {
        keys: keep.iter().map(|&row| table.keys[row as usize].clone()).collect(),
        rows: keep.iter().map(|&row| table.rows[row as usize]).collect(),
        columns: Vec::new(),
        text: Vec::new(),
        numbers: Vec::new(),
        findings: Vec::new(),
    };
    Ok((kept, campaign, values))
}

/// Leaves out columns that were filled in after the campaign, unless they are to be kept, and says so.
fn leave_out_late(
    request: &LearnRequest,
    file: &Foreign,
    campaign: &mut Campaign,
    features: &mut Vec<Feature>,
) -> Vec<Finding> {
    let late: Vec<String> = afterwards(campaign)
        .into_iter()
        .map(|at| campaign.columns[at].name.clone())
        .filter(|name| !request.keep.contains(name))
        .collect();
    campaign.columns.retain(|column| !late.contains(&column.name));
    features.retain(|feature| !late.contains(&feature.name));
    let finding = |name: &String| {
        let message = "this column says what came of the campaign: it was filled in afterwards and is left out";
        let advice = format!("name it in --ignore, or keep it with --keep {name} if it was known before");
        Finding::warning(Topic::Leak, file.place.clone().in_column(name), message, advice)
    };
    late.iter().map(finding).collect()
}

fn count_classes(effects: &[Vec<effect::Effect>], average_base: f64) -> BTreeMap<&'static str, usize> {
    let mut counts: BTreeMap<&'static str, usize> = Class::ALL.iter().map(|class| (class.as_str(), 0)).collect();
    for of_subject in effects {
        let classes = of_subject.iter().map(|effect| Class::of(effect, Worth { net: None }, average_base));
        // The best of what can be done with the subject.
        let best = classes.min().unwrap_or(Class::LostCause);
        *counts.entry(best.as_str()).or_default() += 1;
    }
    counts
}

fn actions(fitted: &Fitted) -> Vec<Action> {
    let action = |(report, shrinkage): (&effect::ActionReport, &effect::Shrinkage)| Action {
        action: report.arm.clone(),
        effect: report.average.value,
        effect_low: report.average.low,
        effect_high: report.average.high,
        differs: page::differs(report, shrinkage.told),
    };
    fitted.report.actions.iter().zip(&fitted.model.shrinkage).map(action).collect()
}

fn write_page(path: &Path, html: &str) -> Result<(), CampaignError> {
    let written = fs::File::create(path).and_then(|mut file| file.write_all(html.as_bytes()));
    written.map_err(|problem| whole::WriteError::unchanged(path, problem).into())
}

/// A row for each group and action.
fn write_segments(path: &Path, fitted: &Fitted) -> Result<(), CampaignError> {
    let mut rows: Vec<(usize, &effect::Segment, &str, &Estimate)> = Vec::new();
    for (number, group) in fitted.report.segments.groups.iter().enumerate() {
        for (effect, action) in group.effects.iter().zip(&fitted.report.arms[1..]) {
            rows.push((number + 1, group, &action.arm, effect));
        }
    }
    type Row<'a> = (usize, &'a effect::Segment, &'a str, &'a Estimate);
    let text = |of: &dyn Fn(&Row<'_>) -> String| Cells::Text(rows.iter().map(of).collect());
    let number = |of: &dyn Fn(&Row<'_>) -> f64, places| Cells::Number(rows.iter().map(of).collect(), places);
    let columns = [
        ("segment", number(&|row| row.0 as f64, 0)),
        ("rule", text(&|row| in_words(&row.1.rule))),
        ("share", number(&|row| row.1.share, 4)),
        ("base", number(&|row| row.1.base.value, 6)),
        ("action", text(&|row| row.2.to_owned())),
        ("effect", number(&|row| row.3.value, 6)),
        ("effect_low", number(&|row| row.3.low, 6)),
        ("effect_high", number(&|row| row.3.high, 6)),
    ];
    Ok(write_table(path, &columns)?)
}

/// A rule as a spreadsheet's reader understands it; that of everybody is `all`.
fn in_words(rule: &Rule) -> String {
    use effect::Condition;
    let or = |or_missing: bool| if or_missing { " or empty" } else { "" };
    let said = |condition: &Condition| match condition {
        Condition::AtMost { column, value, or_missing } => format!("{column} <= {value}{}", or(*or_missing)),
        Condition::Above { column, value, or_missing } => format!("{column} > {value}{}", or(*or_missing)),
        Condition::Is { column, level } => format!("{column} = {level}"),
        Condition::IsNot { column, level } => format!("{column} is not {level}"),
        Condition::Missing { column } => format!("{column} is empty"),
        Condition::Present { column } => format!("{column} is filled"),
    };
    if rule.is_empty() { "all".to_owned() } else { rule.iter().map(said).collect::<Vec<_>>().join("; ") }
}
