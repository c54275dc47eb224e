# Итог, решение и его обоснование. Части обоснования соединяются точкой с запятой в одно предложение.

band = { $band ->
    [low] низкий
    [medium] средний
   *[high] высокий
}
summary = { $band ->
    [low] Риск низкий, на заметку: { $reasons }.
    [medium] Риск средний: { $reasons }.
   *[high] Риск высокий: { $reasons }.
}
summary-nothing = { $band ->
    [low] Риск низкий ({ $probability }): { nothing-stands-out }.
    [medium] Риск средний ({ $probability }): { nothing-stands-out }.
   *[high] Риск высокий ({ $probability }): { nothing-stands-out }.
}

why-family = главная причина — { $family }
why-best = лучше всего { $action }: шанс остаться { $chance } (от { $low } до { $high }) вместо { $without } без действий, стоит { $cost }, ожидаемая польза сверх затрат { $worth }
why-best-left = из оставшегося лучше всего { $action }: шанс остаться { $chance } (от { $low } до { $high }) вместо { $without } без действий, стоит { $cost }, ожидаемая польза сверх затрат { $worth }
why-next = следующий вариант — { $action }: { $chance } и { $worth }
why-others-cost-more = другие действия стоят больше, чем принесут
why-crowded = больше принёс бы вариант «{ $action }» ({ $worth }), но все места на него заняты
why-outbid = больше принёс бы вариант «{ $action }» ({ $worth }), но время или деньги на него нужнее другим
why-nothing-full = на остальные действия мест тоже не осталось, поэтому ничего не запланировано: шанс остаться { $without }
why-nothing-left = остальное стоит больше, чем принесёт, поэтому лучше ничего не делать: шанс остаться { $without }
why-nothing-worth = лучше ничего не делать: шанс остаться и так { $without }, а лучшее из действий — { $action } — поднимет его до { $chance }, стоит { $cost } и своей цены не окупит
why-nothing-to-say = риск низкий, и связываться не о чем: шанс остаться { $without }
why-nothing-fits = подходящего действия нет, шанс остаться { $without }

evidence-model = расчёт модели
evidence-prior = оценка эксперта, данных пока нет
evidence-cases = { $cases ->
    [one] по { $cases } случаю
   *[other] по { $cases } случаям
}, { $randomised ->
    [0] случайно назначенных среди них нет
    [one] { $randomised } из них случайный
   *[other] { $randomised } из них случайные
}

simulated = Данные придуманы симулятором: это пример, а не настоящая академия.
action-nothing = ничего не делать
action-mentor_call = звонок ментора
action-whatsapp_reminder = напоминание в WhatsApp
action-payment_reminder = напоминание об оплате
action-extra_support = дополнительная поддержка
action-meeting = встреча
family-attendance = посещаемость
family-homework = домашние задания
family-payment = оплата
family-progress = продвижение по курсу
family-tests = тесты
family-communication = общение
family-activity = активность
family-tenure = срок обучения
family-profile = анкета
