//! What an analyst is told of the model: what it is compared with, what it rests on, what would change it.

use crate::input::Estimate;

/// The model and its baselines.
#[derive(Clone, Debug, PartialEq)]
pub struct Baselines {
    /// Rows judged.
    pub rows: usize,
    /// Those that leave.
    pub leaving_rows: usize,
    /// From the base rate to the final model.
    pub models: Vec<Baseline>,
}

/// A way to score.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Which.
    pub kind: BaselineKind,
    /// The variable it rests on, if it is one: the one that most folds chose.
    pub variable: Option<String>,
    /// Area under the ROC curve; 0.5 for the base rate.
    pub auc: Estimate,
    /// Average precision, the area under the precision-recall curve.
    pub average_precision: Estimate,
    /// Log-loss.
    pub log_loss: Estimate,
    /// Brier score.
    pub brier: Estimate,
    /// How much better the final model is; nothing for itself.
    pub gains: Option<Gains>,
}

/// The final model's number minus another's: above 0 is better for AUC and average precision, below 0 for the losses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gains {
    /// Of AUC.
    pub auc: Estimate,
    /// Of average precision.
    pub average_precision: Estimate,
    /// Of log-loss.
    pub log_loss: Estimate,
    /// Of the Brier score.
    pub brier: Estimate,
}

/// A way to score, from the simplest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineKind {
    /// The same for all.
    BaseRate,
    /// One variable.
    BestVariable,
    /// Plain logistic regression.
    Logistic,
    /// The model.
    Final,
}

/// Quality by training size.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningCurve {
    /// Rows judged, the same for all points.
    pub kept_rows: usize,
    /// Those that leave.
    pub kept_leaving_rows: usize,
    /// By rising share; a share with fewer than 10 leavers is left out.
    pub points: Vec<CurvePoint>,
    /// AUC with all training subjects minus that with 40% of them, paired; nothing where 40% are too few to learn from.
    pub auc_gain_from_40_percent: Option<Estimate>,
    /// The same of log-loss: below 0 is better.
    pub log_loss_gain_from_40_percent: Option<Estimate>,
    /// What that says.
    pub verdict: Verdict,
}

/// Quality after learning from some subjects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Share of the training subjects.
    pub share: f64,
    /// How many they are.
    pub subjects: usize,
    /// Their rows.
    pub rows: usize,
    /// Those that leave.
    pub leaving_rows: usize,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Log-loss.
    pub log_loss: Estimate,
}

/// Whether more rows would help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// From 40% to all subjects AUC surely rises.
    Rising,
    /// From 40% to all subjects AUC rises by no more than 0.01, surely.
    Flat,
    /// The kept rows are too few to say.
    Unclear,
}

/// The plain fit and the treated ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Balance {
    /// Rows judged.
    pub kept_rows: usize,
    /// Those that leave.
    pub kept_leaving_rows: usize,
    /// Plain first.
    pub treatments: Vec<Treatment>,
}

/// A way to treat the classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Treatment {
    /// Which.
    pub kind: TreatmentKind,
    /// Rows fitted on.
    pub train_rows: usize,
    /// Those that leave.
    pub train_leaving_rows: usize,
    /// How many times as much as a staying row a leaving one weighs.
    pub leaving_weight: f64,
    /// Area under the ROC curve, which recalibration does not change.
    pub auc: Estimate,
    /// AUC minus that of the plain fit, paired; nothing for itself.
    pub auc_gain: Option<Estimate>,
    /// Probabilities as they come.
    pub before: ProbabilityQuality,
    /// Probabilities after recalibration.
    pub after: ProbabilityQuality,
    /// Log-loss after recalibration minus that of the plain fit after it, paired; nothing for itself.
    pub log_loss_gain: Option<Estimate>,
}

/// How good probabilities are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProbabilityQuality {
    /// Log-loss.
    pub log_loss: Estimate,
    /// Expected calibration error, ten bins of equal weight.
    pub calibration_error: Estimate,
    /// Mean probability, to be held against the share that left.
    pub mean_said: f64,
    /// Share that left.
    pub mean_happened: f64,
}

/// A way to treat the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreatmentKind {
    /// Rows as they are.
    Plain,
    /// Leaving rows weigh more.
    ClassWeights,
    /// Staying rows are dropped.
    Undersampling,
}

/// Quality by number of variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Rows judged.
    pub kept_rows: usize,
    /// By rising number of variables; the last holds all of them.
    pub points: Vec<SelectionPoint>,
    /// Variables of the smallest set within one standard error of the best.
    pub smallest: usize,
    /// All columns that the model uses, the most important on training rows first.
    pub order: Vec<String>,
}

/// A model of the most important variables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelectionPoint {
    /// How many: the first so many of the order; for all, every column of the table.
    pub variables: usize,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Log-loss.
    pub log_loss: Estimate,
    /// Log-loss minus the lowest of the points, in standard errors' company: the gap.
    pub gap: f64,
    /// Standard error of that gap; 0 for the lowest itself.
    pub gap_error: f64,
}

/// Variables by their weight in the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Importance {
    /// Rows attributed.
    pub attributed_rows: usize,
    /// Rows shuffled.
    pub shuffled_rows: usize,
    /// AUC of those as they are.
    pub auc: f64,
    /// Variables by falling attribution.
    pub variables: Vec<VariableImportance>,
    /// Correlated groups, by falling attribution.
    pub groups: Vec<GroupImportance>,
}

/// A variable's weight.
#[derive(Clone, Debug, PartialEq)]
pub struct VariableImportance {
    /// Its column.
    pub name: String,
    /// Mean absolute log-odds that it adds.
    pub attribution: Estimate,
    /// Its share in the sum over all variables.
    pub share: f64,
    /// Fall of AUC when it is shuffled; nothing for variables past the 40 of the largest attribution.
    pub auc_drop: Option<Estimate>,
}

/// The weight of correlated variables together.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupImportance {
    /// Its variables, the most important first.
    pub columns: Vec<String>,
    /// Mean absolute sum of the log-odds that they add.
    pub attribution: Estimate,
    /// Fall of AUC when they are shuffled together; nothing for groups past the 10 of the largest attribution.
    pub auc_drop: Option<Estimate>,
}
