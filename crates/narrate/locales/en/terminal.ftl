# What the program says in a terminal about training, scores and one subject.

term-warning = warning: { $text }
term-learned = learned from { $rows } looks at { $subjects } subjects, { $leavers } of them leavers; cutoffs { $first } to { $last }, { $features } features
term-tried = tried
term-recipe-prior = the expert's weights
term-recipe-logistic = weighted sum, ridge { $ridge }{ $extras ->
    [repeated] , values as levels
    [crossed] , values and pairs as levels
   *[none] { "" }
}
term-recipe-boosted = boosted trees, { $leaves } leaves{ $rounds ->
    [0] { "" }
   *[other] , { $rounds } rounds
}{ $extras ->
    [repeated] , values as levels
    [crossed] , values and pairs as levels
   *[none] { "" }
}
term-recipe-mean = mean of { $parts }
term-tried-more = { $count ->
    [one] and one more, none better
   *[other] and { $count } more, none of them better
}
term-fell-behind = fell behind early
term-took = took the { $tier ->
    [prior] expert's weights
    [logistic] weighted sum of features
    [boosted] boosted trees
   *[blend] mean of a weighted sum and boosted trees
}: { $why ->
    [simplest-within-one-error] the simplest of those that are about as good as the best
   *[lowest-log-loss] its error on rows that it did not see is the lowest
}
term-map = calibration by { $map ->
    [beta] a bent line (beta)
    [isotonic] steps (isotonic)
   *[line] a straight line
}
term-quality = on later rows that it did not see, with 90% intervals:
term-average-precision = average precision
term-base = saying the average to all: { $value }
term-calibration = calibration error
term-at-risk = { $subjects } at risk at the end of { $date }: { $high } high, { $medium } medium, { $low } low; about { $leavers } will leave within { $days } days if nothing is done
term-worth = worth acting on: { $count }; expected gain after costs { $worth }
term-stale = the last row is of { $last }, { $days } days before { $date }: what happened since is not seen, and silence looks like risk; export newer data, or look from { $last }
term-learned-later = the model learned from what happened until { $last }, and looks from { $date } here: it knows what came after; for a fair look back train with --as-of { $date }
term-tenure = { $count } of { $subjects } scores are for a length of stay that the model never saw (it learned from { $range }): take them with caution
term-tenure-range = { $min } to { $max } days
term-tenure-from = { $min } days or more
term-price = { $action }: all places are taken ({ $capacity }), one more would be worth { $worth }
term-explained = { $subject } at the end of { $date }: { $probability } ({ $interval }; { $band })
term-explained-flat = { $subject }: { $probability } ({ $interval }; { $band })
term-leak = column { $column } is left out: it knows the future, being filled in when the outcome is known
term-model-in = model in { $place }
term-scores-in = scores in { $place }
term-report-in = report in { $place }
term-parts = what raises the risk (+) and what lowers it (−)
term-nobody = before anything is known
term-actions = what can be done, by what it is worth
term-stays = stays
term-cost = cost
term-value = gain
term-from = from
term-chosen = chosen
term-full = all places are taken by those it is worth more for
term-no-cause = risk is low, and there is nothing to contact them about
term-does-not-fit = there is no reason for it
term-not-worth-it = costs more than it brings
term-note = note: { $text }
term-learned-flat = learned “{ $target }” from { $rows } rows, { $leavers } of them positive; { $features } columns
term-quality-flat = on rows that it did not see, with 90% intervals:
term-scored-flat = scored { $subjects } for “{ $target }”: { $high } high, { $medium } medium, { $low } low; about { $leavers } positives to expect
term-left-out = left out, { $why ->
    [empty] with nothing in them
   *[key] with another value in nearly every row
}, { $count ->
    [one] { $count } column
   *[other] { $count } columns
}: { $columns }
term-unseen = column { $column }: in { $count } rows ({ $share }) stands what the model never saw, such as { $examples }; such rows are scored as if it were of no level known; train again on newer data
term-emptied = column { $column } is empty in { $share } of the rows, and in { $before } of those that the model learned from: look at the export
term-other-scale = values of column { $column } are mostly about { $now }, and were about { $before } in the rows that the model learned from: look at the decimal sign and the unit (csv.decimal in holdfast.toml states the sign)
term-unknown-rows = rows in which nothing stands that the model knows, of { $rows }: { $count }; every column that it uses is empty there or holds a value that it never saw, so that their scores say nothing of them: look at the export
term-units = { $unit ->
    [minute] { $n ->
        [one] { $n } minute
       *[other] { $n } minutes
    }
    [hour] { $n ->
        [one] { $n } hour
       *[other] { $n } hours
    }
    [call] { $n ->
        [one] { $n } call
       *[other] { $n } calls
    }
    [message] { $n ->
        [one] { $n } message
       *[other] { $n } messages
    }
    [lesson] { $n ->
        [one] { $n } lesson
       *[other] { $n } lessons
    }
    [place] { $n ->
        [one] { $n } place
       *[other] { $n } places
    }
   *[none] { $n }
}
term-price-means = { $resource }{ $whose ->
    [none] { "" }
   *[other] { " " }({ $whose })
}: all is taken ({ $capacity }), { $step } more would be worth { $worth }
term-price-budget = the budget is used up ({ $capacity }), { $step } more would be worth { $worth }
term-by-risk = going by risk alone, the same staff and money would bring { $differs ->
    [no] as much: { $byrisk }
   *[yes] { $byrisk }, which is { $less } less
}{ $chance ->
    [yes] { "" } (both before what is left to chance)
   *[no] { "" }
}
term-bound = no other choice could bring more than { $more } beyond this
term-contact-from = quiet hours: contact nobody before { $moment }
term-classes = with “{ $action }”, chances are: stays only because of it { $persuadable }, stays anyway { $sure }, leaves anyway { $lost }, leaves because of it { $disturb }
term-scarce = its time or money is worth more elsewhere
term-opted-out = asked not to be contacted so
term-contacted-lately = contacted on { $date }, too lately
term-nobody-to-do-it = there is nobody to do it
term-lower = what goes with a lower risk, step by step
term-lower-step = { $change }: { $probability } ({ $band })
term-lower-homework = hand in the homework that was due on { $date }
term-lower-payment = pay the invoice that was due on { $date }{ $amount ->
    [none] { "" }
   *[other] , { $amount }
}
term-lower-homeworks = { $n ->
    [one] hand in { $n } homework assignment that is overdue
   *[other] hand in { $n } homework assignments that are overdue
}
term-lower-payments = { $n ->
    [one] pay { $n } invoice that is overdue
   *[other] pay { $n } invoices that are overdue
}
term-lower-attendance = { $n ->
    [1] come to the next lesson
   *[other] come to the next { $n } lessons
}
term-lower-nothing = none of what could be done at once, such as a homework, a payment or a few lessons, goes with a noticeably lower risk
term-lower-association = this is an association and no promise: students with such records left less often; that doing it keeps anyone is not proven
term-lower-tried = “{ $action }” aims at this and was tried: { $evidence }
term-lower-not-enough = even all of it together would leave the risk where it is read as { $band }

