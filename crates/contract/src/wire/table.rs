//! Tables and columns, as written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::LabelWire;

/// A table of rows about subjects. All keys are optional; the kit knows most of them for tables with a role.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Table")]
pub(crate) struct TableWire {
    /// The file, by default the table's name with `.csv`, `.csv.gz`, `.parquet`, `.tsv` or `.tsv.gz`.
    pub(crate) file: Option<String>,
    /// Instead of a file: a table or view of the database, such as `public.attendance`.
    #[schemars(length(min = 1))]
    pub(crate) relation: Option<String>,
    /// Instead of a file: a query against the database.
    #[schemars(length(min = 1))]
    pub(crate) query: Option<String>,
    /// What the table is to the kit; by default its name where that is a role.
    pub(crate) role: Option<String>,
    /// The family of reasons that it gives; by default the role's, or the table's own name.
    pub(crate) family: Option<String>,
    /// What people call it.
    pub(crate) label: Option<LabelWire>,
    /// The column with the subject's key, by default `subjects.key`.
    pub(crate) subject: Option<Reference>,
    /// The time of the row: what happened later than the day of scoring is not looked at.
    pub(crate) at: Option<Reference>,
    /// When the row was entered, if that may be later: it is known only from then on.
    pub(crate) recorded_at: Option<Reference>,
    /// The column that tells rows apart. With `recorded_at`, a row with the same key and a later entry corrects the
    /// earlier one.
    pub(crate) key: Option<Reference>,
    /// SQL condition; rows for which it is not true are left out.
    #[schemars(length(min = 1))]
    pub(crate) rows: Option<String>,
    /// The columns: those that the kit knows, if they are called otherwise here, and your own.
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, ColumnWire>,
    /// The text format, where detecting it fails and `[csv]` does not say it.
    pub(crate) csv: Option<CsvWire>,
}

/// A column's name, or `{ expr = "..." }` with SQL over the columns of the source.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Reference {
    Column(String),
    Expr(ExprWire),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct ExprWire {
    /// SQL over the columns of the source, such as `"least(due_at, submitted_at)"`.
    #[schemars(length(min = 1))]
    pub(crate) expr: String,
}

/// The column's name in the source, or a table such as `{ column = "Баллы", type = "number" }`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Column")]
pub(crate) enum ColumnWire {
    Name(String),
    Described(Box<DescribedWire>),
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct DescribedWire {
    /// Its name in the source, by default the same as here.
    #[schemars(length(min = 1))]
    pub(crate) column: Option<String>,
    /// Instead of a column: SQL over the columns of the source, such as `"status = 'absent'"`.
    #[schemars(length(min = 1))]
    pub(crate) expr: Option<String>,
    /// What it holds; by default as the kit knows or the data show.
    #[serde(rename = "type")]
    pub(crate) kind: Option<KindWire>,
    /// The column with the moment from which the value is known, if that is not the row's own time: a score is known
    /// when it is given, a payment when it is made. A moment may reveal itself.
    #[schemars(length(min = 1))]
    pub(crate) reveals: Option<String>,
    /// For a category: its levels, each with one spelling or several, such as `{ absent = ["нет", "н"] }`.
    pub(crate) values: Option<BTreeMap<String, Spellings>>,
    /// What people call it.
    pub(crate) label: Option<LabelWire>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum KindWire {
    Number,
    Category,
    Moment,
    Flag,
    Money,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub(crate) enum Spellings {
    One(Scalar),
    Several(Vec<Scalar>),
}

/// A value of the source: text, a whole number, or true or false.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Text(String),
    Integer(i64),
    Flag(bool),
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct CsvWire {
    /// Between fields: one character, such as `;` or a tab, `"\t"`.
    #[schemars(length(min = 1, max = 1))]
    pub(crate) delimiter: Option<String>,
    /// Encoding of the text, such as `windows-1251`.
    pub(crate) encoding: Option<String>,
    /// Before the decimals of a number.
    pub(crate) decimal: Option<DecimalWire>,
    /// How dates are written, such as `%d.%m.%Y` or `%d.%m.%Y %H:%M`.
    #[schemars(length(min = 1))]
    pub(crate) date_format: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) enum DecimalWire {
    #[serde(rename = ".")]
    Point,
    #[serde(rename = ",")]
    Comma,
}

impl Scalar {
    /// As text, the way the source would show it.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}
