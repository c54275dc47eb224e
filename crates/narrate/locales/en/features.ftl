# Features that the model looks at: of what, and what about it. For lists, not for sentences.

feature = { $of }: { $what }
feature-count = how many
feature-share = share
feature-sum = total
feature-mean = on average
feature-min = smallest
feature-max = largest
feature-deviation = how unlike each other
feature-distinct = how many different
feature-last = latest
feature-recency = days since the last one
feature-streak = how many in a row
feature-gap = longest break, in days
feature-trend = rising or falling
feature-rate-ratio = lately against usual
feature-share-done = share done
feature-open = how many not done
feature-open-streak = how many not done in a row
feature-overdue-days = days overdue
feature-debt = debt
feature-lateness = days past the due date
feature-progress = compared with the plan
feature-attribute = on record
feature-lead-days = days before the start
feature-age = full years
feature-tenure = days since the start
feature-remaining = days until the end
feature-elapsed = part of the course behind
feature-relative = compared with the group
feature-window = { $window_days ->
    [one] in { $window_days } day
   *[other] in { $window_days } days
}
group = Group

column-missed = missed lessons
column-late = late arrivals
column-present = lessons attended
column-score = score
column-max_score = best possible score
column-planned_pct = plan
column-done_pct = done
column-amount = invoiced amount
column-incoming = messages from the student
column-outgoing = messages to the student
column-weight = weight of the assignment
column-ahead = ahead of plan
column-days_late = days past the due date
column-score_share = share of points
column-weight_earned = earned weight of assignments
column-submitted = submissions
column-came = visits
column-sex = sex
column-born_on = date of birth
column-city = city
column-source = source
column-course = course
column-group_id = group
column-mentor_id = mentor
column-language = language of study
column-monthly_price = monthly price
column-discount_pct = discount
column-enrolled_at = enrolment
column-started_on = start
column-planned_end_on = planned end