# Values of clients

term-value-seen = { $clients } clients made { $purchases } purchases from { $first } to { $until }; those of one day count as one
term-value-buying = while they are clients, they buy { $year } times a year on average, and each purchase is the last one with a chance of { $stop } (BG/NBD, weeks: { $parameters })
term-value-spending = a purchase brings { $mean } on average over clients (Gamma-Gamma: { $parameters })
term-value-checked = checked on what it had not seen: from the purchases up to { $until }, { $predicted } were predicted for the next { $days } days; there were { $actual } ({ $off }). The fifth of clients that it put first made { $top } of them
term-value-unchecked = not checked on the last third of the time: the first two thirds have too few clients who came back
term-value-total = expected in the next { $days } days: { $purchases } purchases ({ $purchases_low } to { $purchases_high } with 90%), worth { $value } ({ $value_low } to { $value_high })
term-value-once = { $count } clients ({ $share }) bought on one day only: of whether they will come back their own data say next to nothing, so what is expected of them is what came of others like them, and their range is wide
term-value-far = the horizon of { $days } days is longer than the { $seen } days of purchases: what is expected beyond them rests on the model alone
term-value-edge = the data do not tell { $names } of { $model }: it went to the edge of what is possible. Expectations hold, but do not read these parameters
term-value-unsettled = the search for the parameters of { $model } did not settle: do not rely on these values, and check the amounts and days
term-value-correlated = those who buy more often spend otherwise on each purchase (correlation { $value }), which the model takes for independent: values of the busiest may be off
term-values-in = values in { $place }
term-left-to-chance = left to chance, to learn from it: { $drawn ->
    [one] { $drawn } decision
   *[other] { $drawn } decisions
} between actions worth nearly the same, and { $held ->
    [one] { $held } person who gets
   *[other] { $held } people who get
} nothing; that is expected to cost { $cost }
term-held-out = nothing is done, by chance: a few are left alone so that it can be seen what acting brings; chance to stay { $without }
term-drawn = chance chose { $action } among actions worth nearly the same, to learn which works better: chance to stay { $chance } (from { $low } to { $high }) instead of { $without } with no action
term-kept = what acting brought, by { $cases } cases in which chance had a say ({ $controls } of them with no action): { $with } stayed with an action, { $without } would have without; a difference of { $difference } percentage points ({ $low } to { $high })
term-kept-unknown = what acting brings is not measured yet: it takes { $needed } cases with an action and { $needed } without, between which chance decided; there are { $acted } and { $controls }
