//! One table of the contract as a query: what is asked of it, typed, in one pass over its source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, AsArray, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema};
use arrow::record_batch::RecordBatch;
use contract::{Contract, Level, Origin, Role, Table};
use datafusion::common::{DFSchema, SchemaError};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, Expr, ExprSchemable, ScalarUDF, Volatility, create_udf, lit, try_cast};
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use tables::finding::{nearest, shown};
use tables::rows::{BAD, Layout, ROW, Reading, Wanted, arrow_type};
use tables::survey::{self, ColumnSurvey};
use tables::{ColumnFormat, Decimal, Finding, Kind, Place, Schema, Severity, Topic};

use crate::cells::{CellTally, Seen, SpellingTally};
use crate::error::Error;
use crate::source::postgres::Database;
use crate::source::stream::{self, Failure, OpenText};
use crate::source::{Medium, Opened, parquet};

/// Unknown spellings that a finding lists.
const MOST_SPELLINGS: usize = 8;
/// A column with levels in which more than this share of the cells spells none is not what it is taken for.
const MOST_UNKNOWN: f64 = 0.5;

/// A table whose columns have their types.
pub(crate) struct TypedTable<'a> {
    contract: &'a Contract,
    /// The table of the contract.
    pub table: &'a Table,
    session: &'a SessionContext,
    database: Option<&'a Database>,
    opened: Opened,
    /// What each column of the source holds.
    pub formats: BTreeMap<String, ColumnFormat>,
    /// Columns that a model learned from when their types were settled; nothing while they are.
    pub learned: Option<BTreeSet<String>>,
    surveys: BTreeMap<String, ColumnSurvey>,
    plan_schema: DFSchema,
    /// By column with levels, the plan of its text where no level spells it.
    unknown_spellings: Mutex<BTreeMap<String, Expr>>,
}

/// A value asked of every row.
pub(crate) struct Output {
    /// How it is computed.
    pub expr: Expr,
    /// What it is.
    pub kind: Kind,
}

/// Settles what the columns of a source hold: by the schema kept with a model, by the source itself, by the contract,
/// or by a look over every cell. A file that is named anew may write numbers in another way than the one learned from.
#[allow(clippy::too_many_arguments)] // What one table is read with.
pub(crate) fn typed<'a>(
    contract: &'a Contract,
    table: &'a Table,
    session: &'a SessionContext,
    database: Option<&'a Database>,
    opened: Opened,
    stated: &BTreeMap<String, Kind>,
    schema: Option<&Schema>,
    is_named_anew: bool,
) -> Result<TypedTable<'a>, Error> {
    let known = schema.and_then(|schema| schema.tables.get(&table.name));
    let decimal = table.csv.decimal.map(|sign| if sign == ',' { Decimal::Comma } else { Decimal::Point });
    let mut surveys = BTreeMap::new();
    let mut delimiter = b',';
    if let (Medium::Text(file), true) = (&opened.medium, known.is_none() || is_named_anew) {
        delimiter = file.delimiter;
        let layout = layout(&opened, file.delimiter, file.skipped_records);
        let seen = survey::survey(file.open()?, &layout)?;
        surveys = file.header.iter().cloned().zip(seen).collect();
    }
    let mut formats = BTreeMap::new();
    for column in &opened.columns {
        let stated = stated.get(&column.name).copied();
        let format = match (known.and_then(|known| known.get(&column.name)), &column.native, surveys.get(&column.name))
        {
            (Some(format), _, Some(survey)) => {
                let decimal = decimal.or(survey.evident_decimal(delimiter)).unwrap_or(format.decimal);
                ColumnFormat { decimal, ..format.clone() }
            }
            (Some(format), ..) => format.clone(),
            (None, Some(native), _) => ColumnFormat { kind: stated.unwrap_or(native.kind), ..native.clone() },
            (None, None, Some(survey)) => survey.format(&column.name, stated, decimal),
            (None, None, None) => ColumnFormat::plain(stated.unwrap_or(Kind::Text)),
        };
        formats.insert(column.name.clone(), format);
    }
    let fields: Vec<Field> =
        opened.columns.iter().map(|c| Field::new(&c.name, arrow_type(formats[&c.name].kind), true)).collect();
    let plan_schema = DFSchema::try_from(ArrowSchema::new(fields)).map_err(|error| engine(table, &error))?;
    Ok(TypedTable {
        contract,
        table,
        session,
        database,
        opened,
        formats,
        learned: known.map(|known| known.keys().cloned().collect()),
        // What a later file lacks or mixes is told against what was learned, not for itself.
        surveys: if known.is_none() { surveys } else { BTreeMap::new() },
        plan_schema,
        unknown_spellings: Mutex::default(),
    })
}

