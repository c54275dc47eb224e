# Факты словами. Каждое сообщение — отрывок, который читается после «риск высокий: »: со строчной буквы, без точки.
# $value, $window_days — числа; доли, деньги, даты и подписи приходят уже записанными.

window = { $window_days ->
    [0] {""}
    [one] {" "}за { $window_days } день
    [few] {" "}за { $window_days } дня
   *[other] {" "}за { $window_days } дней
}
days = { $value ->
    [one] { $value } день
    [few] { $value } дня
    [many] { $value } дней
   *[other] { $value } дня
}

## Посещаемость

missed-in-a-row = { $value ->
    [1] пропущено последнее занятие
    [one] { $value } пропуск подряд
    [few] { $value } пропуска подряд
   *[other] { $value } пропусков подряд
}
missed-in-window = { $value ->
    [one] пропущено { $value } занятие{ window }
    [few] пропущены { $value } занятия{ window }
   *[other] пропущено { $value } занятий{ window }
}
attendance-low = посещено { $value } занятий{ window }
attendance-falling = посещаемость упала до { $value }
late-often = { $value ->
    [one] { $value } опоздание{ window }
    [few] { $value } опоздания{ window }
   *[other] { $value } опозданий{ window }
}

## Домашние задания

homework-open-in-a-row = { $value ->
    [1] не сдано последнее домашнее задание
    [one] не сдано { $value } домашнее задание подряд
    [few] не сданы { $value } домашних задания подряд
   *[other] не сдано { $value } домашних заданий подряд
}
homework-open = { $value ->
    [one] не сдано { $value } домашнее задание
    [few] не сданы { $value } домашних задания
   *[other] не сдано { $value } домашних заданий
}
homework-share-low = сдано { $value } домашних заданий{ window }
homework-late = домашние задания сдаются в среднем на { days } позже срока
homework-score-low = средний балл за домашние задания { $value }
homework-score-falling = балл за домашние задания упал до { $value }

## Оплата

payment-overdue = оплата задержана на { days }
payments-late = счета оплачиваются в среднем на { days } позже срока
with-debt = { $sentence }, долг { $amount }

## Учёба

progress-behind = { $value ->
    [one] отставание от плана на { $value } пункт
    [few] отставание от плана на { $value } пункта
    [many] отставание от плана на { $value } пунктов
   *[other] отставание от плана на { $value } пункта
}
progress-falling = продвижение по курсу замедлилось до { $value }
tests-low = средний результат тестов { $value }
tests-falling = результат тестов упал до { $value }
tests-none = ни одного теста{ window }

## Общение

messages-unanswered = { $value ->
    [one] { $value } сообщение без ответа
    [few] { $value } сообщения без ответа
   *[other] { $value } сообщений без ответа
}
silent-for = не выходит на связь { days }
contact-none = ни одного контакта{ window }

## Любые таблицы: $label приходит из договора данных

activity-none-for = { $label }: нет уже { days }
activity-low = { $label }: { $value }{ window }
activity-falling = { $label }: { $value } от обычного уровня
number-high = { $label }: необычно много, { $value }{ window }
number-low = { $label }: необычно мало, { $value }{ window }
number-falling = { $label }: снижение до { $value }
number-rising = { $label }: рост до { $value }
count-high = { $label }: необычно много, { $value }{ window }
count-low = { $label }: необычно мало, { $value }{ window }
none-for = { $label }: нет уже { days }
category-is = { $label }: { $text }
column-is = { $label }: { $value }
column-empty = { $label }: пусто
nothing-stands-out = { $band ->
    [low] тревожных признаков нет
   *[other] отдельной причины не видно, риск складывается из мелочей
}

## Пояснения в скобках

aside = { $sentence } ({ $aside })
typical = обычно { $typical }
before = раньше { $before }
dates-latest = последние: { $dates }
dates-between = с { $first } по { $last }
months = января февраля марта апреля мая июня июля августа сентября октября ноября декабря
