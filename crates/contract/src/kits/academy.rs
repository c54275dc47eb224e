//! The academy: the tables of a school's CRM, as Softclub CRM and Omuz export them.
//!
//! Each role lists its columns with what they mean and when their values become known. `attendance.status` is mapped
//! to levels, from which the flags `missed`, `late` and `present` follow; an excused absence is neither. A status that
//! no spelling covers is reported by the warehouse and counts as unknown.

use domain::Family;

use super::{ColumnSpec, FlagSpec, Role, RoleSpec, SubjectsSpec, Usage};
use crate::table::Kind;

/// Who may leave and who left.
pub static SUBJECTS: SubjectsSpec = SubjectsSpec {
    role: Role::Students,
    key: "student_id",
    from: "started_on",
    until: Some("planned_end_on"),
    group: Some("group_id"),
    name: "full_name",
    left: "left_on",
};

/// What the kit knows, the subjects' table first.
pub static ROLES: &[RoleSpec] =
    &[STUDENTS, ATTENDANCE, HOMEWORK, INVOICES, PROGRESS, TESTS, MESSAGES, ACTIONS, ACTIVITY];

const STUDENTS: RoleSpec = RoleSpec {
    role: Role::Students,
    about: "one row per student; a student who comes back or takes a second course has a row for each",
    family: Family::named("profile"),
    at: None,
    recorded_at: None,
    key: Some("student_id"),
    columns: &[
        column("full_name", Kind::Category, "name, shown to staff only").used(Usage::Personal),
        column("sex", Kind::Category, "sex").levels(&[
            ("female", &["f", "w", "ж", "жен", "женский", "зан"]),
            ("male", &["m", "м", "муж", "мужской", "мард"]),
        ]),
        column("born_on", Kind::Moment, "day of birth"),
        column("city", Kind::Category, "where the student lives"),
        column("phone", Kind::Category, "phone number").used(Usage::Personal),
        column("source", Kind::Category, "how the student heard of the academy"),
        column("course", Kind::Category, "course"),
        column("group_id", Kind::Category, "group that learns together"),
        column("mentor_id", Kind::Category, "mentor of the group"),
        column("language", Kind::Category, "language of the lessons"),
        column("enrolled_at", Kind::Moment, "when the student signed up"),
        column("started_on", Kind::Moment, "first day of lessons, from which the student can leave")
            .used(Usage::Needed),
        column("planned_end_on", Kind::Moment, "last day of the course, after which leaving is the plan"),
        column("monthly_price", Kind::Money, "price of a month"),
        column("discount_pct", Kind::Number, "discount, in per cent"),
        column("status", Kind::Category, "active, left or finished at the time of the export").used(Usage::State),
        column("left_on", Kind::Moment, "day of leaving, empty for those who stay"),
    ],
    flags: &[],
};

const ATTENDANCE: RoleSpec = RoleSpec {
    role: Role::Attendance,
    about: "one row per student and lesson; a row with the same key and a later entry corrects the earlier one",
    family: Family::named("attendance"),
    at: Some("lesson_at"),
    recorded_at: Some("entered_at"),
    key: Some("attendance_id"),
    columns: &[
        column("lesson_at", Kind::Moment, "when the lesson took place").used(Usage::Needed),
        column("entered_at", Kind::Moment, "when the mentor entered it"),
        column("status", Kind::Category, "whether the student came").used(Usage::Needed).levels(&[
            (
                "present",
                &["attended", "yes", "y", "+", "1", "да", "был", "была", "присутствовал", "присутствовала", "ҳозир"],
            ),
            ("late", &["опоздал", "опоздала", "опоздание", "дер"]),
            (
                "absent",
                &[
                    "missed",
                    "no",
                    "n",
                    "-",
                    "0",
                    "нет",
                    "н",
                    "нб",
                    "не был",
                    "не была",
                    "отсутствовал",
                    "отсутствовала",
                    "пропуск",
                    "ғоиб",
                ],
            ),
            ("excused", &["уважительная", "по уважительной", "ув", "у", "болел", "болела", "болезнь", "сабабнок"]),
        ]),
    ],
    flags: &[
        FlagSpec { name: "missed", column: "status", levels: &["absent"] },
        FlagSpec { name: "late", column: "status", levels: &["late"] },
        FlagSpec { name: "present", column: "status", levels: &["present", "late"] },
    ],
};

