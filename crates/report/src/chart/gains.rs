//! The gain curve: share of leavers found against share of subjects called, with its interval.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Ink, SCALE, dashed, draw, label, percent, percent_above_zero, stroke, surface};
use crate::RenderError;
use crate::input::GainPoint;
use crate::words::Words;

pub(crate) fn gains(points: &[GainPoint], words: &Words) -> Result<String, RenderError> {
    draw("gains", &words.text("gains-alt"), |canvas| {
        let mut chart = ChartBuilder::on(canvas)
            .margin(8 * SCALE)
            .margin_right(18 * SCALE)
            .x_label_area_size(20 * SCALE)
            .y_label_area_size(40 * SCALE)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
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

        chart.draw_series(dashed((0.0, 0.0), (1.0, 1.0), Ink::Muted))?;

        let upper = points.iter().map(|p| (p.called, p.found.high.clamp(0.0, 1.0)));
        let lower = points.iter().rev().map(|p| (p.called, p.found.low.clamp(0.0, 1.0)));
        let band: Vec<_> = upper.chain(lower).collect();
        chart.draw_series([Polygon::new(band, surface(Ink::Accent, 0.18))])?;
        let line: Vec<_> = points.iter().map(|p| (p.called, p.found.value)).collect();
        chart.draw_series([PathElement::new(line, stroke(Ink::Accent, 2.0))])?;

        let name = label(Ink::Muted, 12.0, HPos::Left, VPos::Top);
        chart.draw_series([Text::new(words.text("gains-chance"), (0.62, 0.56), name)])?;
        if let Some(at) = points.iter().find(|p| p.called >= 0.25) {
            let place = (at.called + 0.03, (at.found.low - 0.04).max(at.called + 0.12));
            let name = label(Ink::Accent, 12.0, HPos::Left, VPos::Top);
            chart.draw_series([Text::new(words.text("gains-model"), place, name)])?;
        }
        Ok(())
    })
}
