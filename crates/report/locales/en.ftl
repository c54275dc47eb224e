# Words of the report in English. Sentences about a person come from elsewhere and are shown as they are.

title = Who may leave in the next { $days }
as-of = As of { $date }
lead = Out of { $all }, { $high } are at high risk. If nothing is done, about { $leavers } will leave within { $days } (most likely { $range }), worth about { $money }.
lead-nobody = There is nobody to score on this date: no one was active.
basis = Scored by a model that learnt from the history of { $subjects } between { $first } and { $last }.
basis-prior = Scored by expert rules: there is too little history to learn from yet.
people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
of-people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
cases = { $n ->
    [one] { $n } case
   *[other] { $n } cases
}
looks = { $n ->
    [one] { $n } forecast
   *[other] { $n } forecasts
}
leaver-cases = { $n ->
    [one] { $n } case of leaving
   *[other] { $n } cases of leaving
}
features = { $n ->
    [one] { $n } feature
   *[other] { $n } features
}
range-probably = most likely { $range }

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

report = Report
to-content = Skip to content
nav-today = Today
nav-list = All at risk
nav-places = Where
nav-trust = Accuracy
nav-model = Model
nav-data = Data
nav-how = How to read
theme = Light or dark theme
print = Print

band-low = low
band-medium = medium
band-high = high
stat-high = High risk
stat-medium = Medium risk
stat-low = Low risk
band-from = from { $p }
band-below = below { $p }
stat-leavers = Expected to leave
stat-stake = At stake
stat-stake-note = sum of risk × each one’s value
stat-keep = Can be kept
actions-planned = { $n ->
    [one] { $n } action, net of its cost
   *[other] { $n } actions, net of their cost
}
over-risk = by risk alone, { $money } less

today-title = Who to reach today
today-summary = { $people }, expected gain { $money }.
today-order = Ordered by what acting is worth, not by risk: at the top are those for whom a conversation changes most.
today-others = { $n ->
    [one] Show { $n } more person
   *[other] Show { $n } more people
}
today-empty = Nobody needs a call today
today-empty-note = There is no one for whom an action would be worth its cost. Below you see whose risk is above the usual.
column-person = Who
column-risk = Risk of leaving
column-reasons = Why
column-action = What to do
column-worth = Gain
column-group = Group
column-reason = Main reason
chance-stays = stays { $chance }
without-action = if nothing is done { $chance }
chance-alt = Chance to stay: { $chance } ({ $range }), if nothing is done { $without }
why-action = Why this, and what else is possible
other-actions = Other actions
no-reasons = Nothing stands out
no-action = No action would pay
crowded-out = Would fit: { $action }. No places left today
evidence-model = The chance is the risk score itself.
evidence-prior = The chance is an expert’s estimate: there are no own results yet.
evidence-observed = The chance was updated by { $cases }; none was assigned at random, so trust it with care.
evidence-randomised = The chance was updated by { $cases }, of which assigned at random: { $randomised }.
left-out = Showing { $shown } of { $all }. The others are in the file that the score command writes.

list-title = Everyone at medium and high risk
list-empty = Nobody at medium or high risk
list-empty-note = Everyone’s probability of leaving is below the threshold. Look again after the next run.
search = Name, number, group or reason
filter-all = All
filter-group = All groups
shown = Shown:
nothing-found = Nobody matches.
sort-hint = Click a column heading to sort.

places-title = Where the risk is higher
distribution-title = How many people at which probability
distribution-note = Across: probability of leaving. Height: number of people.
distribution-alt = Bars: number of people at each probability of leaving
distribution-from = { $band } from { $p }
cut-note = The dot is the expected share of leavers, the bar is where it most likely falls.
column-share = Share
column-leavers = Will leave
column-high = High risk
leavers-of = { $leavers } of { $all }
slices-left-out = Showing { $shown } of { $all }, those with the highest share.

