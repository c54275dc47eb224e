//! Days as a reader of each language writes them; numbers and money are written by [`domain::writing`].

use domain::Day;

/// Days, oldest first, the month said once for neighbours that share it, the year only where not all share one.
pub(crate) fn days(months: &[String], days: &[Day]) -> String {
    let dates: Vec<_> = days.iter().map(|day| day.date()).collect();
    let one_year = dates.iter().all(|date| date.year() == dates[0].year());
    let mut text = String::new();
    for (k, date) in dates.iter().enumerate() {
        if k > 0 {
            text.push_str(", ");
        }
        text.push_str(&date.day().to_string());
        let next = dates.get(k + 1);
        let same_year = next.is_some_and(|next| next.year() == date.year());
        if !(same_year && next.is_some_and(|next| next.month() == date.month())) {
            text.push(' ');
            text.push_str(&months[usize::from(date.month().unsigned_abs()) - 1]);
            if !one_year && !same_year {
                text.push_str(&format!(" {}", date.year()));
            }
        }
    }
    text
}

/// The first and the last of two days; the first without its month where they share it.
pub(crate) fn span(months: &[String], first: Day, last: Day) -> (String, String) {
    let (from, to) = (first.date(), last.date());
    if (from.year(), from.month()) == (to.year(), to.month()) {
        return (from.day().to_string(), days(months, &[last]));
    }
    let both = days(months, &[first, last]);
    match both.split_once(", ") {
        Some((first, last)) => (first.to_owned(), last.to_owned()),
        None => (both.clone(), both),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn months() -> Vec<String> {
        [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn written(list: &[(i16, i8, i8)]) -> String {
        let list: Vec<Day> = list.iter().map(|&(y, m, d)| Day::from_date(date(y, m, d))).collect();
        days(&months(), &list)
    }

    #[test]
    fn days_share_months_and_name_years_that_differ() {
        assert_eq!(written(&[(2026, 11, 5), (2026, 11, 7), (2026, 11, 14)]), "5, 7, 14 ноября");
        assert_eq!(written(&[(2026, 10, 28), (2026, 10, 30), (2026, 11, 4)]), "28, 30 октября, 4 ноября");
        assert_eq!(written(&[(2025, 12, 28), (2026, 1, 2), (2026, 1, 5)]), "28 декабря 2025, 2, 5 января 2026");
        assert_eq!(written(&[(2025, 11, 28), (2026, 11, 2)]), "28 ноября 2025, 2 ноября 2026");
        assert_eq!(written(&[]), "");
    }
}
