# Words of the analyst's page in English. What the staff's page says too is in ../en.ftl.

study-title = Study of leaving: { $source }
study-lead = { $rows } and { $columns }. { $left } leave ({ $share }); leaving is what “{ $target }” says.
study-lead-model = Of a leaver and a stayer drawn at random, the model puts the leaver higher in { $n } cases of 100 ({ $range }); a guess gets 50.
study-made = Made on { $date }
study-findings = What came out
study-cautions = What to beware of
study-more-cautions = The rest is in the model card
study-no-cautions = Nothing calls for special caution.
study-empty = This section was not computed
study-empty-note = It was skipped, or there were too few data for it. The program says why when it makes the study.
study-privacy = The file has rows with keys of customers. Do not pass it to those who do not need them.
finding-guess = The error of probabilities (log-loss) is { $saved } less than saying the same share of { $share } for everybody.
rows = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
columns = { $n ->
    [one] { $n } column
   *[other] { $n } columns
}
and-more = { $names } and { $n } more
more-names = { $n } more
more-variables = { $n ->
    [one] { $n } more variable
   *[other] { $n } more variables
}
as-table = The same in numbers
tested-on = Counted on rows that the model did not see: { $rows }, of which { $left } leave.

stat-rows = Rows
stat-subjects = { $n ->
    [one] { $n } customer
   *[other] { $n } customers
}
stat-share = Leave
stat-leaving = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
stat-auc = AUC
stat-loss = Log-loss
stat-base = one share for all: { $base }
stat-tenth = Leavers in the first tenth
stat-profit = Profit of 1000 customers
stat-best = contacting { $share }

nav-variables = Data
nav-comparison = Model
nav-importance = Importance
nav-calibration = Probabilities
nav-top = Head of the list
nav-economics = Money
nav-hardest = Errors
nav-drift = Drift
nav-card = Card

unit-log-loss = log-loss, nats a row (less is better)
unit-training-rows = rows to learn from
unit-variables = variables in the model
unit-happened = left, % of rows
unit-said = probability said, %
unit-found = leavers found, % of all leavers
unit-contacted = contacted, % of the list
unit-profit = profit of 1000 customers, { $unit }
unit-profit-of = profit of { $clients } customers, { $unit }
no-currency = units of money
band-note = The band is where the curve lies with a confidence of 95%.
column-line = On a line
column-variable = Variable
column-rows = Rows
column-leaving-rows = Of them leave

variables-title = The data: each variable alone
variables-verdict = In { $n } of { $all } variables leavers differ from stayers, and not by chance.
variables-tested = Described and tested: { $rows }, of which { $left } leave. { $tests } tests in all.
variables-tested-last = Customers repeat in the table, so that one row of each was drawn, of those who leave one from before it: { $rows }, of which { $left } leave. { $tests } tests in all.
variables-all = { $n ->
    [one] Table: { $n } variable
   *[other] Table: all { $n } variables
}
variables-search = Find a variable
variables-not-found = There is no such variable.
variables-none = The table has no variables.
variables-note = Variables with q below 0.05 come first, those that are mostly empty after the others, by the end of the interval that is nearer to no difference. Bold is a difference to rely on. Categories have no median. “Missing: left / stayed” is the share of empty values among both, beside it the q of that difference.
explain-mann-whitney = Numbers are compared by the Mann–Whitney test. Its AUC is how often a leaver's value is above a stayer's: 0.5 is alike, 1 always above, 0 always below.
explain-chi-square = Categories are compared by chi-square. Cramér's V says how much the share that leaves depends on the value: 0 not at all, 1 entirely.
explain-q = p is how often chance alone would make such a difference. q allows for the number of tests: among variables with q below 0.05 no more than 5% are false finds on average.
pictures-note = Across: the value; up: the share of the class's rows. Dots of categories: the share that left at each value, the frequent first; dashed: all rows.
pictures-order = Ordered by the difference that is sure: the end of its interval nearer to none; what is mostly empty comes last.
picture-differs = what differs: { $what }; filled: { $filled }
differs-values = values
differs-missing = being missing
differs-both = values and being missing
column-differs = What differs
variables-missing-only = In these, values do not surely differ, being missing does (left / stayed): { $names }.
left-out-title = Columns left out, or of no use
left-out-leak = They know how it ended, and are left out: { $names }
left-out-key = Nearly every row has another value, so that they are left out: { $names }
left-out-label = Other labels, never learned from: { $names }
left-out-ignored = The contract says to ignore them: { $names }
left-out-constant = One value or none, so that they say nothing: { $names }
left-out-copy = The same as another column, so that they say nothing new: { $names }
pictures-title = The strongest variables
key-stay = stayed
key-leave = left
key-doubt = 95% interval of leavers
picture-category = { $n ->
    [0] { $range } left
   *[other] { $range } left; values not shown: { $n }
}
column-kind = Type
column-picture = By class
column-effect = Size of difference
column-median-leaving = Median: left
column-median-staying = Median: stayed
column-distinct = Distinct values
column-missing = Missing
column-missing-by-class = Missing: left / stayed
column-missing-q = q of missing
column-test = Test
kind-number = number
kind-date = date
kind-category = category
flag-constant = one value
flag-key = like a key
effect-auc = AUC
effect-v = V
test-mann-whitney = Mann–Whitney
test-chi-square = chi-square
slice-up-to = up to { $high }
slice-between = above { $low }, up to { $high }
slice-above = above { $low }
slice-until = until { $last }
slice-days = after { $first }, until { $last }
slice-after = after { $first }
slice-all = all values
value-missing = missing

