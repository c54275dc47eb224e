//! Numbers of the subjects' table that a model cannot take as they are: infinite ones, and ones beyond its range.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Float64Type, UInt64Type};
use tables::{Finding, Kind, Place, Topic};

use crate::people::ask::Asked;

/// Tells of them, by column. Infinite ones, which only typed sources hold, are not known; ones beyond the range of a
/// model's numbers become its ends, so that larger stays larger.
pub(super) fn note(place: &Place, asked: &Asked, arrays: &[ArrayRef], findings: &mut Vec<Finding>) {
    let rows = arrays[arrays.len() - 1].as_primitive::<UInt64Type>();
    for attribute in asked.attributes.iter().filter(|attribute| attribute.kind == Kind::Number) {
        let numbers = arrays[attribute.at].as_primitive::<Float64Type>();
        let mut infinite = Told::default();
        let mut beyond = Told::default();
        for (index, value) in numbers.values().iter().enumerate() {
            if value.abs() > f64::from(f32::MAX) && numbers.is_valid(index) {
                let told = if value.is_finite() { &mut beyond } else { &mut infinite };
                told.see(*value, rows.value(index));
            }
        }
        let place = place.clone().in_column(&attribute.name);
        let advice = "mend the cells in the source, or empty them";
        if infinite.cells > 0 {
            let message = match infinite.cells {
                1 => "1 cell is infinite and counts as empty".to_owned(),
                cells => format!("{cells} cells are infinite and count as empty"),
            };
            findings.push(Finding::warning(Topic::BadCell, place.clone().at_row(infinite.row), message, advice));
        }
        if beyond.cells > 0 {
            let (cells, count) = match beyond.cells {
                1 => ("1 cell is".to_owned(), "counts"),
                cells => (format!("{cells} cells are"), "count"),
            };
            let message = format!(
                "{cells} beyond 3.4e38, the largest number that a model tells apart, and {count} as that: {:e}",
                beyond.first
            );
            findings.push(Finding::warning(Topic::BadCell, place.at_row(beyond.row), message, advice));
        }
    }
}

#[derive(Default)]
struct Told {
    cells: u64,
    /// The first row and its value.
    row: u64,
    first: f64,
}

impl Told {
    fn see(&mut self, value: f64, row: u64) {
        if self.cells == 0 || row < self.row {
            (self.row, self.first) = (row, value);
        }
        self.cells += 1;
    }
}
