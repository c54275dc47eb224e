//! Charts as inline SVG, drawn by `plotters` and coloured by the page.
//!
//! `plotters` knows fixed colours only, and whole pixels. So a chart is drawn [`SCALE`] times larger than it is shown,
//! in marker colours that stand for the style's variables; [`finish`] puts the variables in their place, so that one
//! drawing is right in light, in dark and on paper. Adding a chart: one file here, one call in its section's view.

pub(crate) mod classes;
pub(crate) mod curve;
pub(crate) mod distribution;
pub(crate) mod gains;
pub(crate) mod reliability;

use std::vec::IntoIter;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::RenderError;
use crate::words::Words;

/// Drawing units to a pixel of the page.
pub(crate) const SCALE: i32 = 4;
/// The size at which labels are readable on a phone as on a desk, in pixels.
pub(crate) const WIDTH: i32 = 420;
/// See [`WIDTH`].
pub(crate) const HEIGHT: i32 = 280;

/// A colour of the style, as a marker that no drawing would use by chance.
#[derive(Clone, Copy)]
pub(crate) enum Ink {
    Text,
    Muted,
    Line,
    Accent,
    Low,
    Medium,
    MediumText,
    High,
    HighText,
}

impl Ink {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Text, "--text"),
        (Self::Muted, "--muted"),
        (Self::Line, "--line"),
        (Self::Accent, "--accent"),
        (Self::Low, "--low"),
        (Self::Medium, "--medium"),
        (Self::MediumText, "--medium-text"),
        (Self::High, "--high"),
        (Self::HighText, "--high-text"),
    ];

    pub(crate) fn colour(self) -> RGBColor {
        RGBColor(1, 254, self as u8 + 1)
    }
}

/// Text of so many pixels, placed by the given corner.
pub(crate) fn label(ink: Ink, pixels: f64, h: HPos, v: VPos) -> TextStyle<'static> {
    // The SVG backend divides a size by 1.24 before it writes it.
    let size = pixels * 1.24 * f64::from(SCALE);
    TextStyle { font: ("sans-serif", size).into_font(), color: ink.colour().to_backend_color(), pos: Pos::new(h, v) }
}

/// A line of so many pixels.
pub(crate) fn stroke(ink: Ink, pixels: f64) -> ShapeStyle {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few pixels")]
    let width = (pixels * f64::from(SCALE)).round() as u32;
    ShapeStyle { color: ink.colour().to_rgba(), filled: false, stroke_width: width }
}

/// A thin dashed line, for what is a reference rather than a measurement.
pub(crate) fn dashed(from: (f64, f64), to: (f64, f64), ink: Ink) -> DashedLineSeries<IntoIter<(f64, f64)>, i32> {
    DashedLineSeries::new(vec![from, to], 4 * SCALE, 4 * SCALE, stroke(ink, 1.0))
}

/// A surface of the given opacity.
pub(crate) fn surface(ink: Ink, opacity: f64) -> ShapeStyle {
    ShapeStyle { color: ink.colour().mix(opacity), filled: true, stroke_width: 0 }
}

/// Draws into a fresh canvas and returns markup that the page can hold; `title` is what a screen reader says.
pub(crate) fn draw(
    chart: &'static str,
    title: &str,
    paint: impl FnOnce(&Canvas<'_>) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<String, RenderError> {
    let mut svg = String::new();
    let size = ((WIDTH * SCALE) as u32, (HEIGHT * SCALE) as u32);
    {
        let canvas = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        paint(&canvas)
            .and_then(|()| Ok(canvas.present()?))
            .map_err(|error| RenderError::Chart { chart, reason: error.to_string() })?;
    }
    Ok(finish(&svg, title))
}

pub(crate) type Canvas<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn finish(svg: &str, title: &str) -> String {
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    let mut page = format!(
        "<svg class=\"chart\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\">{}",
        escape(title),
        WIDTH * SCALE,
        HEIGHT * SCALE,
        body.replace(" font-family=\"sans-serif\"", "").replace(" opacity=\"1\"", "")
    );
    for (ink, variable) in Ink::ALL {
        let RGBColor(r, g, b) = ink.colour();
        page = page.replace(&format!("#{r:02X}{g:02X}{b:02X}"), &format!("var({variable})"));
    }
    page
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// The end of an axis that holds `largest`: the next tenth, at least two of them.
pub(crate) fn axis_end(largest: f64) -> f64 {
    ((largest * 10.0 - 1e-9).ceil() / 10.0).clamp(0.2, 1.0)
}

/// Writes the labels of an axis of shares.
pub(crate) fn percent(words: &Words) -> impl Fn(&f64) -> String {
    // A place on an axis is off a whole per cent by rounding only.
    |share| words.share((share * 100.0).round() / 100.0)
}

/// The same for the upright axis, whose zero would lie on that of the other.
pub(crate) fn percent_above_zero(words: &Words) -> impl Fn(&f64) -> String {
    |share| if *share < 0.005 { String::new() } else { percent(words)(share) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_become_variables_of_the_style() {
        let svg = draw("test", "a \"title\"", |canvas| {
            canvas.draw(&Rectangle::new([(0, 0), (40, 40)], surface(Ink::High, 0.5)))?;
            Ok(())
        })
        .expect("drawn");
        assert!(svg.contains("var(--high)") && !svg.contains('#'), "{svg}");
        assert!(svg.contains("aria-label=\"a &quot;title&quot;\""), "{svg}");
        assert!(!svg.contains("http"), "{svg}");
    }

    #[test]
    fn an_axis_ends_at_a_tenth_above_the_data() {
        assert!((axis_end(0.31) - 0.4).abs() < 1e-12);
        assert!((axis_end(0.3) - 0.3).abs() < 1e-12);
        assert!((axis_end(0.01) - 0.2).abs() < 1e-12);
        assert!((axis_end(1.0) - 1.0).abs() < 1e-12);
    }
}
