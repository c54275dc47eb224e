# Facts in words. Every message is a fragment that reads well after "high risk: ": lower case, no full stop.
# $value and $window_days are numbers; shares, money, dates and labels arrive already written.

window = { $window_days ->
    [0] {""}
    [1] {" "}on the last day
   *[other] {" "}over the last { $window_days } days
}
days = { $value ->
    [one] { $value } day
   *[other] { $value } days
}

## Attendance

missed-in-a-row = { $value ->
    [1] the last lesson missed
   *[other] { $value } lessons missed in a row
}
missed-in-window = { $value ->
    [one] { $value } lesson missed{ window }
   *[other] { $value } lessons missed{ window }
}
attendance-low = { $value } of lessons attended{ window }
attendance-falling = attendance down to { $value }
late-often = { $value ->
    [one] late for { $value } lesson{ window }
   *[other] late for { $value } lessons{ window }
}

## Homework

homework-open-in-a-row = { $value ->
    [1] the last homework not handed in
   *[other] { $value } homework assignments in a row not handed in
}
homework-open = { $value ->
    [one] { $value } homework assignment not handed in
   *[other] { $value } homework assignments not handed in
}
homework-share-low = { $value } of homework handed in{ window }
homework-late = homework handed in { days } late on average
homework-score-low = average homework score { $value }
homework-score-falling = homework score down to { $value }

## Payment

payment-overdue = payment { days } overdue
payments-late = invoices paid { days } late on average
with-debt = { $sentence }, { $amount } owed

## Learning

progress-behind = { $value ->
    [one] { $value } point behind the plan
   *[other] { $value } points behind the plan
}
progress-falling = progress through the course slowed to { $value }
tests-low = average test result { $value }
tests-falling = test result down to { $value }
tests-none = no test taken{ window }

## Communication

messages-unanswered = { $value ->
    [one] { $value } message unanswered
   *[other] { $value } messages unanswered
}
silent-for = no word for { days }
contact-none = no contact{ window }

## Any table: $label comes from the contract

activity-none-for = { $label }: none for { days }
activity-low = { $label }: { $value }{ window }
activity-falling = { $label }: { $value } of the usual level
number-high = { $label }: unusually high, { $value }{ window }
number-low = { $label }: unusually low, { $value }{ window }
number-falling = { $label }: down to { $value }
number-rising = { $label }: up to { $value }
count-high = { $label }: unusually many, { $value }{ window }
count-low = { $label }: unusually few, { $value }{ window }
none-for = { $label }: none for { days }
category-is = { $label }: { $text }
column-is = { $label } is { $value }
column-empty = { $label } is empty
nothing-stands-out = { $band ->
    [low] no warning signs
   *[other] no single cause stands out, many small ones add up
}

## Asides, in brackets

aside = { $sentence } ({ $aside })
typical = usually { $typical }
before = { $before } before
dates-latest = latest: { $dates }
dates-between = from { $first } to { $last }
months = January February March April May June July August September October November December
