//! Which sentences there are, and which values each needs from its fact.

/// What a sentence needs.
///
/// Besides, any fact may bring `window_days` (how far it looks back), `typical` and `before` (values of the same kind to
/// compare with), `amount` (a debt) and `dates`; they are said where the sentence has a place for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The message.
    pub id: &'static str,
    /// Values without which it cannot be said.
    pub needs: &'static [&'static str],
    /// How `value` is said.
    pub said: Said,
    /// Whether `dates` are the days of the very things that `value` counts, and so worth listing.
    pub lists_dates: bool,
}

/// How a sentence says its `value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// As it is.
    Plainly,
    /// A ratio as per cent: 0.4 is 40%.
    AsPercent,
    /// Without its sign, and a share in points: a difference of -0.15 is 15 points behind.
    AsSize,
}

/// Every sentence there is.
pub const SENTENCES: &[Shape] = &[
    counted("missed-in-a-row"),
    counted("missed-in-window"),
    valued("attendance-low"),
    valued("attendance-falling"),
    counted("late-often"),
    valued("homework-open-in-a-row"),
    valued("homework-open"),
    valued("homework-share-low"),
    valued("homework-late"),
    valued("homework-score-low"),
    valued("homework-score-falling"),
    valued("payment-overdue"),
    valued("payments-late"),
    Shape { said: Said::AsSize, ..valued("progress-behind") },
    valued("progress-falling"),
    valued("tests-low"),
    valued("tests-falling"),
    bare("tests-none"),
    valued("messages-unanswered"),
    valued("silent-for"),
    bare("contact-none"),
    labelled("activity-none-for"),
    labelled("activity-low"),
    Shape { said: Said::AsPercent, ..labelled("activity-falling") },
    labelled("number-high"),
    labelled("number-low"),
    labelled("number-falling"),
    labelled("number-rising"),
    labelled("count-high"),
    labelled("count-low"),
    labelled("none-for"),
    Shape { needs: &["label", "text"], ..bare("category-is") },
    labelled("column-is"),
    Shape { needs: &["label"], ..bare("column-empty") },
    bare("nothing-stands-out"),
];

impl Shape {
    /// The shape of a sentence.
    pub fn of(id: &str) -> Option<&'static Self> {
        SENTENCES.iter().find(|shape| shape.id == id)
    }
}

const fn bare(id: &'static str) -> Shape {
    Shape { id, needs: &[], said: Said::Plainly, lists_dates: false }
}

const fn valued(id: &'static str) -> Shape {
    Shape { needs: &["value"], ..bare(id) }
}

const fn counted(id: &'static str) -> Shape {
    Shape { lists_dates: true, ..valued(id) }
}

const fn labelled(id: &'static str) -> Shape {
    Shape { needs: &["label", "value"], ..bare(id) }
}
