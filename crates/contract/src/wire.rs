//! The form on disk. Doc comments here are the descriptions in the JSON Schema, so they speak to the file's author.
//!
//! Values only, as written: every choice that depends on another key is checked in `resolve`.

mod table;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use table::{ColumnWire, CsvWire, DecimalWire, KindWire, Reference, Scalar, Spellings, TableWire};

/// Holdfast contract: what the data of an organisation means, who may leave it, and what it can do about that.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "holdfast.toml")]
pub(crate) struct ContractWire {
    /// Version of this format.
    #[schemars(required, range(min = 1, max = 1))]
    #[expect(dead_code, reason = "checked against the schema; there is one version so far")]
    pub(crate) version: Option<u8>,
    /// The ready contract that fills in what is left out here: `academy` knows the tables of a school's CRM,
    /// `subscriber` takes one wide table of clients with a label or events beside it, `none` assumes nothing.
    #[schemars(required)]
    pub(crate) kit: Option<KitWire>,
    /// The organisation's name, for titles.
    #[schemars(required, length(min = 1))]
    pub(crate) name: Option<String>,
    /// The language that staff read.
    #[schemars(required)]
    pub(crate) locale: Option<LocaleWire>,
    /// IANA time zone in which the sources' times are read, such as `Asia/Dushanbe`.
    #[schemars(required)]
    pub(crate) time_zone: Option<String>,
    /// ISO 4217 code of the currency of every amount, such as `TJS`.
    #[schemars(required)]
    pub(crate) currency: Option<String>,
    /// Where the tables are: by default files in the contract's own folder.
    pub(crate) source: Option<SourceWire>,
    /// The text format of all files, where detecting it fails; what a table's own `csv` says goes before it.
    pub(crate) csv: Option<CsvWire>,
    /// Who may leave.
    pub(crate) subjects: Option<SubjectsWire>,
    /// What leaving is.
    #[schemars(required)]
    pub(crate) outcome: Option<OutcomeWire>,
    /// The days from which models learn: from each of them they look back, and ahead for who left.
    pub(crate) cutoffs: Option<CutoffsWire>,
    /// From which probability a risk is called medium, and from which high. By default 0.15 and 0.40; where the outcome
    /// is a label, twice and four times the odds of an average subject.
    pub(crate) bands: Option<BandsWire>,
    /// What a kept subject is worth: either the same for everyone, or a column times a factor. Needed unless the
    /// outcome is a label and there are no actions.
    pub(crate) value: Option<ValueWire>,
    /// How actions are weighed.
    pub(crate) decision: Option<DecisionWire>,
    /// What staff can do to keep a subject, by a name of small letters, digits and underscores.
    #[serde(default)]
    pub(crate) actions: BTreeMap<String, ActionWire>,
    /// What staff have of time and the like in one round of scoring, shared by actions, by a name of small letters, digits
    /// and underscores, such as `mentor_minutes`.
    #[serde(default)]
    pub(crate) resources: BTreeMap<String, ResourceWire>,
    /// The tables, by name. A table named as one of the kit's roles (`students`, `attendance`, `homework`,
    /// `invoices`, `progress`, `tests`, `messages`, `actions`, `activity`) is understood without more words; so are `subscribers`,
    /// `invoices`, `actions` and `activity` of a subscriber's.
    #[serde(default)]
    pub(crate) tables: BTreeMap<String, TableWire>,
    /// When to score without being asked.
    pub(crate) schedule: Option<ScheduleWire>,
}

/// A ready contract.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum KitWire {
    Academy,
    Subscriber,
    None,
}

