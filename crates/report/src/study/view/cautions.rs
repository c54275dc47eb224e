//! Facts that limit what the model may be used for, in sentences.

use super::{change, interval, names, values};
use crate::study::input::Limit;
use crate::words::Words;

pub(super) fn caution(limit: &Limit, words: &Words) -> String {
    match limit {
        Limit::FewLeavers { leavers } => words.say("limit-few", [("n", (*leavers).into())]),
        Limit::WeakOrder { auc } => words
            .say("limit-weak", [("auc", words.number(auc.value, 3).into()), ("range", interval(auc, 3, words).into())]),
        Limit::TooGood { auc, variable } => words
            .say("limit-too-good", [("auc", words.number(auc.value, 3).into()), ("name", variable.as_str().into())]),
        Limit::NoBetterThanLogistic { log_loss_gain } => {
            words.say("limit-logistic", [("range", change(log_loss_gain, 4, words).range.into())])
        }
        Limit::OneVariable { variable, share } => {
            words.say("limit-one", [("name", variable.as_str().into()), ("share", words.share(*share).into())])
        }
        Limit::Miscalibrated { error, error_if_perfect } => words.say(
            "limit-calibration",
            [
                ("error", words.number(error * 100.0, 2).into()),
                ("perfect", words.number(error_if_perfect * 100.0, 2).into()),
            ],
        ),
        Limit::MuchMissing { variables, of } => {
            words.say("limit-missing", [("n", (*variables).into()), ("all", words.count(*of as u64).into())])
        }
        Limit::KeyLike { variables } => words.say("limit-keys", [("names", names(variables, 5, words).into())]),
        Limit::LostColumns { variables } => words.say("limit-lost", [("names", names(variables, 5, words).into())]),
        Limit::EmptiedColumns { variables } => {
            words.say("limit-emptied", [("names", names(variables, 5, words).into())])
        }
        Limit::NoTime => words.text("limit-no-time"),
        Limit::NotTestedForward => words.text("limit-not-forward"),
        Limit::Drift { variables, domain_auc } => words.say(
            "limit-drift",
            [("names", names(variables, 5, words).into()), ("auc", words.number(domain_auc.value, 2).into())],
        ),
        Limit::WeakSubgroup { variable, slice, auc, auc_of_all } => words.say(
            "limit-subgroup",
            [
                ("name", variable.as_str().into()),
                ("level", values::slice(slice, words).into()),
                ("auc", words.number(auc.value, 3).into()),
                ("all", words.number(*auc_of_all, 3).into()),
            ],
        ),
        Limit::MoreRowsHelp { auc_gain } => {
            let gain = change(auc_gain, 3, words);
            words.say("limit-more-rows", [("gain", gain.value.into()), ("range", gain.range.into())])
        }
    }
}
