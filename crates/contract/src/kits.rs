//! Kits: ready contracts that know the tables of a kind of organisation.
//!
//! A kit is a catalogue of roles, as data. A table named as a role has that role; a column named as one of the role's
//! is that column. Where a source already uses these names, nothing needs to be said. To add a kit: a file here with
//! its roles, a variant of [`Kit`], an arm in [`Kit::roles`].

pub mod academy;
pub mod subscriber;

use std::fmt;

use domain::Family;

use crate::table::Kind;

/// A ready contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kit {
    /// An academy with students, lessons, homework and invoices.
    Academy,
    /// A telecom or another subscription business: one wide table with a label, or events.
    Subscriber,
    /// Nothing is assumed.
    None,
}

/// What a table is to a kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// One row per student.
    Students,
    /// One row per subscriber.
    Subscribers,
    /// One row per student and lesson.
    Attendance,
    /// One row per student and homework.
    Homework,
    /// One row per invoice.
    Invoices,
    /// The planned and the done share of the course, from time to time.
    Progress,
    /// One row per student and test.
    Tests,
    /// Messages and calls, both ways.
    Messages,
    /// What staff did to keep a student, for learning what helps.
    Actions,
    /// Numbers of use over a period that ends at the row's time.
    Activity,
}

/// What a kit knows of a role's table.
#[derive(Clone, Debug)]
pub struct RoleSpec {
    /// The role.
    pub role: Role,
    /// What stands in the table.
    pub about: &'static str,
    /// The family of its features.
    pub family: Family,
    /// The column with the row's time; nothing for the subjects' table.
    pub at: Option<&'static str>,
    /// The column with the time of entry.
    pub recorded_at: Option<&'static str>,
    /// The column that tells rows apart.
    pub key: Option<&'static str>,
    /// Its columns.
    pub columns: &'static [ColumnSpec],
    /// Flags that follow from a category.
    pub flags: &'static [FlagSpec],
}

/// The names of the columns that say who may leave and who left.
#[derive(Clone, Copy, Debug)]
pub struct SubjectsSpec {
    /// The role of the subjects' table.
    pub role: Role,
    /// Column of every table with the subject's key.
    pub key: &'static str,
    /// First day at risk.
    pub from: &'static str,
    /// Planned end.
    pub until: Option<&'static str>,
    /// Group.
    pub group: Option<&'static str>,
    /// Name.
    pub name: &'static str,
    /// Day of leaving.
    pub left: &'static str,
}

/// What a kit knows of a column.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means.
    pub about: &'static str,
    /// How a feature may use it.
    pub usage: Usage,
    /// Columns that hold the moment from which its value is known, best first.
    pub reveals: &'static [&'static str],
    /// Levels of a category and their usual spellings in English, Russian and Tajik.
    pub levels: &'static [(&'static str, &'static [&'static str])],
}

/// How a column may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// The role's features make no sense without it.
    Needed,
    /// Some features need it.
    Optional,
    /// It tells who the subject is, not how they do.
    Personal,
    /// It holds the state at the time of the export and so knows the future of every cutoff before it.
    State,
}

/// A flag that is true for some levels of a category.
#[derive(Clone, Copy, Debug)]
pub struct FlagSpec {
    /// Its name.
    pub name: &'static str,
    /// The category.
    pub column: &'static str,
    /// Levels for which it is true.
    pub levels: &'static [&'static str],
}

impl Kit {
    /// All kits.
    pub const ALL: [Self; 3] = [Self::Academy, Self::Subscriber, Self::None];

    /// The word used in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Academy => "academy",
            Self::Subscriber => "subscriber",
            Self::None => "none",
        }
    }

    /// The kit of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kit| kit.as_str() == word)
    }

    /// A contract to begin with, commented; it is the documentation of the file.
    pub fn template(self) -> Option<&'static str> {
        match self {
            Self::Academy => Some(include_str!("../templates/academy.toml")),
            Self::Subscriber => Some(include_str!("../templates/subscriber.toml")),
            Self::None => None,
        }
    }

    /// What the kit calls the subjects' columns.
    pub fn subjects(self) -> Option<&'static SubjectsSpec> {
        match self {
            Self::Academy => Some(&academy::SUBJECTS),
            Self::Subscriber => Some(&subscriber::SUBJECTS),
            Self::None => None,
        }
    }

    /// What the kit knows, the subjects' table first.
    pub fn roles(self) -> &'static [RoleSpec] {
        match self {
            Self::Academy => academy::ROLES,
            Self::Subscriber => subscriber::ROLES,
            Self::None => &[],
        }
    }

    /// What the kit knows of a role.
    pub fn role(self, role: Role) -> Option<&'static RoleSpec> {
        self.roles().iter().find(|spec| spec.role == role)
    }
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 10] = [
        Self::Students,
        Self::Subscribers,
        Self::Attendance,
        Self::Homework,
        Self::Invoices,
        Self::Progress,
        Self::Tests,
        Self::Messages,
        Self::Actions,
        Self::Activity,
    ];

    /// The word used in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Students => "students",
            Self::Subscribers => "subscribers",
            Self::Attendance => "attendance",
            Self::Homework => "homework",
            Self::Invoices => "invoices",
            Self::Progress => "progress",
            Self::Tests => "tests",
            Self::Messages => "messages",
            Self::Actions => "actions",
            Self::Activity => "activity",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl RoleSpec {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&'static ColumnSpec> {
        self.columns.iter().find(|column| column.name == name)
    }
}
