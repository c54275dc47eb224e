//! What class weights and undersampling do.

use super::{change, spread};
use crate::study::input::{Balance, Treatment, TreatmentKind};
use crate::view::Range;
use crate::words::Words;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) probabilities: Option<String>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) name: String,
    pub(super) learned: String,
    pub(super) leaving: String,
    pub(super) auc: Range,
    pub(super) auc_gain: Option<Range>,
    pub(super) said: String,
    pub(super) happened: String,
    pub(super) loss_before: Range,
    pub(super) loss_after: Range,
    pub(super) loss_gain: Option<Range>,
    pub(super) error_before: String,
    pub(super) error_after: String,
}

impl View {
    pub(super) fn of(part: &Balance, words: &Words) -> Self {
        let better: Vec<_> = part
            .treatments
            .iter()
            .filter(|treatment| treatment.auc_gain.is_some_and(|gain| gain.low > 0.0))
            .map(|treatment| name(treatment.kind, words))
            .collect();
        let verdict = if better.is_empty() {
            words.text("balance-no-gain")
        } else {
            words.say("balance-gain", [("names", better.join(", ").into())])
        };
        // The treated fit whose raw probabilities are the furthest off shows what a treatment does to them.
        let off = |treatment: &Treatment| treatment.before.mean_said / treatment.before.mean_happened;
        let worst = part
            .treatments
            .iter()
            .filter(|treatment| treatment.kind != TreatmentKind::Plain && off(treatment).is_finite())
            .max_by(|a, b| off(a).total_cmp(&off(b)));
        let probabilities = worst.map(|treatment| {
            words.say(
                "balance-probabilities",
                [
                    ("said", words.fine_share(treatment.before.mean_said).into()),
                    ("happened", words.fine_share(treatment.before.mean_happened).into()),
                ],
            )
        });
        Self { verdict, probabilities, rows: part.treatments.iter().map(|treatment| row(treatment, words)).collect() }
    }
}

fn name(kind: TreatmentKind, words: &Words) -> String {
    words.text(match kind {
        TreatmentKind::Plain => "treatment-plain",
        TreatmentKind::ClassWeights => "treatment-weights",
        TreatmentKind::Undersampling => "treatment-undersampling",
    })
}

fn row(treatment: &Treatment, words: &Words) -> Row {
    let points = |share: f64| words.number(share * 100.0, 2);
    Row {
        name: name(treatment.kind, words),
        learned: words.count(treatment.train_rows as u64),
        leaving: words.count(treatment.train_leaving_rows as u64),
        auc: spread(&treatment.auc, 3, words),
        auc_gain: treatment.auc_gain.map(|gain| change(&gain, 3, words)),
        said: words.fine_share(treatment.before.mean_said),
        happened: words.fine_share(treatment.before.mean_happened),
        loss_before: spread(&treatment.before.log_loss, 4, words),
        loss_after: spread(&treatment.after.log_loss, 4, words),
        loss_gain: treatment.log_loss_gain.map(|gain| change(&gain, 4, words)),
        error_before: points(treatment.before.calibration_error.value),
        error_after: points(treatment.after.calibration_error.value),
    }
}