groups-title = Variables that say the same
groups-verdict = { $n ->
    [one] { $n } group
   *[other] { $n } groups
} of variables associated at { $threshold } or more, { $columns } variables in all.
groups-none = No variables are associated at { $threshold } or more.
groups-note = Variables of a group stand in for each other: importance is split among them, and each looks weak alone.
groups-rows = Measured on a sample: { $rows }.
groups-duplicates = Columns that are the same
groups-constants = { $n ->
    [one] { $n } column with one value or none
   *[other] { $n } columns with one value or none
}
groups-pairs = The closest pairs
column-representative = Who speaks for it
column-group-size = Variables
column-weakest = Weakest link
column-members = Others
column-other-variable = Goes with
column-strength = Association
measure-spearman = ranks (Spearman), −1 to 1
measure-cramer = Cramér's V, 0 to 1
measure-ratio = correlation ratio of ranks, 0 to 1

baselines-title = The model beside simple ways
baselines-better = The model is better than logistic regression.
baselines-same = It is not shown that the model is better than logistic regression.
baselines-worse = Logistic regression is better than the model.
baselines-note = A gain is the model's number minus that of the simple way on the same rows: above zero is good for AUC, below zero for log-loss.
baseline-rate = One share for all
baseline-variable = The best variable alone
baseline-logistic = Logistic regression
baseline-final = The model
column-gain-auc = Gain in AUC
column-gain-loss = Gain in log-loss

learning-title = Would more data help
learning-rising = More data would help: with more rows the model surely gets better.
learning-flat = More data would hardly help: rows of the same kind would add next to nothing.
learning-unclear = It is unclear whether more data would help: there are too few rows to judge by.
learning-gain = From 40 to 100% of the customers AUC changes by { $gain } ({ $range }).
learning-note = The same model was learned from part of the customers and judged on the same kept rows. The bar of a point is its 95% interval.
learning-auc-title = Order: AUC
learning-loss-title = Probabilities: log-loss
column-part = Part of customers
column-subjects = Customers

balance-title = Class weights and undersampling
balance-no-gain = Neither weights nor undersampling improved the order of the list.
balance-gain = The order of the list surely got better: { $names }.
balance-probabilities = Raw probabilities are false then: { $said } is said on average, { $happened } left.
balance-note = Leavers are few, and are often made to count as much as stayers. The model then believes that every other one leaves. Calibration mends the probabilities, but does not bring back rows thrown away.
treatment-plain = As they are
treatment-weights = Leavers weigh more
treatment-undersampling = Stayers dropped
column-treatment = What was done
column-gain-plain-auc = AUC against “as they are”
column-said-happened = Said → left
column-loss-before = Log-loss before calibration
column-loss-after = Log-loss after
column-gain-plain-loss = Log-loss against “as they are”
column-error-before-after = Calibration error, points: before → after

selection-title = How few variables would do
selection-verdict = { $n ->
    [one] { $n } variable of { $all } would do: with it log-loss is within one standard error of the best.
   *[other] { $n } variables of { $all } would do: with them log-loss is within one standard error of the best.
}
selection-all = No variables are seen to be spare: with fewer of them the model is worse than with all { $all }.
selection-note = The order of variables is from training rows only; they are judged on kept rows. The bar of a point is its 95% interval.
selection-loss-title = Probabilities: log-loss
selection-auc-title = Order: AUC
selection-mark = would do
selection-set = { $n ->
    [one] Which variable this is
   *[other] Which { $n } variables these are
}
column-variables = Variables
column-gap = Worse than the best, ± standard error

