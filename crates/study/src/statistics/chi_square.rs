//! Independence of two categories: Pearson's chi-square and Cramér's V with bias correction.
//!
//! `chi2 = sum (observed - expected)^2 / expected` with `(r - 1)(c - 1)` degrees of freedom over rows and columns that are not
//! empty. V on finite samples is above 0 even for independent categories; Bergsma (2013) takes the expectation off:
//! `phi2' = max(0, chi2/n - (r-1)(c-1)/(n-1))`, `r' = r - (r-1)^2/(n-1)`, `c'` alike, `V = sqrt(phi2' / min(r'-1, c'-1))`.
//! Its interval (Smithson 2003) is that of the noncentrality `l` for which chi-square would be as large by 2.5% and 97.5%,
//! `V = sqrt(l / (n min(r-1, c-1)))`, the noncentral chi-square by Patnaik's two moments (1949).

use statrs::function::gamma::checked_gamma_ur;

/// Counts of pairs of levels, row after row.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) counts: Vec<f64>,
    pub(crate) columns: usize,
}

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ChiSquare {
    pub(crate) statistic: f64,
    pub(crate) degrees: usize,
    pub(crate) p: f64,
}

/// Chi-square with the table's size: rows, columns, total.
struct Parts {
    statistic: f64,
    rows: f64,
    columns: f64,
    total: f64,
}

/// Nothing where one side has fewer than two levels.
pub(crate) fn chi_square(table: &Table) -> Option<ChiSquare> {
    let parts = parts(table)?;
    let degrees = (parts.rows - 1.0) * (parts.columns - 1.0);
    // The upper tail of chi-square; far out it is 0.
    let p = checked_gamma_ur(degrees / 2.0, parts.statistic / 2.0).unwrap_or(1.0);
    Some(ChiSquare { statistic: parts.statistic, degrees: degrees as usize, p })
}

/// Cramér's V with bias correction. Nothing where one side has fewer than two levels or there are too few rows.
pub(crate) fn cramers_v(table: &Table) -> Option<f64> {
    let Parts { statistic, rows, columns, total } = parts(table)?;
    let free = total - 1.0;
    let phi = (statistic / total - (rows - 1.0) * (columns - 1.0) / free).max(0.0);
    let corrected = |levels: f64| levels - (levels - 1.0).powi(2) / free;
    let least = corrected(rows).min(corrected(columns)) - 1.0;
    (least > 0.0).then(|| (phi / least).sqrt().min(1.0))
}

/// The 95% interval of V, which holds V itself. Nothing where there is no V.
pub(crate) fn cramers_v_interval(table: &Table) -> Option<[f64; 2]> {
    let v = cramers_v(table)?;
    let Parts { statistic, rows, columns, total } = parts(table)?;
    let degrees = (rows - 1.0) * (columns - 1.0);
    let of = |tail: f64| {
        let noncentrality = noncentrality(statistic, degrees, tail);
        (noncentrality / (total * (rows.min(columns) - 1.0))).sqrt().min(1.0)
    };
    Some([of(0.025).min(v), of(0.975).max(v)])
}

/// The noncentrality of which chi-square exceeds the statistic with this probability; 0 where even none exceeds it as often.
fn noncentrality(statistic: f64, degrees: f64, tail: f64) -> f64 {
    let exceeds = |noncentrality: f64| {
        let (mean, spread) = (degrees + noncentrality, degrees + 2.0 * noncentrality);
        checked_gamma_ur(mean * mean / spread / 2.0, statistic * mean / spread / 2.0).unwrap_or(0.0)
    };
    let mut low = 0.0;
    let mut high = 4.0 * statistic + 100.0;
    if statistic <= 0.0 || exceeds(low) >= tail {
        return 0.0;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        *if exceeds(middle) < tail { &mut low } else { &mut high } = middle;
    }
    0.5 * (low + high)
}

fn parts(table: &Table) -> Option<Parts> {
    let rows: Vec<f64> = table.counts.chunks(table.columns).map(|row| row.iter().sum()).collect();
    let mut columns = vec![0.0; table.columns];
    for row in table.counts.chunks(table.columns) {
        for (sum, count) in columns.iter_mut().zip(row) {
            *sum += count;
        }
    }
    let total: f64 = rows.iter().sum();
    let used = |sums: &[f64]| sums.iter().filter(|&&sum| sum > 0.0).count() as f64;
    if used(&rows) < 2.0 || used(&columns) < 2.0 {
        return None;
    }
    let mut statistic = 0.0;
    for (row, counts) in rows.iter().zip(table.counts.chunks(table.columns)) {
        for (column, count) in columns.iter().zip(counts) {
            let expected = row * column / total;
            if expected > 0.0 {
                statistic += (count - expected).powi(2) / expected;
            }
        }
    }
    Some(Parts { statistic, rows: used(&rows), columns: used(&columns), total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(ours: f64, theirs: f64) {
        assert!((ours - theirs).abs() < 1e-10 * theirs.abs(), "{ours} {theirs}");
    }

    #[test]
    fn chi_square_is_that_of_scipy_and_v_that_of_bergsma() {
        // scipy.stats.chi2_contingency(table, correction=False); Bergsma's formula in numpy.
        let table = Table { counts: vec![12.0, 30.0, 7.0, 41.0, 22.0, 9.0, 0.0, 14.0], columns: 2 };
        let test = chi_square(&table).expect("levels");
        near(test.statistic, THEIRS[0]);
        near(test.p, THEIRS[1]);
        assert_eq!(test.degrees, 3);
        near(cramers_v(&table).expect("levels"), THEIRS[2]);
        let far = chi_square(&Table { counts: vec![4000.0, 100.0, 100.0, 4000.0], columns: 2 }).expect("levels");
        assert!(far.p < 1e-300);
    }

    #[test]
    fn independence_has_no_strength_and_identity_all() {
        let independent = Table { counts: vec![10.0, 20.0, 30.0, 60.0], columns: 2 };
        assert_eq!(cramers_v(&independent), Some(0.0));
        let same = Table { counts: vec![500.0, 0.0, 0.0, 0.0, 300.0, 0.0, 0.0, 0.0, 200.0], columns: 3 };
        assert!(cramers_v(&same).expect("levels") > 0.999);
        assert_eq!(cramers_v(&Table { counts: vec![10.0, 20.0, 0.0, 0.0], columns: 2 }), None);
    }

    #[test]
    fn the_interval_holds_what_chance_would_make_of_v() {
        // The noncentral chi-square summed as its Poisson mixture and solved for both tails; two moments come within a hundredth.
        let table = Table { counts: vec![12.0, 30.0, 7.0, 41.0, 22.0, 9.0, 0.0, 14.0], columns: 2 };
        let [low, high] = cramers_v_interval(&table).expect("levels");
        assert!((low - MIXTURE[0]).abs() < 0.01 && (high - MIXTURE[1]).abs() < 0.01, "{low} {high}");
        let independent = Table { counts: vec![12.0, 20.0, 30.0, 58.0], columns: 2 };
        let [low, high] = cramers_v_interval(&independent).expect("levels");
        assert!(low == 0.0 && high > 0.0 && high < 0.3, "{high}");
    }

    const MIXTURE: [f64; 2] = [0.32971105368968034, 0.6724209621921207];
    const THEIRS: [f64; 3] = [35.988729391810296, 7.529577045287759e-08, 0.49601529665906074];
}
