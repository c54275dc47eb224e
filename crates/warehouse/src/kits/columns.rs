//! Columns of the subjects' table whose meaning nobody stated: each a feature, and a reason of its own, told by its name.

use asof::{Compute, Kind, Notable, Spec, Subjects, Unit};
use contract::Contract;
use domain::{Family, Leaning};

use crate::people::GROUP;

pub(crate) fn specs(contract: &Contract, subjects: &Subjects) -> Vec<Spec> {
    let table = &contract.subjects_table().name;
    let mut specs = Vec::new();
    for column in subjects.attributes.iter().filter(|column| column.name != GROUP) {
        let sentence = match column.kind() {
            Kind::Number => "column-is",
            Kind::Category => "category-is",
            // A moment enters by its lead before the start, a flag as a number.
            Kind::Moment | Kind::Flag => continue,
        };
        // With its table's name before it no column is taken for a family of the kits, whatever it is called.
        let name = format!("{table}.{}", column.name);
        let compute = Compute::Attribute { column: column.name.clone() };
        let spec = Spec::new(name.clone(), Family(name.into()), Leaning::Either, compute);
        specs.push(spec.say(sentence, Notable::Always, Unit::Number));
    }
    specs
}