impl TypedTable<'_> {
    /// Table and file, for findings.
    pub(crate) fn place(&self) -> Place {
        self.opened.place.clone()
    }

    /// How the source's text is written, where it is text.
    pub(crate) fn text_format(&self) -> Option<tables::TextFormat> {
        match &self.opened.medium {
            Medium::Text(file) => Some(file.format()),
            Medium::Parquet(_) | Medium::Postgres(_) => None,
        }
    }

    /// Names of the source's columns, in its order.
    pub(crate) fn source_columns(&self) -> impl Iterator<Item = &str> {
        self.opened.columns.iter().map(|column| column.name.as_str())
    }

    /// Whether an origin's columns are there. Expressions always are: they fail when they are planned.
    pub(crate) fn has(&self, origin: &Origin) -> bool {
        match origin {
            Origin::Column(name) => self.formats.contains_key(name),
            Origin::Expr(_) => true,
            Origin::OneOf { column, .. } => self.table.column(column).is_some_and(|column| self.has(&column.origin)),
        }
    }

    /// The plan of an origin, `key` being where the contract says it.
    ///
    /// # Errors
    ///
    /// A column that the source does not have, SQL that cannot be planned.
    pub(crate) fn expr(&self, origin: &Origin, key: &str) -> Result<Expr, Error> {
        match origin {
            Origin::Column(name) if self.formats.contains_key(name) => Ok(column(name)),
            Origin::Column(name) => Err(self.unknown_column(name, key).into()),
            Origin::Expr(sql) => self.sql(sql, key),
            Origin::OneOf { column, levels } => {
                let Some(category) = self.table.column(column) else {
                    return Err(self.unknown_column(column, key).into());
                };
                let value = self.category(&category.origin, &category.levels, &category.name)?;
                Ok(value.in_list(levels.iter().map(|level| lit(level.as_str())).collect(), false))
            }
        }
    }

    /// The plan of a category: the source's text, or the levels that it spells.
    pub(crate) fn category(&self, origin: &Origin, levels: &[Level], name: &str) -> Result<Expr, Error> {
        let text = try_cast(self.expr(origin, &self.key_of(name))?, DataType::Utf8);
        if levels.is_empty() {
            return Ok(text);
        }
        let (level, unknown) = spellers(name, levels);
        let mut asked = self.unknown_spellings.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(name.to_owned(), unknown.call(vec![text.clone()]));
        Ok(level.call(vec![text]))
    }

    /// The plan of SQL over the source's columns.
    pub(crate) fn sql(&self, sql: &str, key: &str) -> Result<Expr, Error> {
        let planned = self.session.parse_sql_expr(sql, &self.plan_schema);
        let expr = planned.map_err(|error| self.bad_expression(sql, key, &error))?;
        // Types that do not go together are found now, where the contract's key is known.
        expr.get_type(&self.plan_schema).map_err(|error| self.bad_expression(sql, key, &error))?;
        Ok(expr)
    }

    fn key_of(&self, column: &str) -> String {
        format!("tables.{}.columns.{column}", self.table.name)
    }

    /// A finding about a column that the contract names and the source lacks.
    pub(crate) fn unknown_column(&self, name: &str, key: &str) -> Finding {
        let near = nearest(name, self.source_columns());
        let has: Vec<&str> = self.source_columns().take(30).collect();
        let mut advice = if near.is_empty() {
            format!("name one of its columns at {key} in the contract: {}", has.join(", "))
        } else {
            format!("did you mean {}? say so at {key} in the contract", near.join(" or "))
        };
        let place = self.place().at_row(1).in_column(name);
        let mut message = "there is no such column".to_owned();
        if let Medium::Text(file) = &self.opened.medium {
            message = format!(
                "there is no such column (read as {} with delimiter {}, {} columns)",
                file.encoding.name(),
                tables::dialect::named(file.delimiter),
                file.header.len()
            );
            // Letters of another alphabet may be the wrong ones.
            if file.header.iter().any(|name| !name.is_ascii()) {
                advice.push_str(&format!(
                    "; if the names look garbled, state the encoding: [tables.{0}] csv = {{ encoding = \"windows-1251\" }}, or for all files [csv] encoding = \"windows-1251\"",
                    self.table.name
                ));
            }
        }
        Finding::error(Topic::UnknownColumn, place, message, advice)
    }

    fn bad_expression(&self, sql: &str, key: &str, error: &DataFusionError) -> Finding {
        if let DataFusionError::SchemaError(inner, _) = error.find_root()
            && let SchemaError::FieldNotFound { field, .. } = inner.as_ref()
        {
            let mut finding = self.unknown_column(&field.name, key);
            finding.message.push_str(&format!(", which {key} = {} asks for", shown(sql)));
            return finding;
        }
        let said = error.strip_backtrace();
        let message = format!("{key} = {} cannot be computed: {}", shown(sql), said.lines().next().unwrap_or_default());
        let has: Vec<&str> = self.source_columns().take(30).collect();
        let advice = format!(
            "write SQL over the columns {}; text in single quotes, other names in double quotes",
            has.join(", ")
        );
        Finding::error(Topic::Expression, self.place(), message, advice)
    }

    /// Reads the outputs of the rows that fit the table's condition, batch by batch: each batch has the outputs in order
    /// and then the row of the file (0 where it is not known). `see` says which rows may be seen: what is wrong with the
    /// others is nobody's business yet. How many may be seen is the answer.
    ///
    /// `needed` are columns of the source that nothing works without.
    pub(crate) async fn read(
        &self,
        outputs: &[Output],
        needed: &BTreeSet<String>,
        findings: &mut Vec<Finding>,
        mut see: impl FnMut(&RecordBatch) -> Result<Seen, Error>,
    ) -> Result<u64, Error> {
        let filter = match &self.table.rows {
            Some(sql) => Some(self.sql(sql, &format!("tables.{}.rows", self.table.name))?),
            None => None,
        };
        let spellings = self.unknown_spellings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for expr in outputs.iter().map(|output| &output.expr).chain(&filter).chain(spellings.values()) {
            used.extend(expr.column_refs().into_iter().map(|column| column.name.clone()));
        }
        let failure = Failure::default();
        let tally = self.run(outputs, filter, &spellings, self.wanted(&used), &failure, &mut see).await;
        if let Some(failure) = failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(failure);
        }
        let tally = tally?;
        self.judge_dates(&used, findings)?;
        tally.judge(&self.opened.place, needed, self.learned.is_some(), findings)?;
        self.judge_spellings(&tally.spellings, findings)?;
        Ok(tally.rows)
    }

    async fn run(
        &self,
        outputs: &[Output],
        filter: Option<Expr>,
        spellings: &BTreeMap<String, Expr>,
        wanted: Vec<Wanted>,
        failure: &Failure,
        see: &mut impl FnMut(&RecordBatch) -> Result<Seen, Error>,
    ) -> Result<CellTally, Error> {
        let failed = |error: DataFusionError| engine(self.table, &error);
        let mut tally = CellTally::new(wanted.iter().map(|column| (column.name.as_str(), column.format.kind)));
        // Outputs are told apart by their place: their names may be the same as those of the source's columns.
        let mut columns = Vec::new();
        for (index, output) in outputs.iter().enumerate() {
            let found = output.expr.get_type(&self.plan_schema).map_err(failed)?;
            let wanted = arrow_type(output.kind);
            let value = if found == wanted { output.expr.clone() } else { try_cast(output.expr.clone(), wanted) };
            columns.push(value.alias(format!("__{index}")));
        }
        columns.push(column(ROW));
        let of_outputs: Vec<usize> = (0..columns.len()).collect();
        columns.push(column(BAD));
        let read = columns.len()..columns.len() + wanted.len();
        columns.extend(wanted.iter().enumerate().map(|(i, c)| column(&c.name).alias(format!("__read_{i}"))));
        columns.extend(spellings.values().enumerate().map(|(i, expr)| expr.clone().alias(format!("__unknown_{i}"))));
        let mut frame = self.frame(wanted, failure).await?;
        if let Some(filter) = filter {
            frame = frame.filter(filter).map_err(failed)?;
        }
        let mut stream = frame.select(columns).map_err(failed)?.execute_stream().await.map_err(failed)?;
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(failed)?;
            let seen = see(&batch.project(&of_outputs).map_err(|error| failed(error.into()))?)?;
            let arrays = batch.columns();
            tally.add(&arrays[read.clone()], &arrays[read.start - 2], &arrays[read.start - 1], &seen);
            for (name, unknown) in spellings.keys().zip(&arrays[read.end..]) {
                tally.add_spellings(name, unknown, &seen);
            }
        }
        Ok(tally)
    }

    async fn frame(&self, wanted: Vec<Wanted>, failure: &Failure) -> Result<datafusion::dataframe::DataFrame, Error> {
        let failed = |error: DataFusionError| engine(self.table, &error);
        let reading =
            Reading { zone: self.contract.time_zone.clone(), date_format: self.table.csv.date_format.clone() };
        let (open, layout, wanted): (OpenText, Layout, Vec<Wanted>) = match &self.opened.medium {
            Medium::Parquet(path) => {
                return parquet::table(self.session, path, &wanted, &reading).await.map_err(failed);
            }
            Medium::Text(file) => {
                let layout = layout(&self.opened, file.delimiter, file.skipped_records);
                let file = file.clone();
                (Arc::new(move || file.open().map_err(Error::from)), layout, wanted)
            }
            Medium::Postgres(relation) => {
                let Some(database) = self.database else {
                    return Err(Error::Postgres {
                        table: self.table.name.clone(),
                        message: "not connected".to_owned(),
                    });
                };
                let names: Vec<String> = wanted.iter().map(|column| column.name.clone()).collect();
                let open = database.text(relation, &names);
                let layout = Layout { place: self.place(), delimiter: b',', header: names, skipped_records: 1 };
                let moved = wanted.into_iter().enumerate().map(|(index, column)| Wanted { index, ..column }).collect();
                (open, layout, moved)
            }
        };
        let table = stream::table(open, layout, wanted, reading, Arc::clone(failure)).map_err(failed)?;
        self.session.read_table(Arc::new(table)).map_err(failed)
    }

    /// The used columns, or the first where none is: there must be rows to count.
    fn wanted(&self, used: &BTreeSet<String>) -> Vec<Wanted> {
        let all = || self.opened.columns.iter().enumerate();
        let pick = |(index, column): (usize, &crate::source::SourceColumn)| Wanted {
            name: column.name.clone(),
            index,
            format: self.formats[&column.name].clone(),
        };
        let wanted: Vec<Wanted> = all().filter(|(_, column)| used.contains(&column.name)).map(pick).collect();
        if wanted.is_empty() { all().take(1).map(pick).collect() } else { wanted }
    }

    /// Whether a column was looked through and nothing stands in it.
    pub(crate) fn is_empty(&self, column: &str) -> bool {
        self.surveys.get(column).is_some_and(|survey| survey.filled == 0)
    }

    /// What is said of a column that is read as text though most of its cells are numbers.
    pub(crate) fn mixture(&self, column: &str) -> Option<Finding> {
        self.surveys.get(column)?.mixture_finding(&self.opened.place, column)
    }

    fn judge_dates(&self, used: &BTreeSet<String>, findings: &mut Vec<Finding>) -> Result<(), Error> {
        if self.table.csv.date_format.is_some() {
            return Ok(());
        }
        for (name, survey) in &self.surveys {
            if self.formats[name].kind != Kind::Moment || !used.contains(name) {
                continue;
            }
            for finding in survey.date_findings(&self.opened.place, name) {
                if finding.severity == Severity::Error {
                    return Err(finding.into());
                }
                findings.push(finding);
            }
        }
        Ok(())
    }

    /// # Errors
    ///
    /// Most cells of a column spell no level: its table would be read as if nothing had happened.
    fn judge_spellings(
        &self,
        told: &BTreeMap<String, SpellingTally>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Error> {
        for (name, spellings) in told.iter().filter(|(_, told)| told.unknown > 0) {
            let known: Vec<&str> = self
                .table
                .column(name)
                .map(|column| column.levels.iter().map(|level| level.name.as_str()).collect())
                .unwrap_or_default();
            let said: Vec<String> = spellings.first.iter().take(MOST_SPELLINGS).map(|text| shown(text)).collect();
            let mut advice = format!(
                "add the spellings to the contract: {} = {{ values = {{ {} = [...] }} }}",
                self.key_of(name),
                known.join(" = [...], ")
            );
            let place = self.place().in_column(name);
            // The log of actions may well be of actions that are not planned here.
            let is_log = self.table.role == Some(Role::Actions);
            if !is_log && spellings.unknown as f64 > MOST_UNKNOWN * spellings.filled as f64 {
                if spellings.first.iter().any(|text| !text.is_ascii()) {
                    advice.push_str("; if they look garbled, state the table's csv.encoding");
                }
                let message =
                    format!("{} of {} cells spell no level: {}", spellings.unknown, spellings.filled, said.join(", "));
                return Err(Finding::error(Topic::BadCell, place, message, advice).into());
            }
            let message = format!("no level is spelt {}; such cells count as unknown", said.join(", "));
            findings.push(Finding::warning(Topic::BadCell, place, message, advice));
        }
        Ok(())
    }
}

