//! From a campaign to text: what its templates only have to place.

use askama::Template;

use super::input::{Action, CampaignReport, Condition, Policy, PolicyKind, Test, Warning};
use crate::RenderError;
use crate::chart::curve::{Curve, curve};
use crate::input::Estimate;
use crate::words::Words;

/// The page.
#[derive(Template)]
#[template(path = "campaign/page.html")]
pub(crate) struct Page<'a> {
    w: &'a Words,
    style: &'static str,
    script: &'static str,
    language: &'static str,
    file: &'a str,
    lead: String,
    verdicts: Vec<String>,
    warnings: Vec<String>,
    arms: Vec<[String; 3]>,
    effects: Vec<[String; 4]>,
    classes: Vec<[String; 3]>,
    curves: Vec<Figure>,
    tenths: Vec<Tenths>,
    policies: Vec<[String; 3]>,
    rules: Vec<[String; 4]>,
    actions: Vec<&'a str>,
    segments: Vec<Segment>,
    method: String,
}

/// A chart with its words.
struct Figure {
    title: String,
    note: String,
    up: String,
    across: String,
    svg: String,
}

/// Told and observed effects of an action.
struct Tenths {
    action: String,
    rows: Vec<[String; 3]>,
}

/// A group of clients.
struct Segment {
    rule: String,
    share: String,
    base: String,
    effects: Vec<String>,
}

impl<'a> Page<'a> {
    pub(crate) fn of(report: &'a CampaignReport, words: &'a Words) -> Result<Self, RenderError> {
        let told = Told { words, is_share: report.is_share };
        let curves: Result<Vec<Figure>, RenderError> =
            report.actions.iter().filter(|action| action.curve.len() > 1).map(|action| figure(action, &told)).collect();
        Ok(Self {
            w: words,
            style: concat!(include_str!("../../templates/style.css"), include_str!("../../templates/study/style.css")),
            script: include_str!("../../templates/base.js"),
            language: words.locale.code(),
            file: &report.file,
            lead: lead(report, words),
            verdicts: report.actions.iter().map(|action| verdict(action, &told)).collect(),
            warnings: report.warnings.iter().map(|warning| said(warning, words)).collect(),
            arms: report
                .arms
                .iter()
                .map(|arm| [arm.name.clone(), words.count(arm.rows as u64), told.level(&arm.mean)])
                .collect(),
            effects: report.actions.iter().map(|action| effect(action, &told)).collect(),
            classes: classes(report, words),
            curves: curves?,
            tenths: report.actions.iter().map(|action| tenths(action, &told)).collect(),
            policies: report.policies.iter().map(|policy| self::policy(policy, &told)).collect(),
            rules: rules(report, &told),
            actions: report.actions.iter().map(|action| action.name.as_str()).collect(),
            segments: segments(report, &told),
            method: words.say("campaign-method", [("learner", report.learner.as_str().into())]),
        })
    }
}

/// Writes outcomes and effects.
struct Told<'a> {
    words: &'a Words,
    is_share: bool,
}

impl Told<'_> {
    /// An outcome with its interval.
    fn level(&self, estimate: &Estimate) -> String {
        if self.is_share {
            let range = self.words.fine_range(estimate.low, estimate.high);
            return format!("{} ({range})", self.words.fine_share(estimate.value));
        }
        let places = places(estimate);
        let range = self.words.number_range(estimate.low, estimate.high, places);
        format!("{} ({range})", self.words.number(estimate.value, places))
    }

    /// A change of the outcome, in points where it is a share.
    fn change(&self, value: f64, places: u8) -> String {
        self.words.change(value * self.scale(), places)
    }

    /// A change with its interval.
    fn effect(&self, estimate: &Estimate) -> String {
        let scaled = Estimate {
            value: estimate.value * self.scale(),
            low: estimate.low * self.scale(),
            high: estimate.high * self.scale(),
        };
        let places = places(&scaled);
        let (low, high) = (self.words.change(scaled.low, places), self.words.change(scaled.high, places));
        format!("{} ({low} … {high})", self.words.change(scaled.value, places))
    }

    fn scale(&self) -> f64 {
        if self.is_share { 100.0 } else { 1.0 }
    }

    fn unit(&self) -> String {
        self.words.text(if self.is_share { "campaign-points" } else { "campaign-units" })
    }
}

/// As many places as the interval leaves to say.
fn places(estimate: &Estimate) -> u8 {
    let width = estimate.high - estimate.low;
    match width {
        width if width >= 20.0 => 0,
        width if width >= 0.5 => 1,
        width if width >= 0.05 => 2,
        _ => 3,
    }
}

fn lead(report: &CampaignReport, words: &Words) -> String {
    let lead = words.say(
        "campaign-lead",
        [
            ("rows", words.count(report.rows as u64).into()),
            ("treatment", report.treatment.as_str().into()),
            ("outcome", report.outcome.as_str().into()),
        ],
    );
    let lot = words.text(if report.is_randomised { "campaign-by-lot" } else { "campaign-not-by-lot" });
    match report.made_on {
        Some(day) => format!("{lead} {lot} {}", words.say("campaign-made", [("date", words.date(day).into())])),
        None => format!("{lead} {lot}"),
    }
}

fn verdict(action: &Action, told: &Told<'_>) -> String {
    let words = told.words;
    let average = &action.average;
    let id = if average.low > 0.0 {
        "campaign-helps"
    } else if average.high < 0.0 {
        "campaign-harms"
    } else {
        "campaign-unsure"
    };
    let effect = told.effect(average);
    let said = words
        .say(id, [("action", action.name.as_str().into()), ("effect", effect.into()), ("unit", told.unit().into())]);
    let differs = words.text(if action.differs { "campaign-differs" } else { "campaign-same" });
    format!("{said} {differs}")
}

