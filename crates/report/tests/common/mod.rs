//! A small academy, made up: the same people every time.

use domain::{Bands, Chance, Currency, Day, Evidence, Horizon, Locale, Money, Probability};
use report::Direction::{Lowers, Mixed, Raises};
use report::{
    Alternative, Breakdown, Candidate, Estimate, Finding, GainPoint, Importance, Model, Population, Quality,
    Recommendation, ReliabilityBin, Report, Severity, Slice, Subject, Tier, TopShare, Weight,
};

const FIRST_NAMES: [&str; 20] = [
    "Фируз",
    "Мадина",
    "Шахром",
    "Нигина",
    "Далер",
    "Зарина",
    "Исмоил",
    "Парвина",
    "Бахтиёр",
    "Сабрина",
    "Рустам",
    "Мехрона",
    "Амир",
    "Тахмина",
    "Комрон",
    "Ситора",
    "Джамшед",
    "Манижа",
    "Умед",
    "Фарзона",
];
const LAST_NAMES: [&str; 14] = [
    "Раҳимов",
    "Саидов",
    "Назаров",
    "Каримов",
    "Юсупов",
    "Шарипов",
    "Холов",
    "Мирзоев",
    "Одинаев",
    "Гафуров",
    "Абдуллоев",
    "Давлатов",
    "Раджабов",
    "Сафаров",
];
const COURSES: [&str; 6] = ["Python", "Frontend", "C#", "UI/UX-дизайн", "Data Science", "Мобильная разработка"];
const REASONS: [&str; 10] = [
    "4 пропуска подряд: 5, 7, 12 и 14 ноября",
    "не сданы 2 домашних задания подряд",
    "оплата задержана на 10 дней, долг 650 сомони",
    "посещаемость за месяц 42%, раньше было 88%",
    "отстаёт от плана курса на 18%",
    "последние два теста ниже 50 баллов, в группе обычно 74",
    "не отвечает на сообщения 9 дней",
    "опаздывает на каждое второе занятие",
    "сдаёт домашние задания в среднем на 4 дня позже срока",
    "оценки за домашние задания снизились с 86 до 61",
];

/// A report about `size` students; some 10% of them at high risk.
pub(crate) fn academy(locale: Locale, size: usize) -> Report {
    let mut random = Random(20_261_120);
    let bands = Bands::new(0.15, 0.40).expect("valid");
    let mut subjects: Vec<_> = (0..size).map(|at| subject(at, &mut random)).collect();
    subjects.sort_by(|a, b| b.probability.get().total_cmp(&a.probability.get()));
    for (rank, subject) in subjects.iter_mut().enumerate() {
        recommend(rank, subject, &mut random);
    }
    Report {
        locale,
        organisation: "Softclub Душанбе".to_owned(),
        doubts: vec![],
        notice: Some("Студенты придуманы симулятором: это пример, а не данные настоящей академии.".to_owned()),
        as_of: Day(20_777),
        horizon: Horizon { days: 30, gap_days: 0 },
        bands,
        currency: Currency::parse("TJS").expect("valid"),
        population: population(&subjects),
        subjects,
        prices: vec!["все места на «звонок ментора» заняты (15): ещё одно принесло бы 320\u{a0}сомони".to_owned()],
        over_risk: Money::from_major(1_240.0),
        row_limit: 500,
        model: Model {
            tier: Tier::Boosted,
            candidates: vec![
                Candidate { tier: Tier::Prior, log_loss: 0.2871 },
                Candidate { tier: Tier::Logistic, log_loss: 0.2313 },
                Candidate { tier: Tier::Boosted, log_loss: 0.2184 },
            ],
            rows: 38_412,
            leavers: 3_104,
            subjects: 1_812,
            cutoffs: Some((Day(19_967), Day(20_747))),
            features: 84,
        },
        quality: Some(quality()),
        importance: importance(),
        findings: findings(),
    }
}

/// What chance needs here: cheap, the same everywhere.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }
}