importance-title = What the model rests on
importance-half = { $n ->
    [one] { $n } variable of { $all } makes { $share } of the scores.
   *[other] { $n } variables of { $all } make { $share } of the scores.
}
importance-none = The model rests on no variable.
importance-rows = Attributed on a sample: { $attributed }; shuffled on a sample: { $shuffled }, where AUC is { $auc }.
importance-groups = Variables that go together
importance-groups-note = The weight and the loss of a whole group at once: it shows what hides behind its neighbours when alone.
explain-attribution = Weight is by how much a variable moves the score on average, in log-odds (SHAP). 0.1 changes the odds by about 10%.
explain-drop = Loss of AUC is how much worse the order gets when the variable's values are shuffled. About zero: the model would do without it.
explain-not-cause = This is association, not cause: changing the variable need not change who leaves.
column-attribution = Weight, log-odds
column-weight-share = Share of weight
column-drop = Loss of AUC

calibration-title = Can the probabilities be believed
calibration-verdict = { $said } was said on average, { $happened } left. What is said is off by { $error } percentage points ({ $range }); a faultless model would be off by { $perfect } on so many rows.
calibration-note = Points on the dashed line: the probabilities are right. A bar is the 95% interval.
calibration-measures = Measures
calibration-maps = Which corrections were tried
calibration-maps-note = A correction turns a score into a probability. A bent one is taken only if it is better than the straight one by more than its error.
slope-right = Probabilities spread as they should: slope { $slope } ({ $range }), 1 for an exact model.
slope-too-sure = The model is too sure of itself: slope { $slope } ({ $range }), 1 for an exact model.
slope-too-timid = The model is too cautious: slope { $slope } ({ $range }), 1 for an exact model.
meaning-ece = How far what is said is from what happened, on average. To the right: what chance alone would make.
measure-skill = Brier skill
meaning-skill = Which part of the error of one share for all the model takes away.
measure-slope = Slope
meaning-slope = Below 1 is too sure, above 1 too cautious.
measure-intercept = Intercept
meaning-intercept = Where 50% is said: above 0 more leave, below 0 fewer.
map-line = straight line on log-odds (Platt)
map-beta = beta
map-isotonic = steps (isotonic)
column-ideal = If exact
column-map = Correction
column-map-error = Error of the difference
column-said = Said
column-happened = Left

top-table-title = The head of the list
top-verdict = The first { $share } of the list hold { $found } ({ $foundrange }) of all leavers: { $lift } times ({ $liftrange }) as many as by chance.
top-note = “Really leave” is precision, “found” is recall, “better than chance” is lift. Grey: the 95% interval.

economics-title = What it costs and brings
economics-verdict = It pays best to contact { $share } of the list: { $profit } for 1000 customers ({ $range }). As many by chance bring { $chance }.
economics-nobody = On these assumptions there is nobody to contact: a contact costs more than it brings.
economics-placeholder = Some numbers were stated by nobody: they are placeholders. Put your own in before you count money.
economics-threshold = A contact pays from a probability to leave of { $p }.
economics-no-threshold = A contact pays at no probability.
economics-note = Profit is the value of those kept less the cost of contacts. It assumes that a contact harms nobody and works alike on all; doubt about the assumptions themselves is in the second part only.
economics-per-thousand = All for 1000 customers of the list, on rows that the model did not see. The best share was chosen on the same rows, so that its profit is slightly flattered.
economics-figure = Profit by share of the list
economics-zero = neither profit nor loss
economics-mark = best at { $share }
economics-chances-title = The same with every doubt in it
economics-chances-verdict = For { $clients } customers, contacting the best { $share } brings { $profit } on average, in nine cases of ten { $range }. The chance that it ends in a loss is { $loss }.
economics-chances-nobody = With every doubt in it, too, contacting anybody brings a loss on average.
economics-chances-note = Drawn { $draws } times: who is in the list, who of them leaves and is kept, and the assumptions within their ranges; a number without a range is taken as known. The best share was chosen on the same customers: by how much that flatters, { $flattery }, is taken off. One more point of precision is worth 0.01 × customers contacted × share kept × value of a customer kept: it grows with the number of customers.
economics-chances-figure = Profit by share of the list, with every doubt
economics-chances-band = The band holds nine draws of ten.
chance-profit = Profit at the best share
chance-loss = Chance of a loss
chance-best-share = The best share lies within
chance-break-even = A contact may cost up to
chance-precision = One more point of precision, { $clients } customers
economics-assumptions = What is assumed
assume-value = Value of a customer kept
assume-cost = Cost of a contact
assume-success = Share of leavers whom a contact keeps
assume-action = Action
stated-contract = from the contract
stated-reader = given at the start
stated-default = placeholder, replace it
contact-best = The best share
contact-threshold = All for whom a contact pays
contact-everybody = Everybody
contact-chance = As many, but by chance
column-rule = Whom to contact
column-contacted = Contacts
column-would-leave = Of them leave
column-kept = Kept
column-cost = Cost
column-profit = Profit

