//! Any table: what can be said of rows, numbers, categories and flags without knowing what they mean.

use asof::{Kind, Notable, Spec, Unit, Window};
use domain::Leaning::{Either, LessIsRisk, MoreIsRisk};

use crate::kits::view::{TableView, suffix};

const WINDOWS: [Window; 4] = [Window::Days(7), Window::Days(28), Window::Days(56), Window::All];

/// A table without a role: its rows as such. Its columns are all its own.
pub(crate) fn table(view: &TableView<'_>) -> Vec<Spec> {
    let mut specs = Vec::new();
    for window in WINDOWS {
        let spec = view.spec(&format!("rows_{}", suffix(window)), LessIsRisk, view.count(None, window));
        let is_said = window == Window::Days(28);
        specs.push(if is_said { spec.say("count-low", Notable::UnlikeTypical(0.5), Unit::Count) } else { spec });
    }
    let recency = view.spec("days_since_row", MoreIsRisk, view.recency(None));
    specs.push(recency.say("none-for", Notable::AtLeast(14.0), Unit::Count));
    specs.push(view.spec("longest_gap_56d", MoreIsRisk, view.gap(Window::Days(56))));
    specs.push(view.spec("rows_14d_to_56d", LessIsRisk, view.rate_ratio(None, 14, 56)));
    specs.extend(view.relative_to_group(&specs, &["rows_28d", "days_since_row"]));
    specs
}

/// Columns that the contract adds to a table, or all columns of a table without a role.
pub(crate) fn own_columns(view: &TableView<'_>, already: &[Spec]) -> Vec<Spec> {
    let mut specs = Vec::new();
    for (name, kind) in &view.columns {
        if !view.own.contains(name) {
            continue;
        }
        match kind {
            Kind::Number => number(view, name, &mut specs),
            Kind::Category => {
                specs.push(view.spec(&format!("{name}_last"), Either, view.last(name)));
                specs.push(view.spec(&format!("{name}_distinct_56d"), Either, view.distinct(name, Window::Days(56))));
            }
            Kind::Flag => flag(view, name, &mut specs),
            Kind::Moment => {}
        }
    }
    specs.retain(|spec| already.iter().all(|known| known.name != spec.name));
    specs
}

fn number(view: &TableView<'_>, name: &str, specs: &mut Vec<Spec>) {
    specs.push(view.spec(&format!("{name}_last"), Either, view.last(name)));
    for window in [Window::Days(28), Window::All] {
        let window_name = suffix(window);
        specs.push(view.spec(&format!("{name}_sum_{window_name}"), Either, view.sum(name, window)));
        specs.push(view.spec(&format!("{name}_mean_{window_name}"), Either, view.mean(name, window)));
    }
    specs.push(view.spec(&format!("{name}_max_all"), Either, view.max(name, Window::All)));
    specs.push(view.spec(&format!("{name}_min_all"), Either, view.min(name, Window::All)));
    specs.push(view.spec(&format!("{name}_deviation_all"), Either, view.deviation(name, Window::All)));
    specs.push(view.spec(&format!("{name}_trend_56d"), Either, view.trend(name, Window::Days(56))));
    specs.push(view.spec(&format!("{name}_14d_to_56d"), LessIsRisk, view.rate_ratio(Some(name), 14, 56)));
    specs.extend(
        view.relative_to_group(specs, &[format!("{name}_mean_28d").as_str(), format!("{name}_sum_all").as_str()]),
    );
}

fn flag(view: &TableView<'_>, name: &str, specs: &mut Vec<Spec>) {
    for window in [Window::Days(28), Window::All] {
        let window_name = suffix(window);
        specs.push(view.spec(&format!("{name}_count_{window_name}"), Either, view.count(Some(name), window)));
        specs.push(view.spec(&format!("{name}_share_{window_name}"), Either, view.share(name, window)));
    }
    specs.push(view.spec(&format!("{name}_streak"), Either, view.streak(name)));
    specs.push(view.spec(&format!("{name}_days_since"), Either, view.recency(Some(name))));
}
