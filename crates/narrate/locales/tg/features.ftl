# Нишонаҳое, ки модел ба онҳо менигарад: дар бораи чӣ ва маҳз чӣ. Барои рӯйхат, на барои ҷумла.

feature = { $of }: { $what }
feature-count = чанд маротиба
feature-share = ҳисса
feature-sum = ҳамагӣ
feature-mean = ба ҳисоби миёна
feature-min = хурдтарин
feature-max = калонтарин
feature-deviation = то чӣ андоза гуногун
feature-distinct = чанд хели гуногун
feature-last = охирин
feature-recency = рӯз аз бори охир
feature-streak = чанд маротиба пайдарпай
feature-gap = дарозтарин танаффус, рӯз
feature-trend = афзоиш ё камшавӣ
feature-rate-ratio = дар вақти охир нисбат ба муқаррарӣ
feature-share-done = ҳиссаи иҷрошуда
feature-open = чандто иҷро нашудааст
feature-open-streak = чандто пайдарпай иҷро нашудааст
feature-overdue-days = чанд рӯз дер мондааст
feature-debt = қарз
feature-lateness = чанд рӯз пас аз мӯҳлат
feature-progress = иҷрои нақша
feature-attribute = маълумот аз анкета
feature-lead-days = чанд рӯз пеш аз оғоз
feature-age = синну сол
feature-tenure = рӯз аз оғоз
feature-remaining = рӯз то анҷом
feature-elapsed = қисми гузашта
feature-relative = дар муқоиса бо гурӯҳ
feature-window = { $window_days ->
    [one] дар { $window_days } рӯз
   *[other] дар { $window_days } рӯз
}
group = Гурӯҳ

column-missed = дарсҳои аздастдода
column-late = дермониҳо
column-present = дарсҳои иштирокшуда
column-score = баҳо
column-max_score = баҳои баландтарин
column-planned_pct = нақша
column-done_pct = иҷрошуда
column-amount = маблағи ҳисоб
column-incoming = паёмҳои воридшуда
column-outgoing = паёмҳои фиристодашуда
column-weight = вазни вазифа
column-ahead = пешсафӣ аз нақша
column-days_late = рӯзҳо пас аз мӯҳлат
column-score_share = ҳиссаи холҳо
column-weight_earned = вазни гирифташудаи вазифаҳо
column-submitted = супоришҳо
column-came = иштирокҳо
column-sex = ҷинс
column-born_on = санаи таваллуд
column-city = шаҳр
column-source = аз куҷо омад
column-course = курс
column-group_id = гурӯҳ
column-mentor_id = ментор
column-language = забони таҳсил
column-monthly_price = нархи моҳона
column-discount_pct = тахфиф
column-enrolled_at = сабт ба курс
column-started_on = оғози таҳсил
column-planned_end_on = анҷоми нақшавӣ