trust-title = Can this be trusted
verdict-good = Yes: the model tells well who will leave.
verdict-fair = Mostly yes: clearly better than guessing, with mistakes.
verdict-weak = With care: only a little better than guessing.
verdict-none = Not yet: nothing shows it to be better than guessing.
tested-forward = Tested honestly, forward in time: the model learnt from earlier dates and predicted later ones, from { $first } to { $last }. In all { $rows }, among them { $left }.
tested-folds = Tested on people whom the model had not seen. In all { $rows }, among them { $left }.
few-leavers = The test holds only { $n } cases of leaving, so every number below is rough: look at the ranges.
plain-auc = Take one who left and one who stayed at random: in { $n } cases of 100 ({ $range }) the model ranks the leaver higher. A guess gives 50.
plain-top = Reach the riskiest { $share } and among them are { $found } ({ $range }) of all who will leave. Without the model: { $share }.
plain-precision = Of every 100 of these people { $right } do leave, and { $wrong } would have stayed anyway.
plain-ece = The probability stated differs from what happened by { $points } percentage points on average ({ $range }).
plain-guess = The error is { $saved } smaller than when everyone is given the same average share, { $base }.
plain-guess-worse = Giving everyone the same average share, { $base }, would do no worse: the model adds nothing yet.
reliability-title = What was said and what came true
reliability-note = Across: probability stated. Up: share who did leave. The closer to the dashed line, the better.
reliability-alt = Reliability curve: probability stated against share who left, with ranges
reliability-ideal = exact
gains-title = How many leavers are found
gains-note = Across: how many were reached, riskiest first. Up: share of all leavers among them.
gains-alt = Gain curve: share of leavers found at each share reached, with ranges
gains-model = model
gains-chance = at random
top-title = If you reach the riskiest
column-called = Reached
column-called-count = People at a time
column-found = Of leavers, found
column-right = Do leave
column-lift = Better than random
intervals = In grey: the range that holds the number with { $level } confidence.
numbers-title = Numbers for a specialist
column-metric = Measure
column-value = Value
column-guess = Average share
column-meaning = What it is
metric-auc = How often a leaver ranks above one who stayed. 0.5 is random, 1 is always.
metric-pr-auc = Precision of the list averaged over all its lengths. At random it equals the share of leavers.
metric-log-loss = Penalty for confident mistakes in probability. Less is better.
metric-brier = Mean squared error of the probability. Less is better.
metric-ece = Mean gap between what was said and what came true. Less is better.
trust-empty = Nothing to test on yet
trust-empty-note = The data hold no finished history: no one has left, or too little time has passed. The scores are an expert’s opinion, not a measured accuracy.

model-title = What the model looks at
families-title = Themes
features-title = Features
features-note = Strongest { $shown } of { $all }. Share: how much a feature moves the score on average.
direction-raises = the more, the higher the risk
direction-lowers = the more, the lower the risk
direction-mixed = either way
model-empty = Feature weights were not computed.
tier-title = Why this model
tier-prior = Expert’s estimate
tier-logistic = Weighted sum of features
tier-boosted = Ensemble of trees
why-prior-alone = There is no history yet, so the risk is computed from weights that an expert set. Once there are cases of leaving, the model will learn from them.
why-alone = Cases of leaving in the history: { $n }. The model was taken without comparing it with others.
why-prior = There are few cases of leaving in the history: { $n }. Trained models erred more on new people than the expert’s weights, so these are used.
why-logistic = Cases of leaving in the history: { $n }. Too few for a complex model, or it added nothing; the weighted sum of features erred least on new people.
why-boosted = Cases of leaving in the history: { $n }. Enough for an ensemble of trees to err least on new people.
column-candidate = Compared
column-loss = Error on new people
chosen = chosen
model-size = Trained on { $rows } with { $features } each.

data-title = What the check of the data found
data-empty = No remarks
data-empty-note = Keys are in place, dates make sense, no column was found that knows the future.
severity-error = Error
severity-warning = Attention
severity-note = For information

how-title = How it works, and its limits
how-1 = The program looks at everyone as they were on past dates, and knows who left afterwards.
how-2 = From these examples it learns which mixes of absences, debts, marks and silence came before leaving.
how-3 = For each person today it takes only what is already known and computes the probability of leaving.
how-4 = Reasons are the facts’ parts in that probability: together they give it exactly, and rows of your tables stand behind each.
how-5 = The action is chosen by its gain: how much it raises the chance to stay, what it costs, and how many people you can reach.
how-6 = What you did and how it ended flows back, and the actions’ chances become more precise.
limits-title = What is not here
limit-1 = A probability is not a verdict: at 70%, three of ten stay by themselves.
limit-2 = A reason shows what goes with leaving, not what caused it. Ask the person.
limit-3 = What is not in the tables, such as a move, an illness or a new job, the program does not see.
limit-4 = When conditions change sharply, old history is a worse guide until there is new.

privacy = This file holds personal data. Keep it as you keep a register: do not send it to people who do not need it.
offline = The file works without the internet and sends nothing anywhere.
