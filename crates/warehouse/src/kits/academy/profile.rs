//! Who the student is: traits, which serve the score and are never a reason to act.

use asof::{Compute, Kind, Spec, Subjects};
use contract::Contract;
use domain::Leaning;

use crate::people::{GROUP, LEAD_DAYS};

const BORN: &str = "born_on";

pub(crate) fn specs(contract: &Contract, subjects: &Subjects) -> Vec<Spec> {
    let table = contract.subjects_table();
    let mut specs = Vec::new();
    for column in &subjects.attributes {
        let compute = match column.kind() {
            _ if column.name == GROUP || column.name == format!("{BORN}{LEAD_DAYS}") => continue,
            Kind::Number | Kind::Category => Compute::Attribute { column: column.name.clone() },
            Kind::Moment if column.name == BORN => Compute::Age { column: column.name.clone() },
            // What a moment says stands in its lead before the start.
            Kind::Moment | Kind::Flag => continue,
        };
        let name = format!("{}.{}", table.name, column.name);
        specs.push(Spec::new(name, table.family.clone(), Leaning::Either, compute).as_trait());
    }
    specs
}
