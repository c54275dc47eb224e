//! The model beside what anybody could do without it.

use super::{Span, change, interval, may_be_zero, spread};
use crate::study::input::{Baseline, BaselineKind, Baselines};
use crate::view::Range;
use crate::words::Words;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) tested: String,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) name: String,
    pub(super) variable: Option<String>,
    pub(super) is_final: bool,
    pub(super) auc: Range,
    pub(super) span: Span,
    pub(super) log_loss: Range,
    pub(super) average_precision: Range,
    pub(super) brier: Range,
    pub(super) auc_gain: Option<Range>,
    pub(super) log_loss_gain: Option<Range>,
}

impl View {
    pub(super) fn of(part: &Baselines, words: &Words) -> Self {
        let top = part.models.iter().map(|model| model.auc.high).fold(0.6, f64::max);
        Self {
            verdict: verdict(part, words),
            tested: words.say(
                "tested-on",
                [
                    ("rows", words.say("rows", [("n", part.rows.into())]).into()),
                    ("left", words.count(part.leaving_rows as u64).into()),
                ],
            ),
            rows: part.models.iter().map(|model| row(model, top, words)).collect(),
        }
    }
}

fn verdict(part: &Baselines, words: &Words) -> String {
    let logistic = part.models.iter().find(|model| model.kind == BaselineKind::Logistic);
    let Some(gains) = logistic.and_then(|model| model.gains) else { return String::new() };
    words.text(if may_be_zero(&gains.log_loss) {
        "baselines-same"
    } else if gains.log_loss.value < 0.0 {
        "baselines-better"
    } else {
        "baselines-worse"
    })
}

fn row(model: &Baseline, top: f64, words: &Words) -> Row {
    Row {
        name: words.text(match model.kind {
            BaselineKind::BaseRate => "baseline-rate",
            BaselineKind::BestVariable => "baseline-variable",
            BaselineKind::Logistic => "baseline-logistic",
            BaselineKind::Final => "baseline-final",
        }),
        variable: model.variable.clone(),
        is_final: model.kind == BaselineKind::Final,
        auc: spread(&model.auc, 3, words),
        span: Span::new(&model.auc, (0.5, top), interval(&model.auc, 3, words)),
        log_loss: spread(&model.log_loss, 4, words),
        average_precision: spread(&model.average_precision, 3, words),
        brier: spread(&model.brier, 4, words),
        auc_gain: model.gains.map(|gains| change(&gains.auc, 3, words)),
        log_loss_gain: model.gains.map(|gains| change(&gains.log_loss, 4, words)),
    }
}
