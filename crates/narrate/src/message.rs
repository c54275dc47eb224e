//! What is said in a terminal, and in lines that stand alone, such as notes of the report.

use fluent_bundle::FluentValue;

use crate::narrator::Narrator;

/// A message and the values that it is told with.
macro_rules! messages {
    ($($name:ident = $id:literal [$($value:literal),*],)*) => {
        /// A message; see `locales/en/terminal.ftl` for what it says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the text of the message is its documentation")]
        pub enum Message {
            $($name,)*
        }

        impl Message {
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in the files.
            pub(crate) fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// Names of the values that it may mention.
            pub(crate) fn values(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($value),*],)*
                }
            }
        }
    };
}

messages! {
    Warning = "term-warning" ["text"],
    Learned = "term-learned" ["rows", "subjects", "leavers", "first", "last", "features"],
    Tried = "term-tried" [],
    RecipePrior = "term-recipe-prior" [],
    RecipeLogistic = "term-recipe-logistic" ["ridge", "extras"],
    RecipeBoosted = "term-recipe-boosted" ["leaves", "rounds", "extras"],
    RecipeMean = "term-recipe-mean" ["parts"],
    TriedMore = "term-tried-more" ["count"],
    FellBehind = "term-fell-behind" [],
    Took = "term-took" ["tier", "why"],
    Map = "term-map" ["map"],
    Quality = "term-quality" [],
    AveragePrecision = "term-average-precision" [],
    Base = "term-base" ["value"],
    Calibration = "term-calibration" [],
    AtRisk = "term-at-risk" ["subjects", "date", "high", "medium", "low", "leavers", "days"],
    Worth = "term-worth" ["count", "worth"],
    Stale = "term-stale" ["last", "days", "date"],
    LearnedLater = "term-learned-later" ["date", "last"],
    Tenure = "term-tenure" ["count", "subjects", "range"],
    TenureRange = "term-tenure-range" ["min", "max"],
    TenureFrom = "term-tenure-from" ["min"],
    Price = "term-price" ["action", "capacity", "worth"],
    Explained = "term-explained" ["subject", "date", "probability", "interval", "band"],
    ExplainedFlat = "term-explained-flat" ["subject", "probability", "interval", "band"],
    Leak = "term-leak" ["column"],
    ModelIn = "term-model-in" ["place"],
    ScoresIn = "term-scores-in" ["place"],
    ReportIn = "term-report-in" ["place"],
    Parts = "term-parts" [],
    Nobody = "term-nobody" [],
    Actions = "term-actions" [],
    Stays = "term-stays" [],
    Cost = "term-cost" [],
    Value = "term-value" [],
    From = "term-from" [],
    Chosen = "term-chosen" [],
    Full = "term-full" [],
    NoCause = "term-no-cause" [],
    DoesNotFit = "term-does-not-fit" [],
    NotWorthIt = "term-not-worth-it" [],
    Note = "term-note" ["text"],
    LearnedFlat = "term-learned-flat" ["target", "rows", "leavers", "features"],
    QualityFlat = "term-quality-flat" [],
    ScoredFlat = "term-scored-flat" ["target", "subjects", "high", "medium", "low", "leavers"],
    LeftOut = "term-left-out" ["why", "count", "columns"],
    Unseen = "term-unseen" ["column", "count", "share", "examples"],
    Emptied = "term-emptied" ["column", "share", "before"],
    OtherScale = "term-other-scale" ["column", "now", "before"],
    ValueSeen = "term-value-seen" ["clients", "purchases", "first", "until"],
    ValueBuying = "term-value-buying" ["year", "stop", "parameters"],
    ValueSpending = "term-value-spending" ["mean", "parameters"],
    ValueChecked = "term-value-checked" ["until", "days", "predicted", "actual", "off", "top"],
    ValueUnchecked = "term-value-unchecked" [],
    ValueTotal = "term-value-total" ["days", "purchases", "purchases_low", "purchases_high", "value", "value_low", "value_high"],
    ValueOnce = "term-value-once" ["count", "share"],
    ValueFar = "term-value-far" ["days", "seen"],
    ValueEdge = "term-value-edge" ["names", "model"],
    ValueUnsettled = "term-value-unsettled" ["model"],
    ValueCorrelated = "term-value-correlated" ["value"],
    ValuesIn = "term-values-in" ["place"],
    UnknownRows = "term-unknown-rows" ["count", "rows"],
    Units = "term-units" ["unit", "n"],
    PriceMeans = "term-price-means" ["resource", "whose", "capacity", "step", "worth"],
    PriceBudget = "term-price-budget" ["capacity", "step", "worth"],
    ByRisk = "term-by-risk" ["differs", "byrisk", "less", "chance"],
    Bound = "term-bound" ["more"],
    ContactFrom = "term-contact-from" ["moment"],
    Classes = "term-classes" ["action", "persuadable", "sure", "lost", "disturb"],
    Scarce = "term-scarce" [],
    OptedOut = "term-opted-out" [],
    ContactedLately = "term-contacted-lately" ["date"],
    NobodyToDoIt = "term-nobody-to-do-it" [],
    Lower = "term-lower" [],
    LowerStep = "term-lower-step" ["change", "probability", "band"],
    LowerHomework = "term-lower-homework" ["date"],
    LowerPayment = "term-lower-payment" ["date", "amount"],
    LowerHomeworks = "term-lower-homeworks" ["n"],
    LowerPayments = "term-lower-payments" ["n"],
    LowerAttendance = "term-lower-attendance" ["n"],
    LowerNothing = "term-lower-nothing" [],
    LowerAssociation = "term-lower-association" [],
    LowerTried = "term-lower-tried" ["action", "evidence"],
    LeftToChance = "term-left-to-chance" ["drawn", "held", "cost"],
    HeldOut = "term-held-out" ["without"],
    Drawn = "term-drawn" ["action", "chance", "low", "high", "without"],
    Kept = "term-kept" ["cases", "controls", "with", "without", "difference", "low", "high"],
    KeptUnknown = "term-kept-unknown" ["cases", "controls", "acted", "needed"],
    LowerNotEnough = "term-lower-not-enough" ["band"],
}

/// A value of a message.
pub enum Told {
    /// A number, which chooses the plural.
    Count(usize),
    /// Text that is ready, or a word that chooses a variant.
    Text(String),
}

impl Narrator {
    /// A message with its values; one that is not given is shown by its name.
    pub fn tell<const N: usize>(&self, message: Message, values: [(&'static str, Told); N]) -> String {
        let variables: Vec<(&str, FluentValue<'_>)> = values
            .into_iter()
            .map(|(name, value)| match value {
                Told::Count(count) => (name, FluentValue::from(count)),
                Told::Text(text) => (name, FluentValue::from(text)),
            })
            .collect();
        self.bundle.say(message.id(), &variables)
    }
}

impl From<usize> for Told {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl From<String> for Told {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Told {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
