//! One student's time at the academy, day by day: the mechanisms in the order in which they act.

use domain::{Day, Moment};
use rand_chacha::ChaCha8Rng;

use super::World;
use super::actions::{self, Log, Visible};
use super::calendar::{Season, weekday};
use super::groups::Group;
use super::leaving::chance_to_leave;
use super::lessons::Lessons;
use super::messages::Messages;
use super::progress::Progress;
use super::rows::{Tables, at};
use super::students::{self, Student};
use super::trouble::{self, Loss, Trouble};
use super::{assessments, homework, invoices, truth};
use crate::draw::{Stream, chance, generator};

/// A student on a day: what every mechanism may depend on.
#[derive(Clone, Copy)]
pub(super) struct Today<'a> {
    pub(super) student: &'a Student,
    pub(super) group: &'a Group,
    pub(super) day: Day,
    pub(super) season: &'a Season,
    /// What the trouble of today takes away.
    pub(super) loss: Loss,
    /// The last moment of the export: what becomes known later is not written.
    pub(super) end: Moment,
}

/// What has happened to a student so far.
#[derive(Default)]
struct History {
    lessons: Lessons,
    homework: Vec<homework::Homework>,
    invoices: Vec<invoices::Invoice>,
    messages: Messages,
    progress: Progress,
    last_test: Option<f64>,
    log: Log,
}

/// Days of ordinary life that pass before the course: some bring a trouble with them.
const DAYS_BEFORE: u32 = 30;

/// Lives a student's life and writes down what the academy sees of it by the day of the export, and the truth.
pub(super) fn live(world: &World, group: &Group, index: u32, tables: &mut Tables) {
    let settings = &world.settings;
    let mut rng = generator(settings.seed, Stream::Student, index);
    let student = students::draw(index, group, &mut rng);
    let end = domain::Cutoff(settings.end).moment();
    let mut trouble = Trouble::CALM;
    for _ in 0..DAYS_BEFORE {
        let season = world.calendar.season(group.started_on);
        trouble = trouble::step(trouble, &student.proneness, season, 1.0, &mut rng);
    }
    let mut history = History::default();
    let mut truths = Vec::new();
    let mut left_on = None;
    let last = group.planned_end_on.plus(-1).min(settings.end.plus(truth::HORIZON_DAYS));
    for day in (group.started_on.0..=last.0).map(Day) {
        let season = world.calendar.season(day);
        let relief = actions::relief(&student.receptivity, &history.log.taken, actions::cause_index(trouble), day);
        let leaves = chance_to_leave(&student, group, season, day, trouble.strain, relief);
        if day > group.started_on && chance(&mut rng, leaves) {
            left_on = Some(day);
            break;
        }
        trouble = trouble::step(trouble, &student.proneness, season, relief, &mut rng);
        let today = Today { student: &student, group, day, season, loss: trouble.loss(), end };
        spend(&today, &mut history, &mut rng, tables);
        if settings.cutoffs.binary_search(&day).is_ok() {
            truths.push(truth::observe(world, group, &student, day, trouble, &history.log.taken));
        }
    }
    let left_at = left_on.map_or(Moment(i64::MAX), Day::start);
    homework::write(&student, &history.homework, left_at, end, &mut tables.homework);
    invoices::write(&student, &history.invoices, end, &mut tables.invoices);
    students::write(&student, group, left_on, settings.end, &mut tables.students);
    truth::write(&student, &truths, left_on, &mut tables.truth);
}

fn spend(today: &Today<'_>, history: &mut History, rng: &mut ChaCha8Rng, tables: &mut Tables) {
    let Today { group, day, .. } = *today;
    if today.season.has_lessons && group.meets_on(day) {
        let lesson_at = at(day, f64::from(group.hour));
        let status = history.lessons.hold(today, lesson_at, rng, &mut tables.attendance);
        history.homework.push(homework::assign(today, lesson_at, status.is_missed(), rng));
        let lesson = history.lessons.held;
        if assessments::is_test(lesson) && !status.is_missed() {
            history.last_test = Some(assessments::take(today, lesson, lesson_at, rng, &mut tables.tests));
        }
    }
    invoices::issue(group, day, &mut history.invoices);
    invoices::pay(today, &mut history.invoices, rng);
    history.messages.exchange(today, rng, &mut tables.messages);
    if weekday(day) == 6 {
        history.progress.end_week(today, rng, &mut tables.progress);
    }
    if weekday(day) == group.reviewed_on && history.log.is_free(day) {
        review(today, history, rng, tables);
    }
}

fn review(today: &Today<'_>, history: &mut History, rng: &mut ChaCha8Rng, tables: &mut Tables) {
    let visible = Visible {
        missed_in_a_row: history.lessons.missed_in_a_row,
        homework_open_in_a_row: homework::open_in_a_row(&history.homework, today.day),
        overdue_days: invoices::overdue_days(&history.invoices, today.day),
        unanswered_in_a_row: history.messages.unanswered_in_a_row,
        last_test: history.last_test,
    };
    let Some(choice) = actions::review(&visible, today.group.diligence, rng) else { return };
    let acted_at = at(today.day, 12.0);
    history.log.note(today, &choice, acted_at, &mut tables.actions);
    if let Some(channel) = choice.action.and_then(actions::Action::channel) {
        history.messages.send(today, acted_at, channel, rng, &mut tables.messages);
    }
}
