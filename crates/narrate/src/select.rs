//! Which reasons are worth a reader's attention.
//!
//! A reason is said if staff can act on it: it raises the risk, has a fact to show, and is no trait such as age or
//! course, which moves scores but which nobody can change. Of those, at most three, the heaviest first, and only while
//! they weigh something: next to the heaviest one, and at all. At low risk the bar is higher, since what is said there
//! is noted, not acted upon. The weights that are left unsaid stay in the score and in its full attribution.

use domain::{Band, Family, Reason};

/// Reasons said at most.
pub const AT_MOST: usize = 3;

/// A reason below this share of the heaviest one is left out.
const SHARE_OF_HEAVIEST: f64 = 0.15;

/// The reasons to say, heaviest first.
pub fn select(reasons: Vec<Reason>, band: Band) -> Vec<Reason> {
    let calling: Vec<Reason> = reasons.into_iter().filter(Reason::calls_for_action).collect();
    let weights: Vec<(&Family, f64)> = calling.iter().map(|reason| (&reason.family, reason.contribution)).collect();
    worth_saying(&weights, band).into_iter().map(|at| calling[at].clone()).collect()
}

/// Of families that call for action, with what each adds to the score, those worth saying: their positions, heaviest
/// first. Equal ones are ordered by family, so that the answer does not depend on theirs.
pub fn worth_saying(calling: &[(&Family, f64)], band: Band) -> Vec<usize> {
    let weight = |at: usize| calling[at].1;
    let mut order: Vec<usize> = (0..calling.len()).collect();
    order.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)).then_with(|| calling[a].0.cmp(calling[b].0)));
    let heaviest = order.first().map_or(0.0, |&at| weight(at));
    let least = least_contribution(band).max(SHARE_OF_HEAVIEST * heaviest);
    order.retain(|&at| weight(at) >= least);
    order.truncate(AT_MOST);
    order
}

/// Log-odds below which nothing is worth saying: 0.05 moves odds by a twentieth, 0.22 by a quarter.
fn least_contribution(band: Band) -> f64 {
    match band {
        Band::Low => 0.22,
        Band::Medium | Band::High => 0.05,
    }
}

#[cfg(test)]
mod tests {
    use domain::{Fact, Sentence};

    use super::*;

    fn reason(family: &'static str, contribution: f64) -> Reason {
        let fact = Fact { sentence: Sentence::named("homework-open"), values: vec![], rows: vec![] };
        Reason { family: Family::named(family), contribution, fact: Some(fact) }
    }

    fn selected(reasons: Vec<Reason>, band: Band) -> Vec<String> {
        select(reasons, band).iter().map(|reason| reason.family.to_string()).collect()
    }

    #[test]
    fn the_three_heaviest_that_raise_the_risk() {
        let reasons = vec![
            reason("tests", 0.5),
            reason("attendance", 2.0),
            reason("payment", -1.0),
            reason("homework", 0.9),
            reason("progress", 0.4),
        ];
        assert_eq!(selected(reasons, Band::High), ["attendance", "homework", "tests"]);
    }

    #[test]
    fn never_a_trait_and_never_without_a_fact() {
        let silent = Reason { fact: None, ..reason("homework", 3.0) };
        let reasons = vec![reason("profile", 5.0), reason("tenure", 4.0), silent, reason("payment", 0.3)];
        assert_eq!(selected(reasons, Band::High), ["payment"]);
    }

    #[test]
    fn minor_ones_are_left_out() {
        let reasons = || vec![reason("attendance", 2.0), reason("payment", 0.29), reason("tests", f64::NAN)];
        assert_eq!(selected(reasons(), Band::High), ["attendance"]);
        assert_eq!(selected(vec![reason("tests", 0.04)], Band::High), [""; 0]);
        assert_eq!(selected(vec![reason("tests", 0.2)], Band::Medium), ["tests"]);
        assert_eq!(selected(vec![reason("tests", 0.2)], Band::Low), [""; 0]);
    }

    #[test]
    fn equals_do_not_depend_on_their_order() {
        let (a, b) = (reason("attendance", 1.0), reason("payment", 1.0));
        assert_eq!(select(vec![a.clone(), b.clone()], Band::High), select(vec![b, a], Band::High));
    }
}