fn subject(at: usize, random: &mut Random) -> Subject {
    let course = random.below(COURSES.len());
    let risk = [0.9, 0.6, 1.3, 0.8, 1.5, 1.0][course];
    let probability = (0.02 + 0.9 * random.unit().powf(4.2 / risk)).min(0.97);
    let is_woman = at % 2 == 1;
    let first = FIRST_NAMES[2 * random.below(10) + usize::from(is_woman)];
    let last = LAST_NAMES[random.below(LAST_NAMES.len())];
    let start = random.below(REASONS.len());
    let reasons = 1 + usize::from(probability > 0.2) + usize::from(probability > 0.5);
    Subject {
        id: format!("S-{:05}", 10_000 + at),
        name: Some(format!("{last}{} {first}", if is_woman { "а" } else { "" })),
        group: Some(format!("{} {}", COURSES[course], 1 + random.below(4))),
        probability: Probability::clamped(probability),
        reasons: (0..reasons).map(|n| REASONS[(start + 3 * n) % REASONS.len()].to_owned()).collect(),
        action: None,
        crowded_out: None,
    }
}

/// The fifteen riskiest get a call, the next forty a message, and the contract has no place for more.
fn recommend(rank: usize, subject: &mut Subject, random: &mut Random) {
    let p = subject.probability.get();
    let value = 900.0 + 300.0 * random.unit();
    let option = |label: &str, effect: f64, cost: f64, evidence| {
        let stay = |effect: f64| Probability::clamped(1.0 - p * (1.0 - effect));
        Alternative {
            label: label.to_owned(),
            chance: Chance { mean: stay(effect), low: stay(effect - 0.16), high: stay(effect + 0.14), evidence },
            expected_value: Money::from_major(p * effect * value - cost),
        }
    };
    let call = option("Звонок ментора", 0.55, 15.0, Evidence::Cases { cases: 64, randomised: 17 });
    let message = option("Напоминание в WhatsApp", 0.24, 1.0, Evidence::Cases { cases: 12, randomised: 0 });
    let meeting = option("Встреча с администратором", 0.6, 90.0, Evidence::Prior);
    let (chosen, alternatives) = match rank {
        0..15 => (call, vec![message, meeting]),
        15..55 if p > 0.1 => {
            subject.crowded_out = Some(call.label.clone());
            (message, vec![call, meeting])
        }
        _ => {
            subject.crowded_out = (p > 0.2).then_some(message.label);
            return;
        }
    };
    subject.action = Some(Recommendation {
        label: chosen.label,
        chance: chosen.chance,
        chance_no_action: Probability::clamped(1.0 - p),
        expected_value: chosen.expected_value,
        why: "Разговор с ментором помогает, когда студент пропускает занятия, и окупается при такой оплате.".to_owned(),
        classes: "останется только благодаря этому — 41\u{a0}%, уйдёт всё равно — 20\u{a0}%".to_owned(),
        alternatives,
    });
}

fn population(subjects: &[Subject]) -> Population {
    let cut = |title: &str, label: fn(&Subject) -> String| {
        let mut slices: Vec<Slice> = Vec::new();
        for subject in subjects {
            let label = label(subject);
            match slices.iter_mut().find(|slice| slice.label == label) {
                Some(slice) => slice.scores.push(subject.probability),
                None => slices.push(Slice { label, scores: vec![subject.probability] }),
            }
        }
        Breakdown { title: title.to_owned(), slices }
    };
    let group = |subject: &Subject| subject.group.clone().unwrap_or_default();
    let course = |subject: &Subject| {
        let group = subject.group.as_deref().unwrap_or_default();
        group.rsplit_once(' ').map_or(group, |(course, _)| course).to_owned()
    };
    Population {
        scores: subjects.iter().map(|subject| subject.probability).collect(),
        money_at_stake: Money::from_major(subjects.iter().map(|s| 1_050.0 * s.probability.get()).sum()),
        breakdowns: vec![cut("Курс", course), cut("Группа", group)],
    }
}

fn around(value: f64, reach: f64) -> Estimate {
    Estimate { value, low: value - reach, high: value + reach }
}

