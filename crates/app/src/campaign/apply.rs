//! Whom to contact with what, of the clients of a file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use effect::Effect;
use serde::Serialize;
use tables::{Finding, Kind, Topic};

use super::CampaignError;
use super::classes::{Class, Worth};
use super::folder::{self, Campaign};
use super::table::{self, Named, Table};
use crate::check;
use crate::foreign::{Asked, Foreign};
use crate::output::{Format, Values, write_table};
use crate::progress::{Progress, Step};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct ApplyRequest {
    /// The folder that was learned.
    pub model: PathBuf,
    /// The clients: the columns that the model learned from.
    pub input: PathBuf,
    /// The column with their keys; nothing for the one of the campaign.
    pub subject: Option<String>,
    /// The file to write.
    pub out: PathBuf,
    /// What doing an action once costs, by its name.
    pub costs: Vec<(String, f64)>,
    /// What one more outcome is worth; nothing where it is not known.
    pub value: Option<f64>,
    /// Every action of every subject instead of the best action of those worth contacting.
    pub all_actions: bool,
}

/// What was found.
#[derive(Serialize)]
pub struct Applied {
    /// Subjects of the file.
    pub subjects: usize,
    /// Rows written.
    pub rows: usize,
    /// Those worth contacting, by action.
    pub contacts: BTreeMap<String, usize>,
    /// Subjects by class of their best action.
    pub classes: BTreeMap<&'static str, usize>,
    /// The sum of effects of those contacts, in the unit of the outcome.
    pub expected_effect: f64,
    /// The sum of their net value; nothing where no money is known.
    pub expected_net: Option<f64>,
    /// What is wrong or worth knowing about rows.
    pub findings: Vec<check::Finding>,
}

/// An action's effect on a subject, and what that is worth.
struct Candidate {
    action: usize,
    effect: Effect,
    net: Option<f64>,
    class: Class,
}

/// Says whom to contact.
pub fn apply(request: &ApplyRequest, progress: &dyn Progress) -> Result<Applied, CampaignError> {
    match Format::of(&request.out) {
        Ok(Format::Csv | Format::Parquet) => {}
        _ => return Err(CampaignError::Ending(request.out.clone())),
    }
    if same(&request.input, &request.out) {
        return Err(CampaignError::OverOwn(request.input.clone()));
    }
    progress.begin(Step::Read);
    let campaign = folder::open(&request.model)?;
    let actions = &campaign.model.arms[1..];
    let costs = costs(request, actions)?;
    let table = read(request, &campaign)?;
    progress.begin(Step::Score);
    let said = |problem| CampaignError::Effects { path: request.input.clone(), problem };
    let effects = campaign.model.effects(&table.columns).map_err(said)?;
    let values = campaign.value_model.as_ref().map(|model| model.effects(&table.columns)).transpose().map_err(said)?;
    // Money is known from the campaign's own values or from what one outcome is said to be worth; costs alone count against
    // an outcome that is money itself.
    let is_money = campaign.model.outcome == effect::OutcomeKind::Amount && !request.costs.is_empty();
    let worth_of_one = request.value.or(is_money.then_some(1.0));
    let option = |row: usize, action: usize| {
        let effect = effects[row][action];
        let gain = match &values {
            Some(values) => Some(values[row][action].mean),
            None => worth_of_one.map(|worth| worth * effect.mean),
        };
        let net = gain.map(|gain| gain - costs[action]);
        let class = Class::of(&effect, Worth { net }, campaign.manifest.average_base);
        Candidate { action, effect, net, class }
    };
    progress.begin(Step::Write);
    let mut written: Vec<(usize, Candidate)> = Vec::new();
    let mut applied = Applied {
        subjects: table.keys.len(),
        rows: 0,
        contacts: actions.iter().map(|action| (action.clone(), 0)).collect(),
        classes: Class::ALL.iter().map(|class| (class.as_str(), 0)).collect(),
        expected_effect: 0.0,
        expected_net: (values.is_some() || worth_of_one.is_some()).then_some(0.0),
        findings: table.findings.iter().map(check::finding).collect(),
    };
    for row in 0..table.keys.len() {
        let options: Vec<Candidate> = (0..actions.len()).map(|action| option(row, action)).collect();
        let best = best(&options);
        *applied.classes.entry(options[best].class.as_str()).or_default() += 1;
        if options[best].class == Class::Persuadable {
            *applied.contacts.entry(actions[options[best].action].clone()).or_default() += 1;
            applied.expected_effect += options[best].effect.mean;
            applied.expected_net = applied.expected_net.map(|sum| sum + options[best].net.unwrap_or(0.0));
        }
        for (place, option) in options.into_iter().enumerate() {
            let is_contact = place == best && option.class == Class::Persuadable;
            if request.all_actions || is_contact {
                written.push((row, option));
            }
        }
    }
    applied.rows = written.len();
    if !request.all_actions {
        let gain = |option: &Candidate| option.net.unwrap_or(option.effect.mean);
        written.sort_by(|a, b| {
            gain(&b.1).total_cmp(&gain(&a.1)).then_with(|| table.keys[a.0].cmp(&table.keys[b.0])).then(a.0.cmp(&b.0))
        });
    }
    write(request, &table, actions, &written)?;
    Ok(applied)
}

