use domain::Currency;
use report::study::{
    Assumptions, Bin, Calibration, Case, Chances, Domain, Drift, DriftSide, EconomicPoint, Economics, GivesAway,
    Hardest, MapKind, MapTried, Neighbour, Shown, Sides, StatedBy, TopShare, TopTable, VariableDrift, VariableKind,
};

use super::{LEAVING, ROWS, Random, about};

pub(crate) fn calibration() -> Calibration {
    let said = [0.012, 0.022, 0.031, 0.04, 0.049, 0.06, 0.073, 0.092, 0.121, 0.236];
    let happened = [0.0112, 0.0221, 0.0302, 0.0414, 0.0508, 0.0593, 0.0762, 0.0887, 0.1194, 0.2349];
    let bins = said.into_iter().zip(happened).map(|(said, happened)| Bin {
        rows: ROWS / 10,
        said,
        happened: about(happened, 1.96 * (happened * (1.0 - happened) / (ROWS as f64 / 10.0)).sqrt()),
    });
    let map = |kind, log_loss, gap_error, is_taken| MapTried { kind, log_loss, gap_error, is_taken };
    Calibration {
        rows: ROWS,
        bins: bins.collect(),
        error: about(0.0031, 0.0011),
        error_if_perfect: 0.0026,
        brier: about(0.0638, 0.0015),
        brier_skill: about(0.0618, 0.005),
        slope: about(0.98, 0.04),
        intercept: about(-0.03, 0.07),
        mean_said: 0.0737,
        mean_happened: 0.0734,
        maps: vec![
            map(MapKind::Line, 0.23521, 0.0, true),
            map(MapKind::Beta, 0.23519, 0.00006, false),
            map(MapKind::Isotonic, 0.23563, 0.00019, false),
        ],
    }
}

/// Share of leavers among the first share of the list.
fn recall(share: f64) -> f64 {
    share.powf(0.48)
}

pub(crate) fn top() -> TopTable {
    let shares = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0];
    let row = |share: f64| {
        let found = recall(share);
        let half = if share < 1.0 { 0.015 } else { 0.0 };
        let lift = found / share;
        TopShare {
            share,
            rows: (ROWS as f64 * share) as usize,
            precision: about((lift * 0.0734).min(1.0), 0.0734 * half / share),
            recall: about(found, half),
            lift: about(lift, half / share),
        }
    };
    TopTable { rows: ROWS, leaving_rows: LEAVING, shares: shares.into_iter().map(row).collect() }
}

pub(crate) fn economics() -> Economics {
    let point = |share: f64| {
        let (contacted, leavers) = (1000.0 * share, 73.4 * recall(share));
        let (kept, cost) = (leavers * 0.15, contacted * 4.0);
        let benefit = kept * 180.0;
        let half = if share > 0.0 { 40.0 + 60.0 * share } else { 0.0 };
        EconomicPoint {
            share,
            contacted,
            leavers_contacted: leavers,
            kept,
            benefit,
            cost,
            profit: about(benefit - cost, half),
        }
    };
    let curve: Vec<_> = (0..=100).map(|percent| point(f64::from(percent) / 100.0)).collect();
    let best = curve.iter().copied().max_by(|a, b| a.profit.value.total_cmp(&b.profit.value)).expect("points");
    Economics {
        assumptions: Assumptions {
            currency: Currency::parse("TJS"),
            value_of_kept: 180.0,
            value_range: Some([120.0, 260.0]),
            value_stated_by: StatedBy::Contract,
            contact_cost: 4.0,
            contact_cost_range: None,
            success_share: 0.15,
            success_range: Some([0.05, 0.3]),
            contact_stated_by: StatedBy::Default,
            action: Some("Звонок с предложением".to_owned()),
        },
        everybody: point(1.0),
        profit_by_chance: best.share * (73.4 * 0.15 * 180.0 - 4000.0),
        by_threshold: point(0.12),
        threshold: 4.0 / (0.15 * 180.0),
        chances: chances(&curve, best.share),
        best,
        curve,
    }
}