fn quality() -> Quality {
    let gain = |called: f64| 1.0 - (1.0 - called).powf(5.2);
    let top = |share: f64, called, recall: f64| {
        let lift = recall / share;
        TopShare {
            share,
            called,
            precision: around(lift * 0.081, 0.03),
            recall: around(recall, 0.028),
            lift: around(lift, 0.4),
        }
    };
    let bins = [
        (0.012, 0.010, 4120),
        (0.031, 0.034, 2210),
        (0.055, 0.052, 1204),
        (0.092, 0.099, 760),
        (0.148, 0.139, 520),
        (0.223, 0.241, 366),
        (0.316, 0.302, 240),
        (0.433, 0.455, 160),
        (0.571, 0.548, 104),
        (0.742, 0.731, 61),
    ];
    let reliability = bins.map(|(predicted, observed, rows): (f64, f64, u64)| {
        let reach = 1.645 * (observed * (1.0 - observed) / rows as f64).sqrt();
        ReliabilityBin { predicted, observed: around(observed, reach), rows }
    });
    Quality {
        level_percent: 90,
        rows: 9_745,
        leavers: 789,
        cutoffs: Some((Day(20_523), Day(20_747))),
        auc: around(0.868, 0.014),
        pr_auc: around(0.462, 0.031),
        log_loss: around(0.2184, 0.0082),
        brier: around(0.0584, 0.0027),
        ece: Estimate { value: 0.0092, low: 0.0061, high: 0.0148 },
        base_log_loss: 0.2810,
        base_brier: 0.0744,
        top: vec![top(0.01, 4, 0.085), top(0.05, 21, 0.322), top(0.10, 41, 0.486), top(0.20, 82, 0.69)],
        gains: (0..=40)
            .map(|n| f64::from(n) / 40.0)
            .map(|c| GainPoint { called: c, found: around(gain(c), 0.12 * (1.0 - c) * c.sqrt()) })
            .collect(),
        reliability: reliability.to_vec(),
    }
}

fn importance() -> Importance {
    let family = |label: &str, weight| Weight { label: label.to_owned(), family: None, weight, direction: Mixed };
    let feature = |label: &str, family: &str, weight, direction| Weight {
        label: label.to_owned(),
        family: Some(family.to_owned()),
        weight,
        direction,
    };
    Importance {
        families: vec![
            family("Посещаемость", 0.61),
            family("Оплата", 0.34),
            family("Домашние задания", 0.30),
            family("Успеваемость", 0.17),
            family("Общение", 0.14),
            family("Срок обучения", 0.09),
            family("Профиль", 0.05),
        ],
        features: vec![
            feature("Пропусков подряд", "Посещаемость", 0.31, Raises),
            feature("Дней просрочки оплаты", "Оплата", 0.24, Raises),
            feature("Доля посещённых занятий за 30 дней", "Посещаемость", 0.19, Lowers),
            feature("Несданных заданий подряд", "Домашние задания", 0.17, Raises),
            feature("Дней без ответа на сообщения", "Общение", 0.11, Raises),
            feature("Отставание от плана курса", "Успеваемость", 0.10, Raises),
            feature("Средняя оценка за задания", "Домашние задания", 0.08, Lowers),
            feature("Дней с начала обучения", "Срок обучения", 0.07, Mixed),
            feature("Долг", "Оплата", 0.06, Raises),
            feature("Опозданий за 30 дней", "Посещаемость", 0.05, Raises),
            feature("Курс", "Профиль", 0.04, Mixed),
        ],
    }
}

fn findings() -> Vec<Finding> {
    let finding = |severity, place: &str, text: &str, advice: &str| Finding {
        severity,
        place: place.to_owned(),
        text: text.to_owned(),
        advice: advice.to_owned(),
    };
    vec![
        finding(Severity::Note, "attendance.csv", "214 записей внесены позже занятия, в среднем на 2,6 дня.", ""),
        finding(
            Severity::Warning,
            "students.csv, столбец status",
            "Столбец знает будущее: по нему исход угадывается почти всегда.",
            "Он не используется. Добавьте его в ignore, чтобы это было видно в договоре.",
        ),
        finding(
            Severity::Warning,
            "invoices.csv, строка 1204, столбец amount",
            "Ожидалось число, стоит «шестьсот».",
            "Строка пропущена: исправьте её в CRM и выгрузите снова.",
        ),
    ]
}