hardest-title = The hardest errors
hardest-note = Rows where the model was surest and wrong, and the rows of other customers that are most like them (Gower's distance over the most important variables: 0 is the same, 1 is nothing in common). Looked for among { $rows }.
hardest-missed = Left although the model was sure that they stay
hardest-missed-note = If those alike left too, the model does not see something. If they stayed, these data cannot foretell such a case.
hardest-alarms = Stayed although the model was sure that they leave
hardest-alarms-note = If those alike do leave, the model judged rightly and this customer was an exception.
hardest-none = There are no such rows.
hardest-case = { $subject }: said { $said }, { $outcome }; log-loss { $loss }
hardest-unseen = Those alike did the same: { $left } of { $all } left. So the model does not see something.
hardest-luck = Those alike did as the model said: { $left } of { $all } left. These data cannot foretell such a case.
hardest-alone = None alike were found: { $left } of { $all } left.
outcome-left = left
outcome-stayed = stayed
column-subject = Customer
column-outcome = What happened
column-distance = Distance

drift-title = Have the data changed
drift-shifted = { $n ->
    [one] { $n } variable of { $all } has shifted; the sets can be told apart with AUC { $auc }.
   *[other] { $n } variables of { $all } have shifted; the sets can be told apart with AUC { $auc }.
}
drift-lost = { $n ->
    [one] A column is gone: { $names }.
   *[other] { $n } columns are gone: { $names }.
}
drift-emptied = { $n ->
    [one] A column has become empty: { $names }.
   *[other] { $n } columns have become empty: { $names }.
}
drift-none = None of { $all } variables has shifted; the sets can be told apart with AUC { $auc }.
drift-empty = There is nothing to compare with
drift-empty-note = No second file was given, and the table has no cutoffs in time. Give the file of a new month to see here what has changed.
drift-missing = The second set lacks these columns, or has them as another type: { $names }.
drift-extra = The second set has columns that the first has not: { $names }.
drift-scores = The model's scores: PSI { $psi }.
drift-no-scores = Scores were not compared: the second set lacks columns of the model.
drift-variables = Variables, the most changed first
explain-psi = PSI is how differently a variable is distributed. By custom below 0.1 is calm, above 0.25 a shift. Beside it is what chance would make.
explain-domain = Another model tries to guess which set a row is of. AUC 0.5: it cannot tell; 1: it always can.
domain-title = Can the sets be told apart
domain-same = The sets cannot be told apart.
domain-near = The sets differ slightly.
domain-apart = The sets differ: before you rely on scores, see by what.
domain-gives-away = What gives them away
side-table = This table
side-other = The other file
side-file = File { $file }
side-earlier = Earlier cutoffs
side-later = Later cutoffs
psi-stable = calm
psi-unstable = watch
psi-shifted = shift
new-levels = { $names }: { $share } of rows
column-set = Set
column-period = Time
column-mean-score = Mean probability
column-judgement = Verdict
column-by-chance = By chance
column-medians = Median
column-new-levels = New values

card-title = Model card
card-data = Data
card-rows = { $rows }, { $subjects } customers, { $left } of them left; { $share } of rows leave
card-columns = Columns
card-kinds = { $numbers } numbers, { $categories } categories; { $missing } of cells are empty
card-period = Time
card-reach = Settled after
card-model = Model
card-size = Size
card-trees = { $n ->
    [0] columns in use: { $columns }
    [one] { $n } tree, columns in use: { $columns }
   *[other] { $n } trees, columns in use: { $columns }
}
card-map = Correction of probabilities
card-tried = Models tried
card-tested = How it was tested
card-auc = AUC
card-loss = Log-loss
card-loss-value = { $loss }; one share for all: { $base }
card-lift = Lift of the first tenth
card-seed = Seed
card-recipe = Settings
card-left-out = Left out
recipe-logistic = logistic regression, ridge { $ridge }{ $extras ->
    [values] , values as levels
    [pairs] , values and pairs as levels
   *[none] { "" }
}
recipe-boosted = boosted trees, { $leaves } leaves{ $rounds ->
    [0] { "" }
   *[other] , { $rounds } rounds
}{ $extras ->
    [values] , values as levels
    [pairs] , values and pairs as levels
   *[none] { "" }
}
recipe-mean = mean of { $parts }
card-for = What it is for
card-not-for = What it is not for
card-limits = Cautions
card-subgroups = Where the model is weaker
card-subgroups-note = Parts of the rows by values of important variables, the weakest first. Intervals of small parts are wide.
column-level = Value
model-prior = expert's weights
model-logistic = logistic regression
model-boosted = boosted trees
model-blend = boosted trees together with logistic regression
scheme-forward = forward in time: models of earlier cutoffs, judged on later ones
scheme-grouped = on other customers, whom the model did not see
use-rank = To decide whom a person looks at first.
use-expect = To expect how many will leave: the probabilities are calibrated.
use-see = To see what goes with leaving.
not-alone = To decide about a customer without a person.
not-causes = To say what would happen if a variable were changed: weight is no cause.
not-effect = To say whom a contact would keep: risk is not the effect of a contact.
not-others = For other customers, another product or another time than the data's.
not-worsen = To deny or worsen a service or to raise a price.
limit-few = Only { $n } leave: all numbers are rough, look at the intervals.
limit-weak = The order is hardly better than chance: AUC { $auc } ({ $range }).
limit-too-good = AUC { $auc } is too good: perhaps “{ $name }” knows the future. Check when this column is filled in.
limit-logistic = It is not shown that the model is better than logistic regression: difference in log-loss { $range }.
limit-one = “{ $name }” makes { $share } of the scores: if it breaks, everything does.
limit-calibration = Probabilities are off by { $error } percentage points, chance would make { $perfect }: trust the order more than the number.
limit-lost = The compared file lacks columns that the model learned from, or has them as another type: { $names }. It cannot be scored as it is.
limit-emptied = Nearly all empty in the compared rows, which they were not before: { $names }. Scores rest on what is left.
limit-missing = { $n ->
    [one] { $n } variable of { $all } is more than half empty.
   *[other] { $n } variables of { $all } are more than half empty.
}
limit-keys = Like keys, which say nothing of new rows: { $names }.
limit-no-time = The data have no time: nothing is known of how the model ages.
limit-not-forward = History is short, the model was not tested forward in time.
limit-drift = The data have changed (told apart with AUC { $auc }), most of all: { $names }.
limit-subgroup = On rows where “{ $name }” is { $level } the order is worse: AUC { $auc } against { $all } of all.
limit-more-rows = More data would help: from 40 to 100% of the customers AUC rose by { $gain } ({ $range }).

method-title = How this was measured
method-held-out = Quality is measured on rows that the model did not see: { $rows }, of which { $left } leave. The model was chosen, fitted and calibrated without them.
method-intervals = Intervals are of { $level }: customers were drawn again with replacement { $draws } times, all rows of a customer together (bootstrap, Efron, Tibshirani 1993). Shares of a few rows have Wilson's interval (1927), AUCs of variables DeLong's (1988), V that of the noncentral chi-square (Smithson 2003).
method-tests = Tests: Mann–Whitney corrected for ties (1947), Pearson's chi-square; false discoveries by Benjamini, Hochberg (1995).
method-effects = Sizes of differences: probability of superiority (Vargha, Delaney 2000) and Cramér's V corrected for bias (Bergsma 2013).
method-calibration = Calibration: ECE over ten equal bins (Naeini 2015), slope and intercept by Cox (1958).
method-importance = Weight: exact TreeSHAP (Lundberg 2020). Loss of AUC: shuffling (Breiman 2001, Fisher 2019).
method-neighbours = Alike rows: Gower's distance (1971). Model card: Mitchell (2019).
method-drift = Drift: PSI over ten bins (Siddiqi 2006) and a classifier of the sets (Lopez-Paz, Oquab 2017).
method-words = AUC and log-loss depend neither on money nor on a threshold. Log-loss uses the natural logarithm, the mean of a row.
method-seed = The seed of all draws is { $seed }: the same data give the same numbers.
