//! Who the students are: what the office writes down about them, and the traits that nobody sees.

use domain::Day;
use rand_chacha::ChaCha8Rng;

use super::actions::Receptivity;
use super::groups::Group;
use super::names::{full_name, phone};
use super::rows::{Maybe, Rows, Stamp, at, group_id, mentor_id, student_id};
use super::trouble::Cause;
use crate::draw::{chance, normal, pick, waiting};

/// What does not change while a student is at the academy.
pub(super) struct Student {
    pub(super) index: u32,
    pub(super) id: String,
    /// Standard normal: above 0 comes and works more.
    pub(super) motivation: f64,
    /// Standard normal: above 0 scores higher.
    pub(super) ability: f64,
    /// Standard normal: above 0 pays sooner.
    pub(super) comfort: f64,
    /// Standard normal: above 0 gets on with the group.
    pub(super) fit: f64,
    /// Daily chance that a trouble of each cause begins, before the season.
    pub(super) proneness: [f64; Cause::COUNT],
    /// Multiplies the hazard.
    pub(super) frailty: f64,
    /// How life events show.
    pub(super) life_event: LifeEvent,
    pub(super) receptivity: Receptivity,
    pub(super) channel: &'static str,
    pub(super) monthly_price: f64,
    discount_pct: u32,
    profile: Profile,
}

/// What kind of event takes this student's time.
#[derive(Clone, Copy, Debug)]
pub(super) enum LifeEvent {
    Job,
    Exams,
    Illness,
    Move,
}

/// What the office knows.
struct Profile {
    full_name: String,
    is_woman: Option<bool>,
    born_on: Option<Day>,
    city: Option<&'static str>,
    phone: Option<String>,
    source: Option<&'static str>,
    language: &'static str,
    enrolled_days_before: f64,
}

/// Mean daily chance that a trouble begins, by cause.
const ONSET: [f64; Cause::COUNT] = [0.0020, 0.0016, 0.0016, 0.0010, 0.0010];

/// Draws a student of a group.
pub(super) fn draw(index: u32, group: &Group, rng: &mut ChaCha8Rng) -> Student {
    let [motivation, ability, comfort, own_fit] = [normal(rng), normal(rng), normal(rng), normal(rng)];
    let fit = 0.6 * group.fit + 0.8 * own_fit;
    let log_proneness = [
        -0.35 * motivation - 0.1 * fit - 0.15 * group.mentor_quality,
        -0.35 * comfort,
        -0.35 * ability - 0.15 * group.mentor_quality + group.course.hardness,
        0.0,
        -0.3 * fit - 0.15 * group.mentor_quality,
    ];
    let proneness = std::array::from_fn(|cause| ONSET[cause] * f64::exp(log_proneness[cause]));
    let discount_pct = pick(rng, &[(0, 6.0), (10, 2.0), (20, 1.0), (30, 0.5)]);
    Student {
        index,
        id: student_id(index),
        motivation,
        ability,
        comfort,
        fit,
        proneness,
        frailty: f64::exp(-0.08 * motivation - 0.04 * fit),
        life_event: pick(
            rng,
            &[(LifeEvent::Job, 3.0), (LifeEvent::Exams, 3.0), (LifeEvent::Illness, 2.0), (LifeEvent::Move, 1.0)],
        ),
        receptivity: Receptivity::draw(rng),
        channel: pick(rng, &[("whatsapp", 6.0), ("telegram", 3.0), ("sms", 0.5)]),
        monthly_price: group.course.monthly_price * (1.0 - f64::from(discount_pct) / 100.0),
        discount_pct,
        profile: Profile::draw(index, group, rng),
    }
}

impl Profile {
    fn draw(index: u32, group: &Group, rng: &mut ChaCha8Rng) -> Self {
        let is_woman = chance(rng, 0.36);
        let age_years = (15.5 + waiting(rng, 5.0)).min(45.0);
        #[expect(clippy::cast_possible_truncation, reason = "an age in days is small")]
        let born_on = group.started_on.plus(-(age_years * 365.25) as i32);
        let cities =
            [("Душанбе", 12.0), ("Вахдат", 1.0), ("Гиссар", 1.0), ("Бохтар", 0.8), ("Худжанд", 0.6), ("Куляб", 0.6)];
        let sources = [("instagram", 4.0), ("friends", 3.0), ("website", 2.0), ("school", 1.5), ("fair", 0.6)];
        let (city, source) = (pick(rng, &cities), pick(rng, &sources));
        let mut known = |share: f64| chance(rng, share);
        Self {
            is_woman: known(0.98).then_some(is_woman),
            born_on: known(0.94).then_some(born_on),
            city: known(0.95).then_some(city),
            phone: known(0.97).then(|| phone(index)),
            source: known(0.88).then_some(source),
            language: if known(0.65) { "tg" } else { "ru" },
            full_name: full_name(rng, is_woman),
            enrolled_days_before: waiting(rng, 8.0).min(60.0),
        }
    }
}

/// Writes the student's row as the export of `end` shows it.
pub(super) fn write(student: &Student, group: &Group, left_on: Option<Day>, end: Day, rows: &mut Rows) {
    let left_on = left_on.filter(|&day| day <= end);
    let status = match left_on {
        Some(_) => "left",
        None if group.planned_end_on <= end => "finished",
        None => "active",
    };
    let profile = &student.profile;
    rows.push(format_args!(
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{status},{}",
        student.id,
        profile.full_name,
        Maybe(profile.is_woman.map(|is_woman| if is_woman { "f" } else { "m" })),
        Maybe(profile.born_on),
        Maybe(profile.city),
        Maybe(profile.phone.as_ref()),
        Maybe(profile.source),
        group.course.name,
        group_id(group.index),
        mentor_id(group.mentor),
        profile.language,
        Stamp(at(group.started_on, 10.0 - 24.0 * profile.enrolled_days_before)),
        group.started_on,
        group.planned_end_on,
        group.course.monthly_price,
        student.discount_pct,
        Maybe(left_on),
    ));
}
