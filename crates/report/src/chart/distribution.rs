//! How many subjects have which probability, coloured by band.

use domain::{Band, Bands, Probability};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Ink, SCALE, dashed, draw, label, percent, stroke, surface};
use crate::RenderError;
use crate::words::Words;

const BINS: usize = 20;

pub(crate) fn distribution(scores: &[Probability], bands: &Bands, words: &Words) -> Result<String, RenderError> {
    let counts = histogram(scores);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    draw("distribution", &words.text("distribution-alt"), |canvas| {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let height = |count: u64| count as f64;
        let top = height(most) * 1.22;
        let mut chart = ChartBuilder::on(canvas)
            .margin(8 * SCALE)
            .margin_left(18 * SCALE)
            .margin_right(18 * SCALE)
            .x_label_area_size(20 * SCALE)
            .build_cartesian_2d(0.0..1.0, 0.0..top)?;
        chart
            .configure_mesh()
            .disable_mesh()
            .disable_y_axis()
            .x_labels(6)
            .axis_style(stroke(Ink::Line, 1.0))
            .label_style(label(Ink::Muted, 11.0, HPos::Left, VPos::Top))
            .x_label_formatter(&percent(words))
            .draw()?;

        for (bin, &count) in counts.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "twenty bins")]
            let (from, middle) = (bin as f64 / BINS as f64, (bin as f64 + 0.5) / BINS as f64);
            let gap = 0.004;
            let to = from + 1.0 / BINS as f64;
            let ink = match bands.band(Probability::clamped(middle)) {
                Band::Low => Ink::Low,
                Band::Medium => Ink::Medium,
                Band::High => Ink::High,
            };
            chart.draw_series([Rectangle::new([(from + gap, 0.0), (to - gap, height(count))], surface(ink, 1.0))])?;
            if count > 0 {
                let style = label(Ink::Muted, 10.5, HPos::Center, VPos::Bottom);
                chart.draw_series([Text::new(words.count(count), (middle, height(count) + top * 0.012), style)])?;
            }
        }

        for (band, ink, at) in [(Band::Medium, Ink::MediumText, 0.99), (Band::High, Ink::HighText, 0.91)] {
            let from = bands.from(band);
            let (x, y) = (from.get(), top * at);
            chart.draw_series(dashed((x, 0.0), (x, y), ink))?;
            let text =
                words.say("distribution-from", [("band", words.band(band).into()), ("p", words.percent(from).into())]);
            let (side, x) = if x < 0.7 { (HPos::Left, x + 0.012) } else { (HPos::Right, x - 0.012) };
            chart.draw_series([Text::new(text, (x, y), label(ink, 12.0, side, VPos::Top))])?;
        }
        Ok(())
    })
}

fn histogram(scores: &[Probability]) -> [u64; BINS] {
    let mut counts = [0; BINS];
    for score in scores {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to BINS")]
        let bin = (score.get() * BINS as f64) as usize;
        counts[bin.min(BINS - 1)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_falls_into_a_bin() {
        let counts = histogram(&[0.0, 0.049, 0.05, 0.99, 1.0].map(Probability::clamped));
        assert_eq!((counts[0], counts[1], counts[19]), (2, 1, 2));
        assert_eq!(counts.iter().sum::<u64>(), 5);
    }
}
