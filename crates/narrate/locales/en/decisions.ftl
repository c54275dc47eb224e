# The summary, the decision and why. The parts of a "why" are joined by semicolons into one sentence.

band = { $band ->
    [low] low
    [medium] medium
   *[high] high
}
summary = { $band ->
    [low] Low risk, worth noting: { $reasons }.
    [medium] Medium risk: { $reasons }.
   *[high] High risk: { $reasons }.
}
summary-nothing = { $band ->
    [low] Low risk ({ $probability }): { nothing-stands-out }.
    [medium] Medium risk ({ $probability }): { nothing-stands-out }.
   *[high] High risk ({ $probability }): { nothing-stands-out }.
}

why-family = main cause: { $family }
why-best = best is { $action }: chance to stay { $chance } (from { $low } to { $high }) instead of { $without } with no action, costs { $cost }, expected gain after cost { $worth }
why-best-left = best of what is left is { $action }: chance to stay { $chance } (from { $low } to { $high }) instead of { $without } with no action, costs { $cost }, expected gain after cost { $worth }
why-next = next comes { $action }: { $chance } and { $worth }
why-others-cost-more = other actions cost more than they bring
why-crowded = “{ $action }” would bring more ({ $worth }), but all its places are taken
why-outbid = “{ $action }” would bring more ({ $worth }), but the time or money for it is worth more with others
why-nothing-full = no places are left for the other actions either, so nothing is planned: chance to stay { $without }
why-nothing-left = the rest costs more than it brings, so it is better to do nothing: chance to stay { $without }
why-nothing-worth = better to do nothing: chance to stay is { $without } anyway, and the best of the actions, { $action }, would raise it to { $chance }, costs { $cost } and does not pay for itself
why-nothing-to-say = risk is low and there is nothing to contact them about: chance to stay { $without }
why-nothing-fits = no action fits, chance to stay { $without }

evidence-model = the model's estimate
evidence-prior = an expert's estimate, no data yet
evidence-cases = { $cases ->
    [one] from { $cases } case
   *[other] from { $cases } cases
}, { $randomised ->
    [0] none of them random
   *[other] { $randomised } of them random
}

simulated = Simulated data: an example, not a real academy.
action-nothing = do nothing
action-mentor_call = mentor call
action-whatsapp_reminder = WhatsApp reminder
action-payment_reminder = payment reminder
action-extra_support = extra support
action-meeting = meeting
family-attendance = attendance
family-homework = homework
family-payment = payment
family-progress = progress through the course
family-tests = tests
family-communication = communication
family-activity = activity
family-tenure = time enrolled
family-profile = profile
