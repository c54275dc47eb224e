//! Small charts of one variable by class, a few hundred bytes each, so that hundreds fit into a page.
//!
//! Written by hand rather than by `plotters`: they have neither axes nor labels and stretch to the place they stand in;
//! the style gives strokes a width that does not stretch with them.

use std::fmt::Write;

use crate::study::{ClassBins, Estimate, LevelShare};

const WIDTH: f64 = 200.0;
const HEIGHT: f64 = 48.0;
/// More levels than this are a list, not a picture.
pub(crate) const MOST_LEVELS: usize = 12;

/// What share of leavers and of stayers lies in each bin; for leavers, who are few, with Wilson's interval.
pub(crate) fn histogram(bins: &ClassBins) -> Option<String> {
    let leaving: usize = bins.leaving.iter().sum();
    let staying: usize = bins.staying.iter().sum();
    let count = bins.leaving.len();
    if count < 2 || count != bins.staying.len() || leaving == 0 || staying == 0 {
        return None;
    }
    let of_leaving: Vec<Estimate> = bins.leaving.iter().map(|&n| wilson(n, leaving)).collect();
    let of_staying: Vec<f64> = bins.staying.iter().map(|&n| share(n, staying)).collect();
    // A wide interval may run out of the picture; shares may not.
    let top = of_leaving.iter().map(|e| e.value).chain(of_staying.iter().copied()).fold(0.0, f64::max) * 1.15;
    let x = |bin: usize| WIDTH * share(bin, count);
    let y = |share: f64| HEIGHT * (1.0 - (share / top).min(1.0));

    let mut svg = start("classes");
    let mut area = format!("M0 {HEIGHT:.0}");
    let mut line = String::new();
    let (mut upper, mut lower) = (String::new(), String::new());
    for bin in 0..count {
        let (from, to) = (x(bin), x(bin + 1));
        step(&mut area, y(of_staying[bin]), to);
        if bin == 0 {
            let _ = write!(line, "M0 {:.1}", y(of_leaving[0].value));
            let _ = write!(upper, "M0 {:.1}", y(of_leaving[0].high));
        }
        step(&mut line, y(of_leaving[bin].value), to);
        step(&mut upper, y(of_leaving[bin].high), to);
        // The lower edge is walked back, from the last bin to the first.
        lower = format!("V{:.1}H{from:.1}{lower}", y(of_leaving[bin].low));
    }
    let _ = write!(svg, "<path class=\"stay\" d=\"{area}V{HEIGHT:.0}z\"/>");
    let _ = write!(svg, "<path class=\"doubt\" d=\"{upper}{lower}z\"/><path class=\"leave\" d=\"{line}\"/></svg>");
    Some(svg)
}

/// The share that leaves at each of the most frequent levels, with its interval, against the share among all rows.
pub(crate) fn levels(levels: &[LevelShare], base_rate: f64) -> Option<String> {
    let shown = &levels[..levels.len().min(MOST_LEVELS)];
    if shown.len() < 2 {
        return None;
    }
    // An interval of a few rows would flatten all others, so that it may run out of the picture.
    let most = shown.iter().map(|level| level.leaving.value).fold(base_rate, f64::max);
    let top = (most * 1.3).max(base_rate * 2.0).min(1.0);
    let y = |share: f64| HEIGHT - 2.0 - (HEIGHT - 4.0) * (share / top).clamp(0.0, 1.0);
    let mut svg = start("levels");
    let _ = write!(svg, "<path class=\"base\" d=\"M0 {0:.1}H{WIDTH:.0}\"/>", y(base_rate));
    let (mut whiskers, mut dots) = (String::new(), String::new());
    for (at, level) in shown.iter().enumerate() {
        let x = WIDTH * (share(at, shown.len()) + 0.5 / share(shown.len(), 1));
        let leaving = level.leaving;
        let _ = write!(whiskers, "M{x:.1} {:.1}V{:.1}", y(leaving.low), y(leaving.high));
        let _ = write!(dots, "M{x:.1} {:.1}h0", y(leaving.value));
    }
    let _ = write!(svg, "<path class=\"leave\" d=\"{whiskers}\"/><path class=\"dot\" d=\"{dots}\"/></svg>");
    Some(svg)
}

fn start(class: &str) -> String {
    format!(
        "<svg class=\"small {class}\" viewBox=\"0 0 {WIDTH:.0} {HEIGHT:.0}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
    )
}

fn step(path: &mut String, y: f64, to: f64) {
    let _ = write!(path, "V{y:.1}H{to:.1}");
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn share(part: usize, of: usize) -> f64 {
    part as f64 / of as f64
}

/// Wilson's (1927) interval of 95% of a share of independent rows.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn wilson(part: usize, of: usize) -> Estimate {
    let (n, z) = (of as f64, 1.96);
    let value = part as f64 / n;
    let centre = value + z * z / (2.0 * n);
    let half = z * (value * (1.0 - value) / n + z * z / (4.0 * n * n)).sqrt();
    let norm = 1.0 + z * z / n;
    Estimate { value, low: ((centre - half) / norm).max(0.0), high: ((centre + half) / norm).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_wilsons_interval() {
        let share = wilson(10, 100);
        assert!((share.low - 0.0552).abs() < 1e-3 && (share.high - 0.1744).abs() < 1e-3, "{share:?}");
    }

    #[test]
    fn what_cannot_be_drawn_is_not() {
        let bins =
            |leaving: Vec<usize>, staying: Vec<usize>| ClassBins { edges: vec![0.0, 1.0, 2.0], leaving, staying };
        assert!(histogram(&bins(vec![0, 0], vec![3, 4])).is_none(), "nobody leaves");
        assert!(histogram(&bins(vec![1], vec![3])).is_none(), "one bin has no shape");
        let svg = histogram(&bins(vec![1, 4], vec![30, 40])).expect("drawn");
        assert!(svg.len() < 700 && !svg.contains("NaN"), "{svg}");
        assert!(levels(&[], 0.07).is_none());
    }
}
