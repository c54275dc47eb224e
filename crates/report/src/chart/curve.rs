//! A number with its interval along an axis: learning curves, selection, profit.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Ink, SCALE, dashed, draw, label, stroke, surface};
use crate::RenderError;
use crate::input::Estimate;

/// What to draw.
pub(crate) struct Curve<'a> {
    /// For the error of a chart that cannot be drawn.
    pub(crate) name: &'static str,
    /// What a screen reader says.
    pub(crate) title: &'a str,
    /// By rising place on the axis.
    pub(crate) points: &'a [(f64, Estimate)],
    /// Writes a place on the axis.
    pub(crate) across: &'a dyn Fn(f64) -> String,
    /// Writes a value.
    pub(crate) up: &'a dyn Fn(f64) -> String,
    /// A value to hold the curve against.
    pub(crate) level: Option<(f64, String)>,
    /// A place that matters, and what to write at it.
    pub(crate) mark: Option<(f64, String)>,
    /// Whether each point is measured, to be shown as a dot, or one of many along a line.
    pub(crate) has_dots: bool,
}

pub(crate) fn curve(curve: &Curve<'_>) -> Result<String, RenderError> {
    let points = curve.points;
    draw(curve.name, curve.title, |canvas| {
        let (first, last) = ends(points.iter().map(|(x, _)| *x));
        let side = if curve.has_dots { (last - first) * 0.04 } else { 0.0 };
        let levels = curve.level.iter().map(|(level, _)| *level);
        let (low, high) = ends(points.iter().flat_map(|(_, e)| [e.low, e.high, e.value]).chain(levels));
        let (bottom, top) = (low - (high - low) * 0.06, high + (high - low) * 0.12);
        let mut chart = ChartBuilder::on(canvas)
            .margin(8 * SCALE)
            .margin_right(24 * SCALE)
            .x_label_area_size(20 * SCALE)
            .y_label_area_size(56 * SCALE)
            .build_cartesian_2d(first - side..last + side, bottom..top)?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(6)
            .light_line_style(TRANSPARENT)
            .bold_line_style(stroke(Ink::Line, 1.0))
            .axis_style(stroke(Ink::Line, 1.0))
            .label_style(label(Ink::Muted, 11.0, HPos::Left, VPos::Top))
            .x_label_formatter(&|x| (curve.across)(*x))
            .y_label_formatter(&|y| (curve.up)(*y))
            .draw()?;

        if let Some((level, text)) = &curve.level {
            chart.draw_series(dashed((first - side, *level), (last + side, *level), Ink::Muted))?;
            let at = (last + side, level + (top - bottom) * 0.01);
            chart.draw_series([Text::new(text.clone(), at, label(Ink::Muted, 11.0, HPos::Right, VPos::Bottom))])?;
        }
        let upper = points.iter().map(|(x, e)| (*x, e.high));
        let lower = points.iter().rev().map(|(x, e)| (*x, e.low));
        let band: Vec<_> = upper.chain(lower).collect();
        chart.draw_series([Polygon::new(band, surface(Ink::Accent, 0.16))])?;
        let line: Vec<_> = points.iter().map(|(x, e)| (*x, e.value)).collect();
        chart.draw_series([PathElement::new(line.clone(), stroke(Ink::Accent, 2.0))])?;
        if curve.has_dots {
            chart.draw_series(
                points.iter().map(|(x, e)| PathElement::new([(*x, e.low), (*x, e.high)], stroke(Ink::Accent, 1.0))),
            )?;
            let dot = ShapeStyle { filled: true, ..stroke(Ink::Accent, 1.0) };
            chart.draw_series(line.into_iter().map(|at| Circle::new(at, 3 * SCALE, dot)))?;
        }
        if let Some((x, text)) = &curve.mark {
            chart.draw_series(dashed((*x, bottom), (*x, top), Ink::HighText))?;
            let is_left = *x < (first + last) / 2.0;
            let (h, x) = if is_left {
                (HPos::Left, x + (last - first) * 0.015)
            } else {
                (HPos::Right, x - (last - first) * 0.015)
            };
            chart.draw_series([Text::new(text.clone(), (x, top), label(Ink::HighText, 12.0, h, VPos::Top))])?;
        }
        Ok(())
    })
}

/// The least and the greatest, never the same, so that an axis has a length.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = if high - low > 1e-12 { 0.0 } else { high.abs().max(1e-6) * 0.05 };
    (low - room, high + room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_a_length_whatever_is_drawn() {
        assert_eq!(ends([0.2, f64::NAN, 0.6].into_iter()), (0.2, 0.6));
        let (low, high) = ends([0.5, 0.5].into_iter());
        assert!(low < 0.5 && high > 0.5);
        assert_eq!(ends([f64::NAN].into_iter()), (0.0, 1.0));
    }

    #[test]
    fn a_curve_of_one_point_is_drawn() {
        let point = Estimate { value: 0.7, low: 0.7, high: 0.7 };
        let svg = curve(&Curve {
            name: "test",
            title: "t",
            points: &[(1.0, point)],
            across: &|x| format!("{x:.0}"),
            up: &|y| format!("{y:.2}"),
            level: Some((0.5, "chance".to_owned())),
            mark: Some((1.0, "best".to_owned())),
            has_dots: true,
        })
        .expect("drawn");
        assert!(svg.contains("chance") && svg.contains("best") && !svg.contains("NaN"), "{svg}");
    }
}
