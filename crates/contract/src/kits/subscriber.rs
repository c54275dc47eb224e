//! The subscriber: one wide table of clients with a label, or clients with dates and tables of events beside them.
//!
//! Nothing is known of the table's columns but those that hold names and times: each is a reason of its own, told by its
//! name. Invoices, actions and numbers of use mean what they mean to an academy; any other table is learned from as such.

use std::path::PathBuf;

use domain::{Family, Locale};

use super::academy::{ACTIONS, ACTIVITY, INVOICES, column};
use super::{Role, RoleSpec, SubjectsSpec, Usage};
use crate::table::Kind;

/// A flat table of somebody's own, as it was found by looking at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTable {
    /// The organisation's name.
    pub name: String,
    /// The folder of the file.
    pub folder: PathBuf,
    /// The file in it.
    pub file: String,
    /// The column that tells subscribers apart.
    pub key: String,
    /// The column that says who left.
    pub label: String,
    /// The value that means so.
    pub positive: String,
    /// In how many of the rows it stands, in words.
    pub seen: String,
    /// What staff read.
    pub locale: Locale,
    /// IANA's name of the zone that times are meant in.
    pub time_zone: String,
    /// ISO 4217's code of the money.
    pub currency: String,
}

/// Who may leave and who left.
pub static SUBJECTS: SubjectsSpec = SubjectsSpec {
    role: Role::Subscribers,
    key: "subscriber_id",
    from: "started_on",
    until: None,
    group: None,
    name: "full_name",
    left: "left_on",
};

/// What the kit knows, the subjects' table first.
pub static ROLES: &[RoleSpec] = &[SUBSCRIBERS, INVOICES, ACTIONS, ACTIVITY];

const SUBSCRIBERS: RoleSpec = RoleSpec {
    role: Role::Subscribers,
    about: "one row per subscriber; any columns, each learned from and told by its own name",
    family: Family::named("subscriber"),
    at: None,
    recorded_at: None,
    key: Some("subscriber_id"),
    columns: &[
        column("full_name", Kind::Category, "name, shown to staff only").used(Usage::Personal),
        column("phone", Kind::Category, "phone number").used(Usage::Personal),
        column("msisdn", Kind::Category, "phone number").used(Usage::Personal),
        column("email", Kind::Category, "e-mail address").used(Usage::Personal),
        column("started_on", Kind::Moment, "first day as a subscriber, from which one can leave"),
        column("left_on", Kind::Moment, "day of leaving, empty for those who stay"),
    ],
    flags: &[],
};

/// A contract for a table of somebody's own.
pub fn contract_for(table: &OwnTable) -> String {
    let OwnTable { name, folder, file, key, label, positive, seen, locale, time_zone, currency } = table;
    let [name, folder, file, key, label, positive, time_zone, currency] =
        [name, &folder.to_string_lossy().into_owned(), file, key, label, positive, time_zone, currency]
            .map(|text| quoted(text));
    let locale = quoted(locale.code());
    format!(
        r#"# Written by `holdfast new subscriber` after a look at the table. Change what is wrong, then run `holdfast check`.
# `holdfast new subscriber DIR` without --from writes a contract that shows all there is: bands, actions, events.

version = 1
kit = "subscriber"
name = {name}
locale = {locale}                     # what staff read: ru | en | tg
time_zone = {time_zone}       # in which times in the file are meant
currency = {currency}

[source]
kind = "folder"
path = {folder}

[subjects]
table = "subscribers"
key = {key}
attributes = "auto"               # learn from every other column, or from a list of names
ignore = []                       # but never from these: what was filled in after they left

[outcome]
kind = "label"
column = {label}
positive = {positive}             # found in {seen}

[tables.subscribers]
file = {file}
"#
    )
}

/// Text as TOML writes it. A JSON string is one, but for one control character that JSON leaves as it is.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
