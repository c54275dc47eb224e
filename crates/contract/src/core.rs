//! The contract as the rest of the program sees it: checked, with every default in place.

use std::path::PathBuf;

use domain::{Action, Bands, Currency, Day, Family, Horizon, Locale, Money, Probability};
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::kits::Kit;
use crate::labels::Labels;
use crate::suggest::{did_you_mean, one_of};
use crate::table::{ColumnRef, Table};

/// What an organisation's data means, who may leave it, and what it can do about that.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// The ready contract that filled in what the file leaves out.
    pub kit: Kit,
    /// The organisation's name, for titles.
    pub name: String,
    /// The language that staff read.
    pub locale: Locale,
    /// The zone in which moments of the sources are read; inside, time is civil.
    pub time_zone: TimeZone,
    /// The currency of every amount.
    pub currency: Currency,
    /// Where tables are, unless a table says otherwise.
    pub source: Source,
    /// Who may leave, and when they are at risk.
    pub subjects: Subjects,
    /// What leaving is.
    pub outcome: Outcome,
    /// How far ahead leaving counts; 0 days where the outcome is a label that does not say.
    pub horizon: Horizon,
    /// The moments from which models are fitted.
    pub cutoffs: Cutoffs,
    /// How a score is read.
    pub bands: Bands,
    /// Whether the file says so. Where it does not and the outcome is a label, training sets them by how many leave.
    pub bands_are_stated: bool,
    /// What keeping a subject is worth; nothing where the outcome is a label, no value is stated, and no action needs one.
    pub value: KeptValue,
    /// Chance that a subject of the kind that experts think of when they state an action's chance stays by itself.
    pub chance_no_action: Probability,
    /// What staff can do, in the file's order.
    pub actions: Vec<PlannedAction>,
    /// What there is to act with in one round, and who must not be acted on.
    pub limits: Limits,
    /// The subjects' table first, then those of the file in its order, then those that the kit assumes.
    pub tables: Vec<Table>,
    /// When the service scores by itself.
    pub schedule: Option<Schedule>,
}

/// Where the tables are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Files in a folder, relative to the contract's own.
    Folder {
        /// The folder, `data`.
        path: PathBuf,
    },
    /// A PostgreSQL database, only read from.
    Postgres {
        /// The environment variable that holds the connection string: a password never stands in the file.
        url_env: String,
    },
}

/// Who may leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Subjects {
    /// The table with one row per subject.
    pub table: String,
    /// What tells subjects apart; other tables point to it.
    pub key: ColumnRef,
    /// The moment from which a subject can leave. Nothing only where the outcome is a label, which has no time.
    pub from: Option<ColumnRef>,
    /// The moment from which leaving is the plan, such as the end of the course.
    pub until: Option<ColumnRef>,
    /// The group that a subject is compared with.
    pub group: Option<ColumnRef>,
    /// What staff call a subject. Personal: shown to staff, never a feature, never logged.
    pub name: Option<ColumnRef>,
    /// SQL condition on a row of the subjects' table; subjects for whom it is not true are never at risk.
    pub at_risk: Option<String>,
    /// Which columns describe a subject.
    pub attributes: Attributes,
    /// Source columns that are never attributes: those of the file, and those that the kit knows to be personal or
    /// to hold the state at the time of the export.
    pub ignore: Vec<String>,
}

/// Which columns of the subjects' table are features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attributes {
    /// Every column with no other use that is not ignored.
    Auto,
    /// Exactly these: a column's name in [`Table::columns`], or in the file where it is not listed there.
    Listed(Vec<String>),
}

/// What leaving is.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A column of the subjects' table holds the moment of leaving, and nothing for those who stayed.
    Date {
        /// The column.
        column: ColumnRef,
    },
    /// No row in a table for so many days: the subject leaves on the last of them, the first day on which the silence is
    /// known to be long enough.
    Inactivity {
        /// Name of the table.
        table: String,
        /// How long the silence lasts.
        days: u16,
    },
    /// A column of the subjects' table says who left, with no time: a flat table, validated by stratified folds.
    Label {
        /// What can be learned; none of their columns is ever a feature.
        targets: Vec<Target>,
        /// Which of them is.
        chosen: usize,
        /// The value that means "left", compared as text or as a number.
        positive: String,
    },
}

/// A label that can be learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is called: the column's name, or `label` for an expression.
    pub name: String,
    /// Where it stands.
    pub column: ColumnRef,
    /// Whether it says who left, rather than, say, who bought.
    pub is_leaving: bool,
}

/// A target that the contract does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownTarget {
    /// The outcome is no label.
    #[error(
        "outcome.kind is not \"label\" in the contract, so there is one outcome and no target to choose: leave {asked:?} out"
    )]
    NoLabel {
        /// What was asked for.
        asked: String,
    },
    /// The outcome has other labels.
    #[error("no target is called {asked:?}: the contract has {known}{}", .near.as_ref().map(|near| format!("; {near}")).unwrap_or_default())]
    NotThere {
        /// What was asked for.
        asked: String,
        /// What there is.
        known: String,
        /// The one that may be meant.
        near: Option<String>,
    },
}

