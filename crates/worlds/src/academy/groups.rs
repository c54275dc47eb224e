//! Courses, mentors, groups: who studies together, with whom, when.

use domain::Day;
use rand::Rng;

use super::Settings;
use super::calendar::{intake, weekday};
use super::rows::{Rows, group_id, mentor_id};
use crate::draw::{Stream, chance, generator, normal, pick};

/// What is taught.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) name: &'static str,
    months: i32,
    pub(super) monthly_price: f64,
    /// Log of how much more often than average its students find it too hard.
    pub(super) hardness: f64,
    /// How popular it is.
    weight: f64,
}

const COURSES: [Course; 7] = [
    Course { name: "python", months: 7, monthly_price: 900.0, hardness: 0.0, weight: 3.0 },
    Course { name: "frontend", months: 6, monthly_price: 850.0, hardness: 0.0, weight: 3.0 },
    Course { name: "java", months: 9, monthly_price: 1000.0, hardness: 0.3, weight: 1.5 },
    Course { name: "mobile", months: 7, monthly_price: 1000.0, hardness: 0.2, weight: 1.5 },
    Course { name: "data", months: 6, monthly_price: 1100.0, hardness: 0.25, weight: 1.2 },
    Course { name: "uiux", months: 4, monthly_price: 750.0, hardness: -0.3, weight: 1.5 },
    Course { name: "qa", months: 4, monthly_price: 700.0, hardness: -0.2, weight: 1.3 },
];

/// Students who begin together.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) index: u32,
    pub(super) course: &'static Course,
    pub(super) mentor: u32,
    /// How good the mentor is, a standard normal number.
    pub(super) mentor_quality: f64,
    /// The mentor's chance to act on one visible sign of trouble, per week.
    pub(super) diligence: f64,
    /// How well people fit together, a standard normal number.
    pub(super) fit: f64,
    pub(super) started_on: Day,
    /// The first day after the course.
    pub(super) planned_end_on: Day,
    lessons_on: &'static Schedule,
    /// Hour at which a lesson begins.
    pub(super) hour: i32,
    /// Day of the week on which the mentor looks at everyone.
    pub(super) reviewed_on: i32,
    pub(super) first_student: u32,
    pub(super) size: u32,
}

#[derive(Debug)]
struct Schedule {
    name: &'static str,
    weekdays: [i32; 5],
}

const SCHEDULES: [Schedule; 2] =
    [Schedule { name: "mon-fri", weekdays: [0, 1, 2, 3, 4] }, Schedule { name: "tue-sat", weekdays: [1, 2, 3, 4, 5] }];

/// Groups started so shortly before the end have nothing to show yet.
const LATEST_START_DAYS: i32 = 4;
const GROUPS_OF_A_MENTOR: u32 = 12;

/// Where each group's students begin, and how many they are.
pub(super) struct Roster {
    /// First student and size, by group.
    groups: Vec<(u32, u32)>,
    /// Cumulated intake by day of history.
    intake: Vec<f64>,
    first_day: Day,
}

impl Roster {
    /// Shares the students out among groups of 12 to 18; the last group takes what is left.
    pub(super) fn new(settings: &Settings) -> Self {
        let mut groups = Vec::new();
        let mut first = 0;
        while first < settings.students {
            let index = u32::try_from(groups.len()).unwrap_or(u32::MAX);
            let size = generator(settings.seed, Stream::Group, index).random_range(12..=18);
            let size = size.min(settings.students - first);
            groups.push((first, size));
            first += size;
        }
        let first_day = settings.first_day();
        let mut total = 0.0;
        let intake = (first_day.0..=settings.end.0 - LATEST_START_DAYS).map(|day| {
            total += intake(Day(day));
            total
        });
        Self { groups, intake: intake.collect(), first_day }
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.groups.len()).unwrap_or(u32::MAX)
    }

    /// One group; the same whatever was asked before.
    pub(super) fn group(&self, settings: &Settings, index: u32) -> Group {
        let (first_student, size) = self.groups[index as usize];
        let mut rng = generator(settings.seed, Stream::Group, index);
        // The first draw was the size.
        rng.random_range(12..=18);
        let mentor = rng.random_range(0..(self.len() / GROUPS_OF_A_MENTOR).max(3));
        let mut mentors_rng = generator(settings.seed, Stream::Mentor, mentor);
        let courses: Vec<_> = COURSES.iter().map(|course| (course, course.weight)).collect();
        let course = pick(&mut mentors_rng, &courses);
        let drawn = rng.random::<f64>() * self.intake.last().copied().unwrap_or(0.0);
        let days = self.intake.partition_point(|&total| total <= drawn);
        let started_on = self.first_day.plus(i32::try_from(days).unwrap_or(0));
        Group {
            index,
            course,
            mentor,
            mentor_quality: normal(&mut mentors_rng),
            diligence: mentors_rng.random_range(0.25..0.65),
            fit: normal(&mut rng),
            started_on,
            planned_end_on: started_on.plus(course.months * 61 / 2),
            lessons_on: &SCHEDULES[usize::from(chance(&mut rng, 0.5))],
            hour: pick(&mut rng, &[(9, 1.0), (14, 1.0), (18, 2.0)]),
            reviewed_on: rng.random_range(0..5),
            first_student,
            size,
        }
    }
}

impl Group {
    /// Whether the group meets on this day of the week.
    pub(super) fn meets_on(&self, day: Day) -> bool {
        self.lessons_on.weekdays.contains(&weekday(day))
    }

    /// Writes the group's row.
    pub(super) fn write(&self, rows: &mut Rows) {
        rows.push(format_args!(
            "{},{},{},{},{} {:02}:00",
            group_id(self.index),
            self.course.name,
            mentor_id(self.mentor),
            self.started_on,
            self.lessons_on.name,
            self.hour
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_student_has_one_group_of_a_usual_size() {
        let settings = Settings::new(1_000, 1);
        let roster = Roster::new(&settings);
        let mut next = 0;
        for index in 0..roster.len() {
            let group = roster.group(&settings, index);
            assert_eq!(group.first_student, next);
            assert!((12..=18).contains(&group.size) || index + 1 == roster.len());
            assert!(group.started_on >= settings.first_day() && group.started_on < settings.end);
            let months = (group.planned_end_on.0 - group.started_on.0) / 30;
            assert!(
                (4..=9).contains(&months)
                    && group.meets_on(group.started_on.plus(7)) == group.meets_on(group.started_on)
            );
            next += group.size;
        }
        assert_eq!(next, 1_000);
    }
}
