//! Columns in memory, and how they are read from Arrow.

use std::cmp::Ordering;
use std::fmt;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, TimeUnit, TimestampMicrosecondType, UInt32Type};
use arrow::error::ArrowError;
use rustc_hash::FxHashMap;

use crate::error::BuildError;

/// The code of a category that is not known.
pub const NO_LEVEL: u32 = u32::MAX;
/// A moment that is not known.
pub const NO_MOMENT: i64 = i64::MAX;
/// A flag that is not known; 0 is false, 1 is true.
pub const UNKNOWN: u8 = 2;

const MICROS_A_DAY: i64 = 86_400_000_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A number.
    Number,
    /// One of several words.
    Category,
    /// A date, or a date and time.
    Moment,
    /// Yes or no.
    Flag,
}

/// A column's values.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Finite numbers, NaN where unknown.
    Number(Vec<f64>),
    /// Codes into sorted levels, [`NO_LEVEL`] where unknown.
    Category {
        /// One per row.
        codes: Vec<u32>,
        /// Ascending.
        levels: Vec<String>,
    },
    /// Civil microseconds since 1970, [`NO_MOMENT`] where unknown.
    Moment(Vec<i64>),
    /// 0, 1 or [`UNKNOWN`].
    Flag(Vec<u8>),
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in features.
    pub name: String,
    /// Its values.
    pub values: Values,
}

impl Column {
    /// A column of these values.
    pub fn new(name: impl Into<String>, values: Values) -> Self {
        Self { name: name.into(), values }
    }

    /// What it holds.
    pub fn kind(&self) -> Kind {
        self.values.kind()
    }
}

impl Values {
    /// The arrays, one after another, as a column of this kind.
    ///
    /// Numbers take any number, moments timestamps (their time zone is passed over: civil time has none) and dates,
    /// categories strings and dictionaries of them, flags booleans. Infinities are unknown, and there is one zero.
    pub fn from_arrow(kind: Kind, arrays: &[ArrayRef]) -> Result<Self, BuildError> {
        let mut gathered = Gathering::new(kind);
        for array in arrays {
            gathered.extend(array).map_err(|_| BuildError::Type {
                table: String::new(),
                column: String::new(),
                found: array.data_type().to_string(),
                expected: kind,
            })?;
        }
        Ok(gathered.finish())
    }

    /// What it holds.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Number,
            Self::Category { .. } => Kind::Category,
            Self::Moment(_) => Kind::Moment,
            Self::Flag(_) => Kind::Flag,
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Number(values) => values.len(),
            Self::Category { codes, .. } => codes.len(),
            Self::Moment(values) => values.len(),
            Self::Flag(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a row's value is known.
    pub(crate) fn is_known(&self, row: usize) -> bool {
        match self {
            Self::Number(values) => !values[row].is_nan(),
            Self::Category { codes, .. } => codes[row] != NO_LEVEL,
            Self::Moment(values) => values[row] != NO_MOMENT,
            Self::Flag(values) => values[row] != UNKNOWN,
        }
    }

    /// Orders two rows by their values.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        match self {
            Self::Number(values) => values[a].total_cmp(&values[b]),
            Self::Category { codes, .. } => codes[a].cmp(&codes[b]),
            Self::Moment(values) => values[a].cmp(&values[b]),
            Self::Flag(values) => values[a].cmp(&values[b]),
        }
    }

    /// Makes a row's value unknown.
    pub(crate) fn forget(&mut self, row: usize) {
        match self {
            Self::Number(values) => values[row] = f64::NAN,
            Self::Category { codes, .. } => codes[row] = NO_LEVEL,
            Self::Moment(values) => values[row] = NO_MOMENT,
            Self::Flag(values) => values[row] = UNKNOWN,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "number",
            Self::Category => "category",
            Self::Moment => "moment",
            Self::Flag => "flag",
        })
    }
}

/// A column that still grows.
pub(crate) struct Gathering {
    values: Values,
    codes: FxHashMap<String, u32>,
}

