# Далелҳо бо сухан. Ҳар паём порае аст, ки баъди «хавф баланд: » хонда мешавад: бо ҳарфи хурд, бе нуқта.
# Баъди шумора исм дар шакли танҳо меояд, бинобар ин шаклҳои ҷамъ лозим нестанд.

window = { $window_days ->
    [0] {""}
    [1] дар рӯзи охир{" "}
   *[other] дар { $window_days } рӯзи охир{" "}
}
days = { $value } рӯз

## Ҳозиршавӣ

missed-in-a-row = { $value ->
    [1] дарси охиринро аз даст додааст
   *[other] { $value } дарсро пайдарпай аз даст додааст
}
missed-in-window = { window }{ $value } дарсро аз даст додааст
attendance-low = { window }ба { $value } дарсҳо омадааст
attendance-falling = ҳозиршавӣ то { $value } паст шудааст
late-often = { window }{ $value } бор ба дарс дер омадааст

## Вазифаи хонагӣ

homework-open-in-a-row = { $value ->
    [1] вазифаи хонагии охиринро насупоридааст
   *[other] { $value } вазифаи хонагиро пайдарпай насупоридааст
}
homework-open = { $value } вазифаи хонагиро насупоридааст
homework-share-low = { window }{ $value } вазифаҳои хонагиро супоридааст
homework-late = вазифаҳои хонагиро ба ҳисоби миёна { days } дер месупорад
homework-score-low = баҳои миёнаи вазифаҳои хонагӣ { $value }
homework-score-falling = баҳои вазифаҳои хонагӣ то { $value } паст шудааст

## Пардохт

payment-overdue = пардохт { days } дер мондааст
payments-late = ҳисобҳоро ба ҳисоби миёна { days } дер мепардозад
with-debt = { $sentence }, қарз { $amount }

## Таҳсил

progress-behind = аз нақша { $value } хол ақиб мондааст
progress-falling = пешравӣ дар курс то { $value } суст шудааст
tests-low = натиҷаи миёнаи тестҳо { $value }
tests-falling = натиҷаи тестҳо то { $value } паст шудааст
tests-none = { window }ягон тест насупоридааст

## Тамос

messages-unanswered = { $value } паём бе ҷавоб мондааст
silent-for = { days } боз хабаре нест
contact-none = { window }ягон тамос набуд

## Ҳар ҷадвал: $label аз шартномаи маълумот меояд

activity-none-for = { $label }: { days } боз нест
activity-low = { $label }: { window }{ $value }
activity-falling = { $label }: { $value } аз сатҳи муқаррарӣ
number-high = { $label }: аз маъмул зиёд, { window }{ $value }
number-low = { $label }: аз маъмул кам, { window }{ $value }
number-falling = { $label }: то { $value } кам шудааст
number-rising = { $label }: то { $value } зиёд шудааст
count-high = { $label }: аз маъмул зиёд, { window }{ $value }
count-low = { $label }: аз маъмул кам, { window }{ $value }
none-for = { $label }: { days } боз нест
category-is = { $label }: { $text }
column-is = { $label }: { $value }
column-empty = { $label }: холӣ
nothing-stands-out = { $band ->
    [low] нишонаи ташвишовар нест
   *[other] сабаби алоҳида дида намешавад, хавф аз чизҳои хурд ҷамъ меояд
}

## Эзоҳ дар қавс

aside = { $sentence } ({ $aside })
typical = одатан { $typical }
before = пештар { $before }
dates-latest = охиринҳо: { $dates }
dates-between = аз { $first } то { $last }
months = январ феврал март апрел май июн июл август сентябр октябр ноябр декабр
