//! Rows of one action and of the control, in the order of their told effect.

use serde::Serialize;

/// Rows by falling score.
#[derive(Clone, Debug)]
pub struct Contrast {
    rows: Vec<Scored>,
}

/// A row of the action or of the control.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scored {
    score: f64,
    pub(super) is_treated: bool,
    pub(super) outcome: f64,
    /// Inverse of the chance of the arm that it was given.
    weight: f64,
    /// How often it counts.
    times: f64,
    index: u32,
}

/// Sums over the rows down to a place of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    /// Rows.
    pub(super) all: f64,
    /// Weights of the treated and of the control.
    pub(super) treated: f64,
    pub(super) control: f64,
    /// Their weighted outcomes.
    pub(super) outcome_treated: f64,
    pub(super) outcome_control: f64,
}

/// A place of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Share of the list acted on, from its head, 0 to 1.
    pub share: f64,
    /// What acting on it gained, in the curve's unit.
    pub gain: f64,
}

impl Contrast {
    /// `score` is the told effect, `propensity` the chance that a row had of the arm it was given; without it each row counts
    /// alike.
    ///
    /// # Panics
    /// Where slices differ in length.
    pub fn new(score: &[f64], is_treated: &[bool], outcome: &[f64], propensity: Option<&[f64]>) -> Self {
        assert!(score.len() == is_treated.len() && score.len() == outcome.len(), "one score, arm and outcome a row");
        assert!(propensity.is_none_or(|propensity| propensity.len() == score.len()), "one propensity a row");
        let row = |index: usize| Scored {
            score: score[index],
            is_treated: is_treated[index],
            outcome: outcome[index],
            weight: propensity.map_or(1.0, |propensity| 1.0 / propensity[index]),
            times: 1.0,
            index: index as u32,
        };
        let mut rows: Vec<Scored> = (0..score.len()).map(row).collect();
        rows.sort_by(|a, b| b.score.total_cmp(&a.score));
        Self { rows }
    }

    /// The same rows, each counted so often.
    #[must_use]
    pub fn redrawn(&self, times: &[f64]) -> Self {
        let redraw = |row: &Scored| Scored { times: times[row.index as usize], ..*row };
        Self { rows: self.rows.iter().map(redraw).filter(|row| row.times > 0.0).collect() }
    }

    /// The same rows, each weighing the same.
    #[must_use]
    pub fn unweighted(&self) -> Self {
        Self { rows: self.rows.iter().map(|row| Scored { weight: 1.0, ..*row }).collect() }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn scored(&self) -> &[Scored] {
        &self.rows
    }

    /// Whether outcomes are 0 and 1 only.
    pub(super) fn is_binary(&self) -> bool {
        self.rows.iter().all(|row| row.outcome == 0.0 || row.outcome == 1.0)
    }

    /// Sums down to the end of each run of equal scores, from none.
    pub(super) fn cumulative(&self) -> Vec<Sums> {
        let mut places = vec![Sums::default()];
        let mut sums = Sums::default();
        for tie in self.rows.chunk_by(|a, b| a.score == b.score) {
            tie.iter().for_each(|row| sums.add(row));
            places.push(sums);
        }
        places
    }

    /// Sums by classes of rows, the best class first: the list that knew everything.
    pub(super) fn cumulative_by(&self, class: impl Fn(&Scored) -> i32) -> Vec<Sums> {
        let mut classes: Vec<(i32, Sums)> = Vec::new();
        for row in &self.rows {
            let of_row = class(row);
            let place = classes.iter().position(|(class, _)| *class == of_row).unwrap_or_else(|| {
                classes.push((of_row, Sums::default()));
                classes.len() - 1
            });
            classes[place].1.add(row);
        }
        classes.sort_by_key(|(class, _)| std::cmp::Reverse(*class));
        let mut places = vec![Sums::default()];
        for (_, of_class) in classes {
            let before = places[places.len() - 1];
            places.push(before.plus(&of_class));
        }
        places
    }
}

impl Scored {
    pub(super) fn score(&self) -> f64 {
        self.score
    }
}

impl Sums {
    pub(super) fn add(&mut self, row: &Scored) {
        let weight = row.times * row.weight;
        self.all += row.times;
        if row.is_treated {
            self.treated += weight;
            self.outcome_treated += weight * row.outcome;
        } else {
            self.control += weight;
            self.outcome_control += weight * row.outcome;
        }
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            all: self.all + other.all,
            treated: self.treated + other.treated,
            control: self.control + other.control,
            outcome_treated: self.outcome_treated + other.outcome_treated,
            outcome_control: self.outcome_control + other.outcome_control,
        }
    }

    /// Mean outcome of the treated less that of the control; a side without rows counts 0.
    pub(super) fn uplift(&self) -> f64 {
        ratio(self.outcome_treated, self.treated) - ratio(self.outcome_control, self.control)
    }
}

/// A ratio, 0 where there is nothing to divide by.
pub(super) fn ratio(above: f64, below: f64) -> f64 {
    if below == 0.0 { 0.0 } else { above / below }
}

/// Area below a curve by trapezoids.
pub(super) fn area(points: &[(f64, f64)]) -> f64 {
    points.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[1].1 + pair[0].1) / 2.0).sum()
}

/// Area between a curve and the straight line to its end, as a part of the same of the perfect curve.
pub(super) fn normalised(actual: &[(f64, f64)], perfect: &[(f64, f64)]) -> Option<f64> {
    let &(width, height) = perfect.last()?;
    let by_chance = width * height / 2.0;
    let best = area(perfect) - by_chance;
    (best != 0.0).then(|| (area(actual) - by_chance) / best)
}

#[cfg(test)]
pub(super) mod reference {
    //! A sample with ties, and what scikit-uplift 0.5.1 says of it.

    use super::Contrast;

    pub(in super::super) fn sample() -> Contrast {
        let uplift: Vec<f64> = (0..60u32).map(|row| f64::from(row * 37 % 23) / 10.0 - 1.0).collect();
        let is_treated: Vec<bool> = (0..60u32).map(|row| row * 7 % 5 < 2).collect();
        let outcome: Vec<f64> = (0..60u32).map(|row| f64::from(u8::from(row * 11 % 13 < 4 || row % 17 == 3))).collect();
        Contrast::new(&uplift, &is_treated, &outcome, None)
    }
}