/// The persuadable action of the highest net value, or of the highest effect where no money is known; else the action of the
/// highest of these that does no harm.
fn best(options: &[Candidate]) -> usize {
    let rank = |option: &Candidate| match option.class {
        Class::Persuadable => 2,
        Class::SureThing | Class::LostCause => 1,
        Class::DoNotDisturb => 0,
    };
    let mut best = 0;
    for (place, option) in options.iter().enumerate() {
        let gain = |option: &Candidate| option.net.unwrap_or(option.effect.mean);
        let is_better = rank(option).cmp(&rank(&options[best])).then(gain(option).total_cmp(&gain(&options[best])));
        if is_better.is_gt() {
            best = place;
        }
    }
    best
}

/// What each action costs.
fn costs(request: &ApplyRequest, actions: &[String]) -> Result<Vec<f64>, CampaignError> {
    let mut costs = vec![0.0; actions.len()];
    for (name, cost) in &request.costs {
        if !(cost.is_finite() && *cost >= 0.0) {
            return Err(CampaignError::Number {
                option: format!("--cost {name}={cost}"),
                problem: "a cost is a number from 0 up",
            });
        }
        let Some(action) = actions.iter().position(|action| action == name) else {
            return Err(CampaignError::UnknownAction { action: name.clone(), known: actions.to_vec() });
        };
        costs[action] = *cost;
    }
    if let Some(value) = request.value.filter(|value| !(value.is_finite() && *value > 0.0)) {
        return Err(CampaignError::Number {
            option: format!("--value {value}"),
            problem: "a value is a number above 0",
        });
    }
    Ok(costs)
}

fn read(request: &ApplyRequest, campaign: &Campaign) -> Result<Table, CampaignError> {
    let manifest = &campaign.manifest;
    let subject = request.subject.as_deref().unwrap_or(&manifest.subject);
    let mut names: Vec<&str> = manifest.features.iter().map(|feature| feature.name.as_str()).collect();
    names.push(subject);
    let file = Foreign::open(&request.input, &names)?;
    file.find("--subject", subject)?;
    let missing = manifest.features.iter().map(|feature| &feature.name).filter(|name| !file.header.contains(name));
    let columns: Vec<String> = missing.cloned().collect();
    if !columns.is_empty() {
        return Err(CampaignError::MissingColumns { path: request.input.clone(), columns });
    }
    let named = Named { subject: Asked::new("--subject", subject, Kind::Text), text: Vec::new(), numbers: Vec::new() };
    let mut table = table::read(&file, named, &manifest.features)?;
    let repeated = repeated(&file, subject, &table);
    table.findings.extend(repeated);
    Ok(table)
}

/// A subject that stands in more than one row.
pub(super) fn repeated(file: &Foreign, subject: &str, table: &Table) -> Option<Finding> {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut again = (0..table.keys.len()).filter(|&row| !seen.insert(table.keys[row].as_str()));
    let first = again.next()?;
    let count = 1 + again.count();
    let place = file.place.clone().at_row(table.rows[first]).in_column(subject);
    let message = format!("it stands in an earlier row too; {count} such rows are taken for others");
    Some(Finding::warning(Topic::DuplicateKey, place, message, "keep one row for each subject"))
}

fn same(a: &std::path::Path, b: &std::path::Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn write(
    request: &ApplyRequest,
    table: &Table,
    actions: &[String],
    written: &[(usize, Candidate)],
) -> Result<(), CampaignError> {
    let text = |of: &dyn Fn(&(usize, Candidate)) -> String| Values::Text(written.iter().map(of).collect());
    let number = |of: &dyn Fn(&Effect) -> f64| Values::Number(written.iter().map(|(_, o)| of(&o.effect)).collect(), 6);
    let columns = [
        ("subject", text(&|(row, _)| table.keys[*row].clone())),
        ("action", text(&|(_, option)| actions[option.action].clone())),
        ("effect", number(&|effect| effect.mean)),
        ("effect_low", number(&|effect| effect.low)),
        ("effect_high", number(&|effect| effect.high)),
        ("class", text(&|(_, option)| option.class.as_str().to_owned())),
    ];
    Ok(write_table(&request.out, &columns)?)
}
