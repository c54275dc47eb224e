//! How long the subject has been here, and how long there is to go.

use asof::{Compute, Spec, Subjects};
use domain::{Family, Leaning};

pub(crate) fn specs(subjects: &Subjects) -> Vec<Spec> {
    let family = Family::named("tenure");
    let spec =
        |name: &str, compute| Spec::new(format!("tenure.{name}"), family.clone(), Leaning::Either, compute).as_trait();
    let mut specs = vec![spec("days", Compute::Tenure)];
    if subjects.until.iter().any(Option::is_some) {
        specs.push(spec("days_left", Compute::Remaining));
        specs.push(spec("elapsed_share", Compute::Elapsed));
    }
    specs
}