/// The moments from which models are fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutoffs {
    /// What they are counted from.
    pub from: Anchor,
    /// Days from one to the next.
    pub every_days: u16,
    /// Not before this day; from the first data where nothing is said.
    pub first: Option<Day>,
    /// Not after this day; until the last settled outcome where nothing is said.
    pub last: Option<Day>,
    /// A subject is looked at from so many days at risk on.
    pub min_tenure_days: u16,
    /// A subject is looked at until so many days at risk.
    pub max_tenure_days: Option<u16>,
}

/// What cutoffs are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The last settled day: the same days for everyone.
    Calendar,
    /// Each subject's first day at risk: every subject is seen at the same ages.
    Start,
}

/// What keeping one subject is worth.
#[derive(Clone, Debug, PartialEq)]
pub enum KeptValue {
    /// The same for everyone.
    PerSubject(Money),
    /// A number of the subjects' table, in major units, times a factor: three monthly prices.
    PerColumn {
        /// The column.
        column: ColumnRef,
        /// The factor.
        times: f64,
    },
}

/// An action with what only people need to know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedAction {
    /// What the decision needs.
    pub action: Action,
    /// What staff call it.
    pub labels: Labels,
    /// How much it takes of each of [`Limits::resources`], in their order.
    pub uses: Vec<u64>,
    /// How the subject is reached, where the file says so.
    pub channel: Option<String>,
}

/// What actions share, and the rules about contacts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// What actions share in one round, in the file's order.
    pub resources: Vec<Resource>,
    /// What all actions of a round may cost together.
    pub budget: Option<Money>,
    /// Nobody is contacted again within so many days.
    pub contact_every_days: Option<u16>,
    /// When nobody is contacted.
    pub quiet_hours: Option<QuietHours>,
    /// Who asked not to be contacted.
    pub opt_outs: Vec<OptOut>,
    /// Share of decisions among near-equal actions that is drawn by chance, to learn which works better.
    pub explore: f64,
    /// Share of those for whom something would be done who get nothing by chance, to see what happens then.
    pub holdout: f64,
    /// Families in which a subject could change something; nothing where the file leaves it to the kit.
    pub changeable: Option<Vec<Family>>,
}

/// Something that actions take and of which there is only so much in one round.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its name, `mentor_minutes`.
    pub name: String,
    /// What staff call it.
    pub labels: Labels,
    /// How much there is: for all, or for each that `per` names.
    pub capacity: u64,
    /// What it is counted in, where the file says so.
    pub unit: Option<Unit>,
    /// The column that says whose it is.
    pub per: Option<ColumnRef>,
}

/// What a resource is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Minutes of work.
    Minute,
    /// Hours of work.
    Hour,
    /// Calls.
    Call,
    /// Messages.
    Message,
    /// Lessons.
    Lesson,
    /// Places.
    Place,
}

/// The hours of a civil day in which nobody is contacted; over midnight where `from` is later than `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// When they begin.
    pub from: Time,
    /// When they end: the first minute at which a contact is welcome.
    pub until: Time,
}

/// A column that says who asked not to be contacted.
#[derive(Clone, Debug, PartialEq)]
pub struct OptOut {
    /// The channel of actions that it is about; all where there is none.
    pub channel: Option<String>,
    /// A flag of the subjects' table.
    pub column: ColumnRef,
}

/// When the service scores by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// A valid cron pattern of five fields, in the contract's time zone.
    pub cron: String,
}

impl Unit {
    /// The word used in the contract: `minute`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Call => "call",
            Self::Message => "message",
            Self::Lesson => "lesson",
            Self::Place => "place",
        }
    }
}

impl QuietHours {
    /// The first moment of a day, from its beginning on, at which a contact is welcome.
    pub fn first_welcome(&self) -> Time {
        let holds_midnight = self.from > self.until || self.from == Time::midnight();
        if holds_midnight { self.until } else { Time::midnight() }
    }
}

impl Contract {
    /// The table called `name`.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The label to learn; nothing where the outcome is none.
    pub fn target(&self) -> Option<&Target> {
        match &self.outcome {
            Outcome::Label { targets, chosen, .. } => targets.get(*chosen),
            Outcome::Date { .. } | Outcome::Inactivity { .. } => None,
        }
    }

    /// Whether what is learned is who leaves; some labels say something else.
    pub fn learns_leaving(&self) -> bool {
        self.target().is_none_or(|target| target.is_leaving)
    }

    /// Takes another of the labels to learn.
    pub fn choose_target(&mut self, name: &str) -> Result<(), UnknownTarget> {
        let asked = || name.to_owned();
        let Outcome::Label { targets, chosen, .. } = &mut self.outcome else {
            return Err(UnknownTarget::NoLabel { asked: asked() });
        };
        let names = || targets.iter().map(|target| target.name.as_str());
        let Some(at) = names().position(|known| known == name) else {
            let (known, near) = (one_of(names()), did_you_mean(name, names()));
            return Err(UnknownTarget::NotThere { asked: asked(), known, near });
        };
        *chosen = at;
        Ok(())
    }

    /// The table of the subjects.
    pub fn subjects_table(&self) -> &Table {
        // `parse` puts it first.
        &self.tables[0]
    }
}