/// The curve for 40,000 customers, with wider ranges.
fn chances(curve: &[EconomicPoint], best_share: f64) -> Chances {
    let profit = |point: &EconomicPoint| about(40.0 * point.profit.value, 60.0 * point.contacted.sqrt() * 20.0);
    let best = curve.iter().find(|point| point.share == best_share).expect("the best is on the curve");
    Chances {
        clients: 40_000,
        draws: 4000,
        curve: curve.iter().map(|point| (point.share, profit(point))).collect(),
        best_share,
        best_share_range: [0.03, 0.14],
        profit: profit(best),
        flattery: 310.0,
        probability_of_loss: 0.14,
        break_even_cost: about(6.2, 2.4),
        precision_point: vec![(40_000, about(648.0, 300.0)), (400_000, about(6480.0, 3000.0))],
    }
}

pub(crate) fn hardest(names: &[String], random: &mut Random) -> Hardest {
    let variables: Vec<_> = names.iter().rev().take(8).cloned().collect();
    let values = |random: &mut Random| -> Vec<Shown> {
        let value = |at: usize, random: &mut Random| match at % 4 {
            0 => Shown::Number(random.share() * 10f64.powi(random.below(6) as i32)),
            1 => Shown::Level("oslk5cdaQ".to_owned()),
            2 => Shown::Missing,
            _ => Shown::Number(random.below(40) as f64),
        };
        (0..variables.len()).map(|at| value(at, random)).collect()
    };
    let mut case = |at: usize, left: bool| {
        let probability = if left { 0.011 + 0.002 * at as f64 } else { 0.83 - 0.03 * at as f64 };
        let neighbours: Vec<_> = (0..5)
            .map(|other| Neighbour {
                subject: format!("{}", 20_011 + at * 131 + other * 17),
                cutoff_day: 0,
                distance: 0.031 + 0.012 * other as f64,
                probability: (other != 4).then_some(probability * 1.2_f64.min(1.0 / probability)),
                left: (other + at).is_multiple_of(4),
                values: values(random),
            })
            .collect();
        let leaving = neighbours.iter().filter(|other| other.left).count();
        Case {
            subject: format!("{}", 10_007 + at * 977),
            cutoff_day: 0,
            probability,
            left,
            loss: if left { -probability.ln() } else { -(1.0 - probability).ln() },
            values: values(random),
            neighbours_counted: neighbours.len(),
            neighbours_leaving: leaving as f64 / neighbours.len() as f64,
            neighbours,
        }
    };
    let missed = (0..5).map(|at| case(at, true)).collect();
    let false_alarms = (0..5).map(|at| case(at, false)).collect();
    Hardest { variables, pool_rows: 20_000, missed, false_alarms }
}

pub(crate) fn drift(names: &[String], random: &mut Random) -> Drift {
    let mut variables: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(at, name)| VariableDrift {
            name: name.clone(),
            kind: if at % 6 == 5 { VariableKind::Category } else { VariableKind::Number },
            psi: 0.6 * random.share().powi(6) + 0.0008,
            psi_by_chance: 0.0007,
            missing_first: 0.11,
            missing_second: 0.11 + 0.2 * random.share().powi(5),
            new_levels: if at % 6 == 5 { vec!["Qn71".to_owned(), "Qn72".to_owned()] } else { Vec::new() },
            new_level_share: if at % 6 == 5 { 0.013 } else { 0.0 },
            median_first: (at % 6 != 5).then_some(142.5),
            median_second: (at % 6 != 5).then_some(151.0),
        })
        .collect();
    variables.sort_by(|a, b| b.psi.total_cmp(&a.psi));
    let gives_away = variables.iter().take(6).enumerate().map(|(at, variable)| GivesAway {
        name: variable.name.clone(),
        attribution: 0.4 / (at + 1) as f64,
        share: 0.3 / (at + 1) as f64,
    });
    let side = |rows, mean_score| DriftSide { rows, first_day: None, last_day: None, mean_score: Some(mean_score) };
    Drift {
        sides: Sides::Files,
        first: side(ROWS, 0.0734),
        second: side(12_480, 0.0861),
        shifted: variables.iter().filter(|variable| variable.psi > 0.25).count(),
        score_psi: Some(0.0412),
        domain: Domain { rows: 10_000, auc: about(0.712, 0.011), gives_away: gives_away.collect() },
        missing_columns: names.iter().take(1).cloned().collect(),
        emptied_columns: names.iter().skip(1).take(1).cloned().collect(),
        extra_columns: vec!["new_tariff".to_owned()],
        variables,
    }
}
