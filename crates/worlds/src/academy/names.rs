//! Names and telephone numbers of people who do not exist: common given names and surnames put together by chance, and
//! numbers in a range that no operator has.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::draw::chance;

const MEN: [&str; 24] = [
    "Фирдавс",
    "Фаррух",
    "Далер",
    "Шерзод",
    "Абдулло",
    "Умед",
    "Бахтиёр",
    "Рустам",
    "Сомон",
    "Парвиз",
    "Комрон",
    "Ҷамшед",
    "Манучеҳр",
    "Илҳом",
    "Сиёвуш",
    "Некрӯз",
    "Тимур",
    "Алишер",
    "Артём",
    "Даниил",
    "Максим",
    "Муҳаммад",
    "Исмоил",
    "Аҳмад",
];
const WOMEN: [&str; 20] = [
    "Мадина",
    "Зарина",
    "Шаҳноза",
    "Нигина",
    "Парвина",
    "Фарзона",
    "Ситора",
    "Меҳрангез",
    "Гулнора",
    "Сабрина",
    "Фотима",
    "Мавзуна",
    "Аниса",
    "Рухшона",
    "Дилноза",
    "Ясмина",
    "Анна",
    "София",
    "Мария",
    "Самира",
];
/// With `а` at the end for women.
const SURNAMES: [&str; 26] = [
    "Раҳимов",
    "Каримов",
    "Саидов",
    "Назаров",
    "Шарипов",
    "Юсупов",
    "Холов",
    "Мирзоев",
    "Давлатов",
    "Одинаев",
    "Қурбонов",
    "Ҳакимов",
    "Сафаров",
    "Бобоев",
    "Ятимов",
    "Гулов",
    "Наимов",
    "Зоиров",
    "Ахмедов",
    "Турсунов",
    "Исмоилов",
    "Ашуров",
    "Кузнецов",
    "Волков",
    "Орлов",
    "Ким",
];
/// The same for everyone.
const HOUSE_NAMES: [&str; 8] =
    ["Раҳимзода", "Шарифзода", "Саидзода", "Ҳасанзода", "Мирзозода", "Алиён", "Карамхудо", "Ғафурзода"];

/// Surname and given name.
pub(super) fn full_name(rng: &mut ChaCha8Rng, is_woman: bool) -> String {
    let given = if is_woman { WOMEN[rng.random_range(0..WOMEN.len())] } else { MEN[rng.random_range(0..MEN.len())] };
    if chance(rng, 0.25) {
        return format!("{} {given}", HOUSE_NAMES[rng.random_range(0..HOUSE_NAMES.len())]);
    }
    let surname = SURNAMES[rng.random_range(0..SURNAMES.len())];
    let ending = if is_woman && surname.ends_with('в') { "а" } else { "" };
    format!("{surname}{ending} {given}")
}

/// A number under the code 000, which is not given out.
pub(super) fn phone(student: u32) -> String {
    let digits = student % 10_000_000;
    format!("+992 000 {:03}-{:02}-{:02}", digits / 10_000, digits / 100 % 100, digits % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Stream, generator};

    #[test]
    fn names_agree_with_the_sex_and_phones_differ() {
        let mut rng = generator(1, Stream::Student, 0);
        for _ in 0..200 {
            let name = full_name(&mut rng, true);
            let surname = name.split(' ').next().unwrap_or_default();
            assert!(!surname.ends_with('в'), "{name}");
        }
        assert_eq!(phone(1_234_567), "+992 000 123-45-67");
        assert_ne!(phone(7), phone(8));
    }
}
