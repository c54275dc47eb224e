//! The reliability curve: what was said against what happened, with the interval of each bin and how many rows it holds.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Ink, SCALE, axis_end, dashed, draw, label, percent, stroke, surface};
use crate::RenderError;
use crate::input::ReliabilityBin;
use crate::words::Words;

/// The part of the chart's height that the largest bar of the score histogram takes.
const HISTOGRAM_HEIGHT: f64 = 0.16;

pub(crate) fn reliability(bins: &[ReliabilityBin], words: &Words) -> Result<String, RenderError> {
    let bins: Vec<_> = bins.iter().filter(|bin| bin.rows > 0).collect();
    draw("reliability", &words.text("reliability-alt"), |canvas| {
        let end = axis_end(bins.iter().fold(0.0, |end: f64, bin| end.max(bin.predicted).max(bin.observed.high)));
        let mut chart = ChartBuilder::on(canvas)
            .margin(8 * SCALE)
            .margin_right(18 * SCALE)
            .x_label_area_size(20 * SCALE)
            .y_label_area_size(32 * SCALE)
            .build_cartesian_2d(0.0..end, 0.0..end)?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(6)
            .light_line_style(TRANSPARENT)
            .bold_line_style(stroke(Ink::Line, 1.0))
            .axis_style(stroke(Ink::Line, 1.0))
            .label_style(label(Ink::Muted, 11.0, HPos::Left, VPos::Top))
            .x_label_formatter(&percent)
            .y_label_formatter(&percent)
            .draw()?;

        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let rows = |bin: &&ReliabilityBin| bin.rows as f64;
        let most = bins.iter().map(rows).fold(1.0, f64::max);
        let half = end * 0.012;
        chart.draw_series(bins.iter().map(|bin| {
            let top = end * HISTOGRAM_HEIGHT * rows(bin) / most;
            Rectangle::new([(bin.predicted - half, 0.0), (bin.predicted + half, top)], surface(Ink::Muted, 0.35))
        }))?;

        chart.draw_series(dashed((0.0, 0.0), (end, end), Ink::Muted))?;

        let upper = bins.iter().map(|bin| (bin.predicted, bin.observed.high.min(end)));
        let lower = bins.iter().rev().map(|bin| (bin.predicted, bin.observed.low.max(0.0)));
        let band: Vec<_> = upper.chain(lower).collect();
        chart.draw_series([Polygon::new(band, surface(Ink::Accent, 0.14))])?;
        chart.draw_series(bins.iter().map(|bin| {
            let ends = [(bin.predicted, bin.observed.low.max(0.0)), (bin.predicted, bin.observed.high.min(end))];
            PathElement::new(ends, stroke(Ink::Accent, 1.0))
        }))?;
        let line: Vec<_> = bins.iter().map(|bin| (bin.predicted, bin.observed.value)).collect();
        chart.draw_series([PathElement::new(line.clone(), stroke(Ink::Accent, 2.0))])?;
        let dot = ShapeStyle { filled: true, ..stroke(Ink::Accent, 1.0) };
        chart.draw_series(line.into_iter().map(|at| Circle::new(at, 3 * SCALE, dot)))?;

        let ideal = label(Ink::Muted, 12.0, HPos::Left, VPos::Top);
        chart.draw_series([Text::new(words.text("reliability-ideal"), (end * 0.885, end * 0.865), ideal)])?;
        let many = label(Ink::Muted, 12.0, HPos::Right, VPos::Bottom);
        chart.draw_series([Text::new(words.text("reliability-rows"), (end * 0.995, end * 0.045), many)])?;
        Ok(())
    })
}