impl Gathering {
    pub(crate) fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Number => Values::Number(Vec::new()),
            Kind::Category => Values::Category { codes: Vec::new(), levels: Vec::new() },
            Kind::Moment => Values::Moment(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
        };
        Self { values, codes: FxHashMap::default() }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.values.kind()
    }

    pub(crate) fn extend(&mut self, array: &ArrayRef) -> Result<(), ArrowError> {
        match &mut self.values {
            Values::Number(numbers) => extend_numbers(numbers, array),
            Values::Category { codes, levels } => extend_codes(codes, levels, &mut self.codes, array),
            Values::Moment(moments) => extend_moments(moments, array),
            Values::Flag(flags) => extend_flags(flags, array),
        }
    }

    /// The values so far, their codes not final.
    pub(crate) fn values_mut(&mut self) -> &mut Values {
        &mut self.values
    }

    /// The column, its levels sorted so that codes do not depend on the order of rows.
    pub(crate) fn finish(self) -> Values {
        let Values::Category { mut codes, levels } = self.values else { return self.values };
        let mut sorted: Vec<(String, usize)> = levels.into_iter().zip(0..).collect();
        sorted.sort_unstable();
        let mut new_codes = vec![NO_LEVEL; sorted.len()];
        for (code, (_, old)) in (0..).zip(&sorted) {
            new_codes[*old] = code;
        }
        for code in codes.iter_mut().filter(|code| **code != NO_LEVEL) {
            *code = new_codes[*code as usize];
        }
        Values::Category { codes, levels: sorted.into_iter().map(|(level, _)| level).collect() }
    }
}

/// Appends civil microseconds; [`NO_MOMENT`] for nulls.
pub(crate) fn extend_moments(moments: &mut Vec<i64>, array: &ArrayRef) -> Result<(), ArrowError> {
    if array.data_type() == &DataType::Date32 {
        let days = array.as_primitive::<Date32Type>();
        moments.extend(days.iter().map(|day| day.map_or(NO_MOMENT, |day| i64::from(day) * MICROS_A_DAY)));
        return Ok(());
    }
    if !matches!(array.data_type(), DataType::Timestamp(..) | DataType::Date64) {
        return Err(ArrowError::CastError(String::new()));
    }
    let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, None))?;
    let micros = micros.as_primitive::<TimestampMicrosecondType>();
    if micros.null_count() == 0 {
        moments.extend_from_slice(micros.values());
    } else {
        moments.extend(micros.iter().map(|moment| moment.unwrap_or(NO_MOMENT)));
    }
    Ok(())
}

fn extend_numbers(numbers: &mut Vec<f64>, array: &ArrayRef) -> Result<(), ArrowError> {
    if !array.data_type().is_numeric() {
        return Err(ArrowError::CastError(String::new()));
    }
    let values = cast(array, &DataType::Float64)?;
    let values = values.as_primitive::<Float64Type>();
    // Adding zero turns -0 into 0, so that equal numbers are equal bytes.
    let known = |value: f64| if value.is_finite() { value + 0.0 } else { f64::NAN };
    if values.null_count() == 0 {
        numbers.extend(values.values().iter().map(|value| known(*value)));
    } else {
        numbers.extend(values.iter().map(|value| value.map_or(f64::NAN, known)));
    }
    Ok(())
}

fn extend_flags(flags: &mut Vec<u8>, array: &ArrayRef) -> Result<(), ArrowError> {
    let Some(values) = array.as_boolean_opt() else { return Err(ArrowError::CastError(String::new())) };
    flags.extend(values.iter().map(|value| value.map_or(UNKNOWN, u8::from)));
    Ok(())
}

fn extend_codes(
    codes: &mut Vec<u32>,
    levels: &mut Vec<String>,
    known: &mut FxHashMap<String, u32>,
    array: &ArrayRef,
) -> Result<(), ArrowError> {
    let mut code_of = |level: &str| {
        if let Some(code) = known.get(level) {
            return *code;
        }
        // Distinct levels are fewer than rows, and rows are counted in 32 bits.
        let code = u32::try_from(levels.len()).unwrap_or(NO_LEVEL);
        levels.push(level.to_owned());
        known.insert(level.to_owned(), code);
        code
    };
    if let DataType::Dictionary(_, of) = array.data_type() {
        let keys_as_u32 = cast(array, &DataType::Dictionary(Box::new(DataType::UInt32), of.clone()))?;
        let dictionary = keys_as_u32.as_dictionary::<UInt32Type>();
        let words = cast(dictionary.values(), &DataType::Utf8)?;
        let codes_of_words: Vec<u32> =
            words.as_string::<i32>().iter().map(|word| word.map_or(NO_LEVEL, &mut code_of)).collect();
        codes.extend(dictionary.keys().iter().map(|key| key.map_or(NO_LEVEL, |key| codes_of_words[key as usize])));
        return Ok(());
    }
    match array.data_type() {
        DataType::Utf8 => codes.extend(array.as_string::<i32>().iter().map(|w| w.map_or(NO_LEVEL, &mut code_of))),
        DataType::LargeUtf8 => codes.extend(array.as_string::<i64>().iter().map(|w| w.map_or(NO_LEVEL, &mut code_of))),
        DataType::Utf8View => codes.extend(array.as_string_view().iter().map(|w| w.map_or(NO_LEVEL, &mut code_of))),
        _ => return Err(ArrowError::CastError(String::new())),
    }
    Ok(())
}