const HOMEWORK: RoleSpec = RoleSpec {
    role: Role::Homework,
    about: "one row per student and homework",
    family: Family::named("homework"),
    at: Some("assigned_at"),
    recorded_at: None,
    key: Some("homework_id"),
    columns: &[
        column("assigned_at", Kind::Moment, "when it was given"),
        column("due_at", Kind::Moment, "when it is due").used(Usage::Needed),
        column("submitted_at", Kind::Moment, "when it was handed in").used(Usage::Needed).reveals(&["submitted_at"]),
        column("score", Kind::Number, "score, of 100").reveals(&["graded_at", "submitted_at"]),
        column("graded_at", Kind::Moment, "when the score was given").reveals(&["graded_at"]),
    ],
    flags: &[],
};

pub(super) const INVOICES: RoleSpec = RoleSpec {
    role: Role::Invoices,
    about: "one row per invoice",
    family: Family::named("payment"),
    at: Some("issued_at"),
    recorded_at: None,
    key: Some("invoice_id"),
    columns: &[
        column("issued_at", Kind::Moment, "when it was issued"),
        column("due_at", Kind::Moment, "when it is due").used(Usage::Needed),
        column("amount", Kind::Money, "amount"),
        column("paid_at", Kind::Moment, "when it was paid").used(Usage::Needed).reveals(&["paid_at"]),
    ],
    flags: &[],
};

const PROGRESS: RoleSpec = RoleSpec {
    role: Role::Progress,
    about: "how far the student should be and is, from time to time",
    family: Family::named("progress"),
    at: Some("at"),
    recorded_at: None,
    key: Some("progress_id"),
    columns: &[
        column("at", Kind::Moment, "when it was measured"),
        column("planned_pct", Kind::Number, "planned share of the course, in per cent").used(Usage::Needed),
        column("done_pct", Kind::Number, "done share of the course, in per cent").used(Usage::Needed),
    ],
    flags: &[],
};

const TESTS: RoleSpec = RoleSpec {
    role: Role::Tests,
    about: "one row per student and test",
    family: Family::named("tests"),
    at: Some("taken_at"),
    recorded_at: None,
    key: Some("test_id"),
    columns: &[
        column("taken_at", Kind::Moment, "when it was taken"),
        column("score", Kind::Number, "points reached").used(Usage::Needed),
        column("max_score", Kind::Number, "points to be had"),
    ],
    flags: &[],
};

const MESSAGES: RoleSpec = RoleSpec {
    role: Role::Messages,
    about: "messages and calls, both ways",
    family: Family::named("communication"),
    at: Some("at"),
    recorded_at: None,
    key: Some("message_id"),
    columns: &[
        column("at", Kind::Moment, "when it was sent"),
        column("direction", Kind::Category, "in from the student, out from the academy").used(Usage::Needed).levels(&[
            ("in", &["incoming", "inbound", "received", "входящее", "входящий", "вх"]),
            ("out", &["outgoing", "outbound", "sent", "исходящее", "исходящий", "исх"]),
        ]),
        column("channel", Kind::Category, "whatsapp, telegram, call or sms"),
        column("answered_at", Kind::Moment, "when the student answered").reveals(&["answered_at"]),
    ],
    flags: &[
        FlagSpec { name: "incoming", column: "direction", levels: &["in"] },
        FlagSpec { name: "outgoing", column: "direction", levels: &["out"] },
    ],
};

pub(super) const ACTIONS: RoleSpec = RoleSpec {
    role: Role::Actions,
    about: "what staff did to keep a student; never a feature of the risk, it teaches what helps",
    family: Family::named("actions"),
    at: Some("at"),
    recorded_at: None,
    key: Some("action_id"),
    columns: &[
        column("at", Kind::Moment, "when it was done"),
        column("action", Kind::Category, "the action's name in the contract").used(Usage::Needed),
        column("randomised", Kind::Flag, "whether chance chose it"),
        column("propensity", Kind::Number, "the probability with which it was chosen"),
    ],
    flags: &[],
};

pub(super) const ACTIVITY: RoleSpec = RoleSpec {
    role: Role::Activity,
    about: "any numbers of use, such as clicks, over a period that ends at the row's time",
    family: Family::named("activity"),
    at: Some("at"),
    recorded_at: None,
    key: None,
    columns: &[column("at", Kind::Moment, "end of the period")],
    flags: &[],
};

pub(super) const fn column(name: &'static str, kind: Kind, about: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, about, usage: Usage::Optional, reveals: &[], levels: &[] }
}

impl ColumnSpec {
    pub(super) const fn used(self, usage: Usage) -> Self {
        Self { usage, ..self }
    }

    const fn reveals(self, reveals: &'static [&'static str]) -> Self {
        Self { reveals, ..self }
    }

    const fn levels(self, levels: &'static [(&'static str, &'static [&'static str])]) -> Self {
        Self { levels, ..self }
    }
}
