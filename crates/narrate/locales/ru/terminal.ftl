# Что программа говорит в терминале об обучении, оценках и об одном человеке.

term-warning = внимание: { $text }
term-learned = обучение: взглядов в прошлое { $rows }, человек { $subjects }, из них ушли { $leavers }; даты с { $first } по { $last }, признаков { $features }
term-tried = проверено
term-recipe-prior = веса эксперта
term-recipe-logistic = взвешенная сумма, ridge { $ridge }{ $extras ->
    [repeated] , значения как уровни
    [crossed] , значения и пары как уровни
   *[none] { "" }
}
term-recipe-boosted = деревья: листьев { $leaves }{ $rounds ->
    [0] { "" }
   *[other] , шагов { $rounds }
}{ $extras ->
    [repeated] , значения как уровни
    [crossed] , значения и пары как уровни
   *[none] { "" }
}
term-recipe-mean = среднее: { $parts }
term-tried-more = и ещё { $count }, не лучше этих
term-fell-behind = отстала сразу
term-took = выбрана модель «{ $tier ->
    [prior] веса эксперта
    [logistic] взвешенная сумма признаков
    [boosted] ансамбль деревьев
   *[blend] среднее взвешенной суммы и ансамбля деревьев
}»: { $why ->
    [simplest-within-one-error] самая простая из тех, что не хуже лучшей
   *[lowest-log-loss] она меньше всех ошибается на данных, которых не видела
}
term-map = калибровка: { $map ->
    [beta] изогнутая линия (бета)
    [isotonic] ступени (изотонная)
   *[line] прямая
}
term-quality = на более поздних датах, которых модель не видела, с границами 90 %:
term-average-precision = средняя точность
term-base = если всем назвать среднее: { $value }
term-calibration = ошибка калибровки
term-at-risk = на конец { $date } в оценке { $subjects }: высокий риск { $high }, средний { $medium }, низкий { $low }; если ничего не делать, за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
} уйдут примерно { $leavers }
term-worth = стоит связаться: { $count }; ожидаемая выгода за вычетом затрат { $worth }
term-stale = последняя строка от { $last }, это на { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
} раньше { $date }: что было потом, не видно, и тишина похожа на риск; выгрузите свежие данные или смотрите на { $last }
term-learned-later = модель училась на том, что было до { $last }, а смотрит с { $date }: она знает, что случилось потом; чтобы честно взглянуть назад, обучите её с --as-of { $date }
term-tenure = { $count } из { $subjects } оценок — для срока обучения, которого модель не видела (она училась на сроках { $range }): относитесь к ним с осторожностью
term-tenure-range = от { $min } до { $max ->
    [one] { $max } дня
   *[other] { $max } дней
}
term-tenure-from = от { $min ->
    [one] { $min } дня
   *[other] { $min } дней
}
term-price = { $action }: все места заняты ({ $capacity }), ещё одно принесло бы { $worth }
term-explained = { $subject } на конец { $date }: { $probability } ({ $interval }; риск { $band })
term-leak = столбец { $column } не используется: он знает будущее — его заполняют, когда исход уже известен
term-model-in = модель в { $place }
term-scores-in = оценки в { $place }
term-report-in = отчёт в { $place }
term-parts = что повышает риск (+) и что снижает (−)
term-nobody = пока ничего не известно
term-actions = что можно сделать, по выгоде
term-stays = останется
term-cost = затраты
term-value = выгода
term-from = откуда
term-chosen = выбрано
term-full = все места заняты теми, кому это нужнее
term-no-cause = риск низкий, и связываться не о чем
term-does-not-fit = для этого нет причины
term-not-worth-it = стоит больше, чем принесёт
term-note = к сведению: { $text }
term-learned-flat = обучение на «{ $target }»: строк { $rows }, из них с исходом { $leavers }; столбцов { $features }
term-quality-flat = на строках, которых модель не видела, с границами 90 %:
term-scored-flat = оценка «{ $target }» для { $subjects }: высокий риск { $high }, средний { $medium }, низкий { $low }; ожидаемое число исходов: примерно { $leavers }
term-left-out = не используются столбцы, { $why ->
    [empty] в которых ничего нет
   *[key] в которых почти в каждой строке своё значение
} ({ $count }): { $columns }
term-unseen = столбец { $column }: строк со значениями, которых модель не видела, { $count } ({ $share }), например { $examples }; они оцениваются так, будто значение неизвестно; обучите модель на свежих данных
term-emptied = столбец { $column } пуст в { $share } строк, а при обучении — в { $before }: проверьте выгрузку
term-unknown-rows = строк, в которых нет ничего известного модели: { $count } из { $rows }; все нужные ей столбцы там пусты или содержат значения, которых она не видела, поэтому такие оценки ничего о них не говорят: проверьте выгрузку
term-units = { $unit ->
    [minute] { $n ->
        [one] { $n } минута
        [few] { $n } минуты
       *[other] { $n } минут
    }
    [hour] { $n ->
        [one] { $n } час
        [few] { $n } часа
       *[other] { $n } часов
    }
    [call] { $n ->
        [one] { $n } звонок
        [few] { $n } звонка
       *[other] { $n } звонков
    }
    [message] { $n ->
        [one] { $n } сообщение
        [few] { $n } сообщения
       *[other] { $n } сообщений
    }
    [lesson] { $n ->
        [one] { $n } занятие
        [few] { $n } занятия
       *[other] { $n } занятий
    }
    [place] { $n ->
        [one] { $n } место
        [few] { $n } места
       *[other] { $n } мест
    }
   *[none] { $n }
}
term-price-means = { $resource }{ $whose ->
    [none] { "" }
   *[other] { " " }({ $whose })
}: занято всё ({ $capacity }), ещё { $step } — это ещё { $worth } выгоды
term-price-budget = бюджет исчерпан ({ $capacity }), ещё { $step } — это ещё { $worth } выгоды
term-by-risk = если идти только по риску, те же силы и деньги принесли бы { $differs ->
    [no] столько же: { $byrisk }
   *[yes] { $byrisk } — на { $less } меньше
}
term-bound = никакой другой выбор не принёс бы сверх этого больше чем { $more }
term-contact-from = тихие часы: ни с кем не связывайтесь раньше { $moment }
term-classes = «{ $action }», что будет: останется только благодаря этому — { $persuadable }, останется и так — { $sure }, уйдёт всё равно — { $lost }, уйдёт именно из-за этого — { $disturb }
term-scarce = время и деньги нужнее другим
term-opted-out = просил так с ним не связываться
term-contacted-lately = с ним связывались { $date }, это было недавно
term-nobody-to-do-it = некому это сделать
term-lower = с чем риск был бы ниже, шаг за шагом
term-lower-step = { $change }: { $probability } ({ $band })
term-lower-homework = сдать домашнее задание со сроком { $date }
term-lower-payment = оплатить счёт со сроком { $date }{ $amount ->
    [none] { "" }
   *[other] , { $amount }
}
term-lower-attendance = { $nth ->
    [1] прийти на следующее занятие
   *[other] прийти ещё на одно занятие
}
term-lower-association = это связь, а не обещание: студенты с такими записями уходили реже; что это кого-то удержит, не доказано
term-lower-tried = «{ $action }» нацелено на это и уже испытано: { $evidence }
term-lower-not-enough = даже всего этого вместе мало: риск всё равно { $band }
term-left-to-chance = решил случай, чтобы на этом учиться: { $drawn ->
    [one] { $drawn } выбор
    [few] { $drawn } выбора
   *[other] { $drawn } выборов
} между почти равноценными действиями и { $held ->
    [one] { $held } человек
    [few] { $held } человека
   *[other] { $held } человек
}, с кем не делают ничего; ожидаемая цена этого — { $cost }
term-held-out = ничего не делаем, так решил случай: немногих оставляют без действий, чтобы увидеть, что дают действия; шанс остаться { $without }
term-drawn = случай выбрал { $action } среди почти равноценных действий, чтобы узнать, что помогает лучше: шанс остаться { $chance } (от { $low } до { $high }) вместо { $without } без действий
term-kept = что дали действия, по { $cases } случаям, где решал случай (из них без действий: { $controls }): с действием остались { $with }, без него остались бы { $without }; разница в процентных пунктах: { $difference } (от { $low } до { $high })
term-kept-unknown = что дают действия, ещё не измерено: нужно по { $needed } случаев с действием и без него, между которыми решал случай; пока есть { $acted } и { $controls }