fn said(warning: &Warning, words: &Words) -> String {
    match warning {
        Warning::PoorOverlap { arm, columns } => {
            words.say("campaign-warn-overlap", [("arm", arm.as_str().into()), ("columns", columns.join(", ").into())])
        }
        Warning::NotRandomised => words.text("campaign-warn-lot"),
        Warning::ColumnsConstant => words.text("campaign-warn-constant"),
        Warning::SameForAll { arm } => words.say("campaign-warn-same", [("arm", arm.as_str().into())]),
        Warning::PlaceboFound { arm } => words.say("campaign-warn-placebo", [("arm", arm.as_str().into())]),
        Warning::ControlsDiffer => words.text("campaign-warn-controls"),
        Warning::FewOutcomes { arm, rows } => {
            words.say("campaign-warn-few", [("arm", arm.as_str().into()), ("rows", words.count(*rows as u64).into())])
        }
    }
}

fn effect(action: &Action, told: &Told<'_>) -> [String; 4] {
    let qini = action.qini.as_ref().map_or_else(|| "—".to_owned(), |qini| told.effect(qini));
    let differs = told.words.text(if action.differs { "campaign-yes" } else { "campaign-no" });
    [action.name.clone(), told.effect(&action.average), differs, qini]
}

fn classes(report: &CampaignReport, words: &Words) -> Vec<[String; 3]> {
    let all = report.rows.max(1) as f64;
    let row = |id: &str, count: usize| [words.text(id), words.count(count as u64), words.share(count as f64 / all)];
    vec![
        row("class-persuadable", report.classes.persuadable),
        row("class-sure-thing", report.classes.sure_thing),
        row("class-lost-cause", report.classes.lost_cause),
        row("class-do-not-disturb", report.classes.do_not_disturb),
    ]
}

fn figure(action: &Action, told: &Told<'_>) -> Result<Figure, RenderError> {
    let words = told.words;
    let points: Vec<(f64, Estimate)> = action
        .curve
        .iter()
        .map(|&(share, gain)| {
            let gain = gain * told.scale();
            (share, Estimate { value: gain, low: gain, high: gain })
        })
        .collect();
    let title = words.say("campaign-curve", [("action", action.name.as_str().into())]);
    let svg = curve(&Curve {
        name: "campaign",
        title: &title,
        points: &points,
        across: &|x| words.share((x * 100.0).round() / 100.0),
        up: &|y| words.short(y),
        level: Some((0.0, words.text("campaign-curve-zero"))),
        mark: None,
        has_dots: false,
    })?;
    Ok(Figure {
        note: words.text("campaign-curve-note"),
        up: words.say("campaign-curve-up", [("unit", told.unit().into())]),
        across: words.text("campaign-curve-across"),
        title,
        svg,
    })
}

fn tenths(action: &Action, told: &Told<'_>) -> Tenths {
    let row = |(index, tenth): (usize, &super::input::Tenth)| {
        let observed = tenth.observed.as_ref().map_or_else(|| "—".to_owned(), |observed| told.effect(observed));
        [(index + 1).to_string(), told.change(tenth.told, 2), observed]
    };
    Tenths { action: action.name.clone(), rows: action.tenths.iter().enumerate().map(row).collect() }
}

fn policy(policy: &Policy, told: &Told<'_>) -> [String; 3] {
    let words = told.words;
    let name = match &policy.kind {
        PolicyKind::All(arm) => words.say("campaign-policy-all", [("arm", arm.as_str().into())]),
        PolicyKind::Model => words.text("campaign-policy-model"),
        PolicyKind::Rules => words.text("campaign-policy-rules"),
    };
    [name, words.share(policy.contacted), told.level(&policy.value)]
}

fn rules(report: &CampaignReport, told: &Told<'_>) -> Vec<[String; 4]> {
    report
        .rules
        .iter()
        .map(|rule| {
            let action = rule.action.clone().unwrap_or_else(|| told.words.text("campaign-leave-alone"));
            [conditions(&rule.conditions, told.words), action, told.words.share(rule.share), told.effect(&rule.gain)]
        })
        .collect()
}

fn segments(report: &CampaignReport, told: &Told<'_>) -> Vec<Segment> {
    report
        .segments
        .iter()
        .map(|segment| Segment {
            rule: conditions(&segment.conditions, told.words),
            share: told.words.share(segment.share),
            base: told.level(&segment.base),
            effects: segment.effects.iter().map(|effect| told.effect(effect)).collect(),
        })
        .collect()
}

/// `recency ≤ 6, channel = Web`.
fn conditions(conditions: &[Condition], words: &Words) -> String {
    if conditions.is_empty() {
        return words.text("campaign-everybody");
    }
    let or_empty = |is_so: bool| if is_so { format!(" {}", words.text("campaign-or-empty")) } else { String::new() };
    let said = |condition: &Condition| {
        let column = &condition.column;
        match &condition.test {
            Test::AtMost(value, or) => format!("{column} ≤ {}{}", words.short(*value), or_empty(*or)),
            Test::Above(value, or) => format!("{column} > {}{}", words.short(*value), or_empty(*or)),
            Test::Is(level) => format!("{column} = {level}"),
            Test::IsNot(level) => format!("{column} ≠ {level}"),
            Test::Missing => words.say("campaign-is-empty", [("column", column.as_str().into())]),
            Test::Present => words.say("campaign-is-filled", [("column", column.as_str().into())]),
        }
    };
    conditions.iter().map(said).collect::<Vec<_>>().join(", ")
}