/// A language.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum LocaleWire {
    En,
    Ru,
    Tg,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct SourceWire {
    /// `folder`: files in a folder; `postgres`: a PostgreSQL database, which is only read from.
    pub(crate) kind: SourceKind,
    /// For `folder`: the folder, relative to this file; by default this file's own. `--data` overrides it.
    pub(crate) path: Option<String>,
    /// For `postgres`: the environment variable with the connection string, such as `CRM_DATABASE_URL`. Never write
    /// a password here.
    pub(crate) url_env: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum SourceKind {
    Folder,
    Postgres,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct SubjectsWire {
    /// The table with one row per subject. Academy: `students`; subscriber: `subscribers`.
    pub(crate) table: Option<String>,
    /// The column that tells subjects apart, and to which other tables point. Academy: `student_id`;
    /// subscriber: `subscriber_id`.
    pub(crate) key: Option<Reference>,
    /// The column with the first day on which a subject can leave. Academy and subscriber: `started_on`.
    pub(crate) from: Option<Reference>,
    /// The column with the day from which leaving is the plan, such as the end of the course; empty cells mean no
    /// end. Academy: `planned_end_on`.
    pub(crate) until: Option<Reference>,
    /// The column with the group that a subject is compared with. Academy: `group_id`.
    pub(crate) group: Option<Reference>,
    /// The column with the name that staff know the subject by. It is shown to staff, never learned from, never
    /// logged. Academy and subscriber: `full_name`.
    pub(crate) name: Option<Reference>,
    /// SQL condition on the columns of the subjects' table, true for those who can be at risk, such as
    /// `"course <> 'trial'"`. Use only columns that are known from the start.
    #[schemars(length(min = 1))]
    pub(crate) at_risk: Option<String>,
    /// Columns of the subjects' table to learn from, which must be known from the start; `"auto"`, the default, takes
    /// every column that has no other use and is not ignored.
    pub(crate) attributes: Option<AttributesWire>,
    /// Columns of the subjects' table never to learn from.
    #[serde(default)]
    pub(crate) ignore: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub(crate) enum AttributesWire {
    Auto(AutoWire),
    Listed(Vec<String>),
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum AutoWire {
    Auto,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct OutcomeWire {
    /// `date`: a column of the subjects' table holds the day of leaving, and is empty for those who stay;
    /// `inactivity`: no row in a table for some days; `label`: a column says who left, but not when.
    pub(crate) kind: OutcomeKind,
    /// For `date` and `label`: the column of the subjects' table. Academy and subscriber, `date`: `left_on`.
    pub(crate) column: Option<Reference>,
    /// For `label`, instead of `column`: several columns of the same form, such as `["churn", "upselling"]`. None of
    /// them is ever learned from; `--target` names the one to learn, by default the first.
    pub(crate) columns: Option<Vec<String>>,
    /// For `label`: those of the labels that mean leaving, such as `["churn"]`. Of the others the analyst's report says who
    /// has the label instead of who leaves. By default all of them.
    pub(crate) leaving: Option<Vec<String>>,
    /// For `inactivity`: the table.
    pub(crate) table: Option<String>,
    /// For `inactivity`: how many days without a row mean that the subject has left, on the last of them.
    #[schemars(range(min = 1, max = 730))]
    pub(crate) days: Option<u16>,
    /// For `label`: the value that means "left", such as `"yes"` or `1`. Every other cell must hold one other value, or
    /// nothing where it is not known.
    pub(crate) positive: Option<Scalar>,
    /// How many days ahead leaving counts. Needed unless the outcome is a label, which may leave it unsaid.
    #[schemars(range(min = 1, max = 730))]
    pub(crate) horizon_days: Option<u16>,
    /// Days between the day of scoring and the first day that counts, for staff to act in. By default 0.
    #[serde(default)]
    #[schemars(range(min = 0, max = 365))]
    pub(crate) gap_days: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum OutcomeKind {
    Date,
    Inactivity,
    Label,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum CutoffsFrom {
    Calendar,
    Start,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct CutoffsWire {
    /// What cutoffs are counted from. `calendar`: the same days for everyone. `start`: each subject's own first day at
    /// risk, which suits courses with fixed dates, where the same weeks matter in every intake. By default `calendar`.
    pub(crate) from: Option<CutoffsFrom>,
    /// Days from one cutoff to the next. By default 14.
    #[schemars(range(min = 1, max = 365))]
    pub(crate) every_days: Option<u16>,
    /// The first cutoff, a date such as `2024-01-01`; by default as early as the data allow.
    pub(crate) first: Option<String>,
    /// No cutoff after this date; by default as late as outcomes are settled.
    pub(crate) last: Option<String>,
    /// Learn from subjects who have been at risk for so many days. By default 0.
    #[schemars(range(min = 0, max = 3650))]
    pub(crate) min_tenure_days: Option<u16>,
    /// Learn from subjects who have been at risk for no more than so many days. By default there is no limit.
    #[schemars(range(min = 1, max = 3650))]
    pub(crate) max_tenure_days: Option<u16>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct BandsWire {
    /// The probability from which a risk is medium. By default 0.15.
    #[serde(default = "default_medium")]
    #[schemars(range(min = 0, max = 1))]
    pub(crate) medium: f64,
    /// The probability from which a risk is high. By default 0.40.
    #[serde(default = "default_high")]
    #[schemars(range(min = 0, max = 1))]
    pub(crate) high: f64,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct ValueWire {
    /// What keeping one subject is worth, in units of the currency.
    #[schemars(range(min = 0))]
    pub(crate) per_subject: Option<f64>,
    /// A column of the subjects' table with an amount, such as `monthly_price`.
    pub(crate) column: Option<Reference>,
    /// With `column`: how many times the amount. By default 1.
    #[schemars(range(min = 0))]
    pub(crate) times: Option<f64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct DecisionWire {
    /// The chance that a subject at high risk stays if nobody does anything. Chances of actions are stated beside
    /// this one. By default 0.10.
    #[serde(default = "default_chance_no_action")]
    #[schemars(range(min = 0, max = 1))]
    pub(crate) chance_no_action: f64,
    /// What all actions of one round of scoring may cost together, in units of the currency. By default there is no limit.
    #[schemars(range(min = 0))]
    pub(crate) budget: Option<f64>,
    /// Nobody is contacted again within so many days, by the log of actions.
    #[schemars(range(min = 1, max = 365))]
    pub(crate) contact_every_days: Option<u16>,
    /// When nobody is contacted, in the contract's time zone, such as `"21:00-09:00"`.
    pub(crate) quiet_hours: Option<String>,
    /// Columns of the subjects' table, true for those who asked not to be contacted: `all` for any action, or the channel
    /// of some, such as `{ all = "no_contact", whatsapp = "no_whatsapp" }`. They are never learned from.
    #[serde(default)]
    pub(crate) opt_out: BTreeMap<String, Reference>,
    /// Share of decisions among actions worth nearly the same that is drawn by chance, so that it can be learned which works
    /// better; no capacity, budget or rule is broken by it. By default nothing.
    #[schemars(range(min = 0, max = 0.5))]
    pub(crate) explore: Option<f64>,
    /// Share of those for whom something would be done who get nothing by chance, alike in every band, so that it can be
    /// seen what happens without. By default nothing.
    #[schemars(range(min = 0, max = 0.5))]
    pub(crate) holdout: Option<f64>,
    /// What a subject could change, for "what would lower the risk": any of `attendance`, `homework`, `payment`. By default
    /// all that the kit knows how to.
    pub(crate) changeable: Option<Vec<String>>,
}

/// Something that actions take and of which there is only so much.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Resource")]
pub(crate) struct ResourceWire {
    /// What staff call it.
    pub(crate) label: Option<LabelWire>,
    /// How much there is in one round of scoring, a whole number: of each mentor's where `per` says so.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub(crate) capacity: u32,
    /// What it is counted in.
    pub(crate) unit: Option<UnitWire>,
    /// The column of the subjects' table that says whose it is, such as `mentor_id`: everyone named there has `capacity` of
    /// their own. By default there is one for all.
    pub(crate) per: Option<Reference>,
}

/// What a resource is counted in.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum UnitWire {
    Minute,
    Hour,
    Call,
    Message,
    Lesson,
    Place,
}

/// Something staff can do to keep a subject.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Action")]
pub(crate) struct ActionWire {
    /// What staff call it.
    pub(crate) label: Option<LabelWire>,
    /// What doing it once costs, in units of the currency.
    #[schemars(range(min = 0))]
    pub(crate) cost: f64,
    /// How many can be done in one round of scoring. By default there is no limit.
    pub(crate) capacity: Option<u32>,
    /// An expert's chance that it keeps a subject who would stay by themselves with `decision.chance_no_action`.
    #[schemars(range(min = 0, max = 1))]
    pub(crate) chance: f64,
    /// How many observed cases the expert's word weighs as much as: the more, the longer it takes for what really
    /// happens to change it. By default 20.
    #[schemars(range(min = 1, max = 100_000))]
    pub(crate) prior_cases: Option<f64>,
    /// Do it only where one of these is a reason for the risk, such as `["payment"]`. By default it suits everyone.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// How much it takes of the resources, such as `{ mentor_minutes = 30 }`.
    #[serde(default)]
    pub(crate) uses: BTreeMap<String, AmountWire>,
    /// How the subject is reached, such as `whatsapp`: whoever opted out of it in `decision.opt_out` is left alone.
    pub(crate) channel: Option<String>,
}

/// A whole number of units.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub(crate) struct AmountWire(#[schemars(range(min = 1, max = 1_000_000))] pub(crate) u32);

/// A name for people: one for all languages, or `{ en = "...", ru = "...", tg = "..." }`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Label")]
pub(crate) enum LabelWire {
    Any(String),
    ByLocale(LabelsWire),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct LabelsWire {
    /// In English.
    pub(crate) en: Option<String>,
    /// In Russian.
    pub(crate) ru: Option<String>,
    /// In Tajik.
    pub(crate) tg: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct ScheduleWire {
    /// Five cron fields, minute, hour, day of month, month, day of week, in the contract's time zone; `0 7 * * 1-6`
    /// is every day but Sunday at seven.
    pub(crate) cron: String,
}

pub(crate) fn default_chance_no_action() -> f64 {
    0.10
}

pub(crate) fn default_medium() -> f64 {
    0.15
}

pub(crate) fn default_high() -> f64 {
    0.40
}
