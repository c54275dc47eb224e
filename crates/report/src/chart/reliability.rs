//! The reliability curve: what was said against what happened, with the interval of each bin.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Ink, SCALE, axis_end, dashed, draw, label, percent, percent_above_zero, stroke, surface};
use crate::RenderError;
use crate::input::ReliabilityBin;
use crate::words::Words;

pub(crate) fn reliability(bins: &[ReliabilityBin], words: &Words) -> Result<String, RenderError> {
    let bins: Vec<_> = bins.iter().filter(|bin| bin.rows > 0).collect();
    draw("reliability", &words.text("reliability-alt"), |canvas| {
        let end = axis_end(bins.iter().fold(0.0, |end: f64, bin| end.max(bin.predicted).max(bin.observed.high)));
        let mut chart = ChartBuilder::on(canvas)
            .margin(8 * SCALE)
            .margin_right(18 * SCALE)
            .x_label_area_size(20 * SCALE)
            .y_label_area_size(40 * SCALE)
            .build_cartesian_2d(0.0..end, 0.0..end)?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(6)
            .light_line_style(TRANSPARENT)
            .bold_line_style(stroke(Ink::Line, 1.0))
            .axis_style(stroke(Ink::Line, 1.0))
            .label_style(label(Ink::Muted, 11.0, HPos::Left, VPos::Top))
            .x_label_formatter(&percent(words))
            .y_label_formatter(&percent_above_zero(words))
            .draw()?;

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
        Ok(())
    })
}