fn layout(opened: &Opened, delimiter: u8, skipped_records: u64) -> Layout {
    let header = opened.columns.iter().map(|column| column.name.clone()).collect();
    Layout { place: opened.place.clone(), delimiter, header, skipped_records }
}

fn column(name: &str) -> Expr {
    Expr::Column(datafusion::common::Column::new_unqualified(name))
}

/// What becomes of a text.
type Answer = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Functions of a text: the level that it spells, and the text itself where it spells none, empty where it spells one.
fn spellers(name: &str, levels: &[Level]) -> (ScalarUDF, ScalarUDF) {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for level in levels {
        for spelling in level.spellings.iter().chain([&level.name]) {
            known.entry(spelling.trim().to_lowercase()).or_insert_with(|| level.name.clone());
        }
    }
    let known = Arc::new(known);
    let level_of = |known: &BTreeMap<String, String>, text: &str| -> Option<String> {
        known.get(text).or_else(|| known.get(text.trim().to_lowercase().as_str())).cloned()
    };
    let of_text = |called: String, answer: Answer| {
        let function = move |args: &[ColumnarValue]| {
            let arrays = ColumnarValue::values_to_arrays(args)?;
            let texts = arrays[0].as_string::<i32>();
            let mut builder = StringBuilder::with_capacity(texts.len(), texts.len() * 8);
            for text in texts {
                builder.append_option(text.and_then(|text| answer(text)));
            }
            Ok(ColumnarValue::Array(Arc::new(builder.finish())))
        };
        create_udf(&called, vec![DataType::Utf8], DataType::Utf8, Volatility::Immutable, Arc::new(function))
    };
    let spelt = Arc::clone(&known);
    let level = of_text(format!("level_of_{name}"), Arc::new(move |text| level_of(&spelt, text)));
    let is_unknown = move |text: &str| {
        let is_filled = !text.trim().is_empty();
        is_filled.then(|| if level_of(&known, text).is_none() { text.to_owned() } else { String::new() })
    };
    (level, of_text(format!("unknown_{name}"), Arc::new(is_unknown)))
}

fn engine(table: &Table, error: &DataFusionError) -> Error {
    Error::Engine { table: table.name.clone(), message: error.strip_backtrace() }
}
