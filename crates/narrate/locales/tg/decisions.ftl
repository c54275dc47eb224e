# Ҷамъбаст, қарор ва асоси он. Қисмҳои асос бо нуқтавергул дар як ҷумла пайваст мешаванд.

band = { $band ->
    [low] паст
    [medium] миёна
   *[high] баланд
}
summary = { $band ->
    [low] Хавф паст, қобили таваҷҷуҳ: { $reasons }.
    [medium] Хавф миёна: { $reasons }.
   *[high] Хавф баланд: { $reasons }.
}
summary-nothing = { $band ->
    [low] Хавф паст ({ $probability }): { nothing-stands-out }.
    [medium] Хавф миёна ({ $probability }): { nothing-stands-out }.
   *[high] Хавф баланд ({ $probability }): { nothing-stands-out }.
}

why-family = сабаби асосӣ — { $family }
why-best = беҳтарин роҳ — { $action }: эҳтимоли мондан { $chance } (аз { $low } то { $high }) ба ҷойи { $without } бе ягон амал, арзишаш { $cost }, фоидаи чашмдошта баъди хароҷот { $worth }
why-best-left = аз роҳҳои боқимонда беҳтарин — { $action }: эҳтимоли мондан { $chance } (аз { $low } то { $high }) ба ҷойи { $without } бе ягон амал, арзишаш { $cost }, фоидаи чашмдошта баъди хароҷот { $worth }
why-next = роҳи навбатӣ — { $action }: { $chance } ва { $worth }
why-others-cost-more = амалҳои дигар аз фоидаашон гаронтаранд
why-crowded = «{ $action }» бештар фоида меовард ({ $worth }), вале ҳамаи ҷойҳои он банд аст
why-outbid = «{ $action }» бештар фоида меовард ({ $worth }), вале вақт ё маблағи он ба дигарон муҳимтар аст
why-nothing-full = барои амалҳои дигар низ ҷой намонд, бинобар ин чизе ба нақша гирифта нашуд: имкони мондан { $without }
why-nothing-left = амалҳои дигар аз фоидаашон гаронтаранд, бинобар ин беҳтар аст коре накунем: эҳтимоли мондан { $without }
why-nothing-worth = беҳтар аст коре накунем: эҳтимоли мондан бе ин ҳам { $without } аст, беҳтарин амал — { $action } — онро то { $chance } мебардорад, арзишаш { $cost } ва худро намепӯшонад
why-nothing-to-say = хавф паст аст ва барои тамос сабаб нест: эҳтимоли мондан { $without }
why-nothing-fits = амали мувофиқ нест, эҳтимоли мондан { $without }

evidence-model = ҳисоби модел
evidence-prior = баҳои мутахассис, ҳоло маълумот нест
evidence-cases = аз рӯйи { $cases } ҳолат, { $randomised ->
    [0] дар байнашон тасодуфӣ нест
   *[other] { $randomised }-тоаш тасодуфӣ
}

simulated = Маълумотро симулятор сохтааст: ин мисол аст, на академияи воқеӣ.
action-nothing = коре накардан
action-mentor_call = занги ментор
action-whatsapp_reminder = ёдоварӣ дар WhatsApp
action-payment_reminder = ёдоварӣ дар бораи пардохт
action-extra_support = дастгирии иловагӣ
action-meeting = вохӯрӣ
family-attendance = ҳозиршавӣ
family-homework = вазифаҳои хонагӣ
family-payment = пардохт
family-progress = пешравӣ дар курс
family-tests = тестҳо
family-communication = тамос
family-activity = фаъолият
family-tenure = давомнокии таҳсил
family-profile = маълумоти шахсӣ
