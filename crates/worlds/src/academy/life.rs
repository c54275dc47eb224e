//! One student's time at the academy, day by day: the mechanisms in the order in which they act.

use domain::{Day, Moment};
use rand_chacha::ChaCha8Rng;

use super::World;
use super::actions::{self, Log, Visible};
use super::calendar::weekday;
use super::groups::Group;
use super::leaving::chance_to_leave;
use super::lessons::Lessons;
use super::messages::Messages;
use super::progress::Progress;
use super::rows::{Tables, at};
use super::students::{self, Student};
use super::trouble::{self, Trouble};
use super::{assessments, homework, invoices, truth};
use crate::draw::{Stream, chance, generator};

/// Days of ordinary life that pass before the course: some bring a trouble with them.
const DAYS_BEFORE: u32 = 30;

/// Lives a student's life and writes down what the academy sees of it by `end`, and the truth.
pub(super) fn live(world: &World, group: &Group, index: u32, tables: &mut Tables) {
    let mut rng = generator(world.settings.seed, Stream::Student, index);
    let student = students::draw(index, group, &mut rng);
    let end = domain::Cutoff(world.settings.end).moment();
    let mut now = Now::default();
    for _ in 0..DAYS_BEFORE {
        let season = world.calendar.season(group.started_on);
        now.trouble = trouble::step(now.trouble, &student.proneness, season, 1.0, &mut rng);
    }
    let mut truths = Vec::new();
    let mut left_on = None;
    let last = group.planned_end_on.plus(-1).min(world.settings.end.plus(truth::HORIZON_DAYS));
    for day in (group.started_on.0..=last.0).map(Day) {
        let season = world.calendar.season(day);
        let relief = actions::relief(&student.receptivity, &now.log.taken, actions::cause_index(now.trouble), day);
        let leaves = chance_to_leave(&student, group, season, day, now.trouble.severity, relief);
        if day > group.started_on && chance(&mut rng, leaves) {
            left_on = Some(day);
            break;
        }
        now.trouble = trouble::step(now.trouble, &student.proneness, season, relief, &mut rng);
        now.spend(world, group, &student, day, end, &mut rng, tables);
        if world.settings.cutoffs.binary_search(&day).is_ok() {
            truths.push(truth::observe(world, group, &student, day, now.trouble, &now.log.taken));
        }
    }
    let left_at = left_on.map_or(Moment(i64::MAX), Day::start);
    homework::write(&student, &now.homework, left_at, end, &mut tables.homework);
    invoices::write(&student, &now.invoices, end, &mut tables.invoices);
    students::write(&student, group, left_on, world.settings.end, &mut tables.students);
    truth::write(&student, &truths, left_on, &mut tables.truth);
}

/// A student's state and history on some day.
struct Now {
    trouble: Trouble,
    lessons: Lessons,
    homework: Vec<homework::Homework>,
    invoices: Vec<invoices::Invoice>,
    messages: Messages,
    progress: Progress,
    last_test: Option<f64>,
    log: Log,
}

impl Default for Now {
    fn default() -> Self {
        Self {
            trouble: Trouble::CALM,
            lessons: Lessons::default(),
            homework: Vec::new(),
            invoices: Vec::new(),
            messages: Messages::default(),
            progress: Progress::default(),
            last_test: None,
            log: Log::default(),
        }
    }
}

impl Now {
    /// One day of the student, the hidden state being what it is today.
    #[expect(clippy::too_many_arguments, reason = "a day has all of them")]
    fn spend(
        &mut self,
        world: &World,
        group: &Group,
        student: &Student,
        day: Day,
        end: Moment,
        rng: &mut ChaCha8Rng,
        tables: &mut Tables,
    ) {
        let season = world.calendar.season(day);
        let loss = self.trouble.loss();
        if season.has_lessons && group.meets_on(day) {
            let status = self.lessons.hold(student, group, day, loss, season, end, rng, &mut tables.attendance);
            let lesson_at = at(day, f64::from(group.hour));
            self.homework.push(homework::assign(student, lesson_at, status.is_missed(), loss, rng));
            if assessments::is_test(self.lessons.held) && !status.is_missed() {
                let taken = assessments::take(student, self.lessons.held, lesson_at, loss, end, rng, &mut tables.tests);
                self.last_test = Some(taken);
            }
        }
        invoices::issue(group, day, &mut self.invoices);
        invoices::pay(student, day, loss, &mut self.invoices, rng);
        self.messages.exchange(student, day, loss, end, rng, &mut tables.messages);
        if weekday(day) == 6 {
            self.progress.end_week(student, group, day, loss, end, rng, &mut tables.progress);
        }
        if weekday(day) == group.reviewed_on && self.log.is_free(day) {
            self.review(group, student, day, end, rng, tables);
        }
    }

    fn review(
        &mut self,
        group: &Group,
        student: &Student,
        day: Day,
        end: Moment,
        rng: &mut ChaCha8Rng,
        tables: &mut Tables,
    ) {
        let visible = Visible {
            missed_in_a_row: self.lessons.missed_in_a_row,
            homework_open_in_a_row: homework::open_in_a_row(&self.homework, day),
            overdue_days: invoices::overdue_days(&self.invoices, day),
            unanswered_in_a_row: self.messages.unanswered_in_a_row,
            last_test: self.last_test,
        };
        let Some(choice) = actions::review(&visible, group.diligence, rng) else { return };
        self.log.note(student, day, &choice, end, &mut tables.actions);
        if let Some(channel) = choice.action.and_then(actions::Action::channel) {
            let loss = self.trouble.loss();
            self.messages.send(student, at(day, 12.1), channel, loss, end, rng, &mut tables.messages);
        }
    }
}
