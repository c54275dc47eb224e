# Признаки, на которые смотрит модель: о чём и что именно. Для списков, а не для предложений.

feature = { $of }: { $what }
feature-count = сколько раз
feature-share = доля
feature-sum = всего
feature-mean = в среднем
feature-min = наименьшее
feature-max = наибольшее
feature-deviation = насколько по-разному
feature-distinct = сколько разных
feature-last = последнее
feature-recency = дней с последнего раза
feature-streak = сколько раз подряд
feature-gap = самый долгий перерыв, дней
feature-trend = растёт или падает
feature-rate-ratio = в последнее время против обычного
feature-share-done = доля сделанного
feature-open = сколько не сделано
feature-open-streak = сколько не сделано подряд
feature-overdue-days = на сколько дней просрочено
feature-debt = долг
feature-lateness = на сколько дней позже срока
feature-progress = выполнение плана
feature-attribute = сведение из анкеты
feature-lead-days = за сколько дней до начала
feature-age = полных лет
feature-tenure = дней с начала
feature-remaining = дней до конца
feature-elapsed = какая часть пройдена
feature-relative = по сравнению с группой
feature-window = { $window_days ->
    [one] за { $window_days } день
    [few] за { $window_days } дня
   *[other] за { $window_days } дней
}
group = Группа

column-missed = пропуски
column-late = опоздания
column-present = посещения
column-score = оценка
column-max_score = наибольшая оценка
column-planned_pct = план
column-done_pct = сделано
column-amount = сумма счёта
column-incoming = входящие
column-outgoing = исходящие
column-weight = вес задания
column-ahead = опережение плана
column-days_late = дни после срока
column-score_share = доля набранных баллов
column-weight_earned = заработанный вес заданий
column-submitted = сдачи
column-came = посещения
column-sex = пол
column-born_on = дата рождения
column-city = город
column-source = откуда пришёл
column-course = курс
column-group_id = группа
column-mentor_id = ментор
column-language = язык обучения
column-monthly_price = цена в месяц
column-discount_pct = скидка
column-enrolled_at = запись на курс
column-started_on = начало обучения
column-planned_end_on = плановый конец
