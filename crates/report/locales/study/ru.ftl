# Words of the analyst's page in Russian. What the staff's page says too is in ../ru.ftl.

study-title = Исследование оттока: { $source }
study-lead = { $rows } и { $columns }. Уходят { $left } ({ $share }), признак ухода — «{ $target }».
study-lead-model = Из пары «ушёл и остался», взятой наугад, модель ставит ушедшего выше в { $n } случаях из 100 ({ $range }); догадка даёт 50.
study-made = Составлено { $date }
study-findings = Что получилось
study-cautions = Чего остерегаться
study-more-cautions = Остальные — в карточке модели
study-no-cautions = Оснований для особых оговорок не нашлось.
study-empty = Этот раздел не считался
study-empty-note = Его пропустили или данных для него не хватило. Причину называет программа, когда составляет исследование.
study-privacy = В файле есть строки с ключами клиентов. Не пересылайте его тем, кому они не нужны.
finding-guess = Ошибка в вероятностях (log-loss) на { $saved } меньше, чем если назвать каждому одну и ту же долю { $share }.
rows = { $n ->
    [one] { $n } строка
    [few] { $n } строки
   *[many] { $n } строк
}
columns = { $n ->
    [one] { $n } столбец
    [few] { $n } столбца
   *[many] { $n } столбцов
}
and-more = { $names } и ещё { $n }
more-names = ещё { $n }
more-variables = { $n ->
    [one] Ещё { $n } переменная
    [few] Ещё { $n } переменные
   *[many] Ещё { $n } переменных
}
as-table = То же числами
tested-on = Считано на строках, которых модель не видела: { $rows }, из них уходят { $left }.

stat-rows = Строк
stat-subjects = { $n ->
    [one] { $n } клиент
    [few] { $n } клиента
   *[many] { $n } клиентов
}
stat-share = Уходят
stat-leaving = { $n ->
    [one] { $n } строка
    [few] { $n } строки
   *[many] { $n } строк
}
stat-auc = AUC
stat-loss = Log-loss
stat-base = одна доля на всех: { $base }
stat-tenth = Уходящих в первой десятой
stat-profit = Выгода на 1000 клиентов
stat-best = если связаться с { $share }

nav-variables = Данные
nav-comparison = Модель
nav-importance = Важность
nav-calibration = Вероятности
nav-top = Верх списка
nav-economics = Деньги
nav-hardest = Ошибки
nav-drift = Сдвиг
nav-card = Карточка

unit-log-loss = log-loss, нат на строку (меньше — лучше)
unit-training-rows = строк для обучения
unit-variables = переменных в модели
unit-happened = ушли на деле, % строк
unit-said = названная вероятность, %
unit-found = найдено уходящих, % всех уходящих
unit-contacted = связались, % списка
unit-profit = выгода на 1000 клиентов, { $unit }
no-currency = денежные единицы
band-note = Полоса — граница, в которой кривая лежит с уверенностью 95 %.
column-line = На линии
column-variable = Переменная
column-rows = Строк
column-leaving-rows = Из них уходят

variables-title = Данные: каждая переменная отдельно
variables-verdict = У { $n } из { $all } переменных значения ушедших и оставшихся различаются, и это не случайность.
variables-tested = Описано и проверено: { $rows }, из них уходят { $left }. Проверок всего { $tests }.
variables-tested-last = Клиенты в таблице повторяются, поэтому от каждого взята одна случайная строка, от ушедших — из тех, что перед уходом: { $rows }, из них уходят { $left }. Проверок всего { $tests }.
variables-all = { $n ->
    [one] Таблица: { $n } переменная
    [few] Таблица: все { $n } переменные
   *[many] Таблица: все { $n } переменных
}
variables-search = Найти переменную
variables-not-found = Такой переменной нет.
variables-none = В таблице нет ни одной переменной.
variables-note = Сначала переменные с q ниже 0,05, почти пустые — после остальных, по тому краю интервала, что ближе к отсутствию различия. Жирным — различие, которому можно верить. У категорий медианы нет. «Пропуски: ушли / остались» — доля пустых значений у тех и других, рядом q этой разницы.
explain-mann-whitney = Числа сравнивает тест Манна — Уитни. Его AUC — как часто у ушедшего значение больше, чем у оставшегося: 0,5 — одинаково, 1 — всегда больше, 0 — всегда меньше.
explain-chi-square = Категории сравнивает хи-квадрат. V Крамера говорит, насколько сильно доля ушедших зависит от значения: 0 — никак, 1 — полностью.
explain-q = p — как часто такое различие вышло бы случайно. q поправлено на число проверок: среди переменных с q ниже 0,05 ложных находок в среднем не больше 5 %.
pictures-note = По горизонтали — значение, по вертикали — доля строк своего класса. У категорий точки — доля ушедших при каждом значении, от частого к редкому, пунктир — у всех.
pictures-order = Порядок — по надёжной части различия: по краю интервала, ближнему к его отсутствию; почти пустые — в конце.
picture-differs = различаются { $what }; заполнено { $filled }
differs-values = значения
differs-missing = пропуски
differs-both = значения и пропуски
column-differs = Что различается
variables-missing-only = У этих переменных надёжно различаются не значения, а только пропуски (ушли / остались): { $names }.
left-out-title = Столбцы, которые не вошли или бесполезны
left-out-leak = Знают исход наперёд и не вошли: { $names }
left-out-key = Почти в каждой строке своё значение, поэтому не вошли: { $names }
left-out-label = Другие метки, по ним модель не учится: { $names }
left-out-ignored = Договор велит не учитывать: { $names }
left-out-constant = Одно значение или ни одного, сказать им нечего: { $names }
left-out-copy = Повторяют другой столбец, нового не скажут: { $names }
pictures-title = Сильнейшие переменные
key-stay = остались
key-leave = ушли
key-doubt = граница 95 % для ушедших
picture-category = { $n ->
    [0] ушли { $range }
   *[other] ушли { $range }; не показано значений: { $n }
}
column-kind = Тип
column-picture = По классам
column-effect = Сила различия
column-median-leaving = Медиана: ушли
column-median-staying = Медиана: остались
column-distinct = Разных значений
column-missing = Пропуски
column-missing-by-class = Пропуски: ушли / остались
column-missing-q = q пропусков
column-test = Тест
kind-number = число
kind-date = дата
kind-category = категория
flag-constant = одно значение
flag-key = похоже на ключ
effect-auc = AUC
effect-v = V
test-mann-whitney = Манна — Уитни
test-chi-square = хи-квадрат
slice-up-to = до { $high } включительно
slice-between = больше { $low }, до { $high } включительно
slice-above = больше { $low }
slice-until = по { $last }
slice-days = после { $first } и по { $last }
slice-after = после { $first }
slice-all = все значения
value-missing = пусто

groups-title = Переменные, которые говорят об одном
groups-verdict = { $n ->
    [one] { $n } группа
    [few] { $n } группы
   *[many] { $n } групп
} переменных со связью от { $threshold }, всего переменных в них: { $columns }.
groups-none = Переменных со связью от { $threshold } нет.
groups-note = Внутри группы переменные заменяют друг друга: важность делится между ними, и поодиночке каждая кажется слабой.
groups-rows = Связь измерена на выборке: { $rows }.
groups-duplicates = Одинаковые столбцы
groups-constants = { $n ->
    [one] { $n } столбец с одним значением или пустой
    [few] { $n } столбца с одним значением или пустые
   *[many] { $n } столбцов с одним значением или пустые
}
groups-pairs = Самые тесные пары
column-representative = Кто за неё говорит
column-group-size = Переменных
column-weakest = Слабейшая связь
column-members = Остальные
column-other-variable = С чем связана
column-strength = Связь
measure-spearman = ранги (Спирмен), от −1 до 1
measure-cramer = V Крамера, от 0 до 1
measure-ratio = корреляционное отношение рангов, от 0 до 1

baselines-title = Модель рядом с простыми способами
baselines-better = Модель лучше логистической регрессии.
baselines-same = Не доказано, что модель лучше логистической регрессии.
baselines-worse = Логистическая регрессия лучше модели.
baselines-note = Выигрыш — число модели минус число простого способа на одних и тех же строках: у AUC хорошо выше нуля, у log-loss — ниже.
baseline-rate = Одна доля на всех
baseline-variable = Лучшая переменная одна
baseline-logistic = Логистическая регрессия
baseline-final = Модель
column-gain-auc = Выигрыш в AUC
column-gain-loss = Выигрыш в log-loss

learning-title = Помогут ли новые данные
learning-rising = Новые данные помогут: с ростом числа строк модель уверенно становится лучше.
learning-flat = Новые данные вряд ли помогут: строки того же рода почти ничего не добавят.
learning-unclear = Неясно, помогут ли новые данные: проверочных строк мало.
learning-gain = От 40 до 100 % клиентов AUC меняется на { $gain } ({ $range }).
learning-note = Та же модель обучена на части клиентов и проверена на одних и тех же отложенных строках. Отрезок у точки — граница 95 %.
learning-auc-title = Порядок: AUC
learning-loss-title = Вероятности: log-loss
column-part = Часть клиентов
column-subjects = Клиентов

balance-title = Веса классов и выбрасывание оставшихся
balance-no-gain = Ни веса, ни выбрасывание не улучшили порядок списка.
balance-gain = Порядок списка стал уверенно лучше: { $names }.
balance-probabilities = Сырые вероятности при этом ложны: названо в среднем { $said }, ушли { $happened }.
balance-note = Ушедших мало, и их часто уравнивают с оставшимися. Модель тогда думает, что уходит каждый второй. Калибровка исправляет вероятности, но не возвращает выброшенные строки.
treatment-plain = Как есть
treatment-weights = Вес ушедших больше
treatment-undersampling = Оставшиеся выброшены
column-treatment = Что сделано
column-gain-plain-auc = AUC против «как есть»
column-said-happened = Сказано → ушли
column-loss-before = Log-loss до калибровки
column-loss-after = Log-loss после
column-gain-plain-loss = Log-loss против «как есть»
column-error-before-after = Ошибка калибровки, п. п.: до → после

selection-title = Скольких переменных хватит
selection-verdict = { $n ->
    [one] Хватит { $n } переменной из { $all }: с ней log-loss в пределах одной стандартной ошибки от лучшего.
   *[many] Хватит { $n } переменных из { $all }: с ними log-loss в пределах одной стандартной ошибки от лучшего.
}
selection-all = Лишних переменных не видно: с меньшим их числом модель хуже, чем со всеми { $all }.
selection-note = Порядок переменных взят только по обучающим строкам, проверка — на отложенных. Отрезок у точки — граница 95 %.
selection-loss-title = Вероятности: log-loss
selection-auc-title = Порядок: AUC
selection-mark = хватит
selection-set = { $n ->
    [one] Какая это переменная
   *[many] Какие это { $n } переменных
}
column-variables = Переменных
column-gap = Хуже лучшего, ± стандартная ошибка

importance-title = На что опирается модель
importance-half = { $n ->
    [one] { $n } переменная из { $all } даёт { $share } вклада в оценки.
    [few] { $n } переменные из { $all } дают { $share } вклада в оценки.
   *[many] { $n } переменных из { $all } дают { $share } вклада в оценки.
}
importance-none = Модель не опирается ни на одну переменную.
importance-rows = Вклад посчитан на выборке: { $attributed }; перемешивание — на выборке: { $shuffled }, где AUC { $auc }.
importance-groups = Связанные переменные вместе
importance-groups-note = Вклад и потеря всей группы сразу: так видно то, что поодиночке прячется за соседями.
explain-attribution = Вклад — на сколько переменная в среднем сдвигает оценку, в логарифме шансов (SHAP). 0,1 меняет шансы примерно на 10 %.
explain-drop = Потеря AUC — насколько хуже порядок, если значения переменной перемешать. Около нуля — модель обошлась бы без неё.
explain-not-cause = Это связь, а не причина: если переменную изменить, отток не обязан измениться.
column-attribution = Вклад, логарифм шансов
column-weight-share = Доля вклада
column-drop = Потеря AUC

calibration-title = Можно ли верить вероятностям
calibration-verdict = Сказано в среднем { $said }, ушли { $happened }. Сказанное расходится со сбывшимся на { $error } процентного пункта ({ $range }); у безошибочной модели на стольких строках вышло бы { $perfect }.
calibration-note = Точки на пунктире — вероятности верны. Отрезок — граница 95 %.
calibration-measures = Меры
calibration-maps = Какие поправки пробовали
calibration-maps-note = Поправка переводит оценку в вероятность. Сложная берётся, только если она лучше прямой больше чем на свою ошибку.
slope-right = Размах вероятностей верный: наклон { $slope } ({ $range }), у точной модели 1.
slope-too-sure = Модель слишком уверена в себе: наклон { $slope } ({ $range }), у точной модели 1.
slope-too-timid = Модель слишком осторожна: наклон { $slope } ({ $range }), у точной модели 1.
meaning-ece = Среднее расхождение сказанного со сбывшимся. Справа — сколько вышло бы по одной случайности.
measure-skill = Выигрыш по Brier
meaning-skill = Какую часть ошибки одной доли на всех модель убирает.
measure-slope = Наклон
meaning-slope = Ниже 1 — слишком уверена, выше — слишком осторожна.
measure-intercept = Сдвиг
meaning-intercept = При сказанных 50 %: выше 0 — уходят чаще, ниже — реже.
map-line = прямая на логарифме шансов (Платт)
map-beta = бета
map-isotonic = ступени (изотоническая)
column-ideal = У точной
column-map = Поправка
column-map-error = Ошибка разницы
column-said = Сказано
column-happened = Ушли на деле

top-table-title = Верх списка
top-verdict = В первых { $share } списка — { $found } ({ $foundrange }) всех уходящих: в { $lift } раза ({ $liftrange }) больше, чем наугад.
top-note = «Уходят на деле» — точность, «нашли» — полнота, «лучше, чем наугад» — lift. Серым — граница 95 %.

economics-title = Сколько это стоит и приносит
economics-verdict = Выгоднее всего связаться с { $share } списка: { $profit } на 1000 клиентов ({ $range }). Столько же наугад: { $chance }.
economics-nobody = При таких допущениях связываться не с кем: контакт стоит дороже, чем приносит.
economics-placeholder = Часть чисел никто не называл: это заготовки. Замените их своими, прежде чем считать деньги.
economics-threshold = Контакт окупается при вероятности ухода от { $p }.
economics-no-threshold = Контакт не окупается ни при какой вероятности.
economics-note = Выгода = ценность удержанных − цена контактов. Считается, что контакт никому не вредит и на всех действует одинаково; неточность самих допущений в границы не входит.
economics-per-thousand = Всё на 1000 клиентов списка, на строках, которых модель не видела. Лучшая доля выбрана на тех же строках, поэтому её выгода чуть завышена.
economics-figure = Выгода по доле списка
economics-zero = ни выгоды, ни убытка
economics-mark = лучше всего { $share }
economics-assumptions = Что принято
assume-value = Ценность удержанного клиента
assume-cost = Цена контакта
assume-success = Доля уходящих, которых контакт удерживает
assume-action = Действие
stated-contract = из договора
stated-reader = задано при запуске
stated-default = заготовка, замените
contact-best = Лучшая доля
contact-threshold = Все, с кем контакт окупается
contact-everybody = Все
contact-chance = Столько же, но наугад
column-rule = С кем связаться
column-contacted = Контактов
column-would-leave = Из них уходят
column-kept = Удержано
column-cost = Цена
column-profit = Выгода

hardest-title = Самые трудные ошибки
hardest-note = Строки, где модель была увереннее всего и ошиблась, и самые похожие на них строки других клиентов (расстояние Гауэра по важнейшим переменным: 0 — одинаковы, 1 — ничего общего). Похожих искали среди: { $rows }.
hardest-missed = Ушли, хотя модель была уверена, что останутся
hardest-missed-note = Если и похожие ушли, модель чего-то не видит. Если остались — это случай, которого по этим данным не предсказать.
hardest-alarms = Остались, хотя модель была уверена, что уйдут
hardest-alarms-note = Если похожие и правда уходят, модель рассудила верно, а этому клиенту просто повезло.
hardest-none = Таких строк нет.
hardest-case = { $subject }: сказано { $said }, { $outcome }; log-loss { $loss }
hardest-unseen = Похожие поступили так же: ушли { $left } из { $all }. Значит, модель чего-то не видит.
hardest-luck = Похожие поступили так, как сказала модель: ушли { $left } из { $all }. По этим данным такое не предсказать.
hardest-alone = Похожих не нашлось: ушли { $left } из { $all }.
outcome-left = ушёл
outcome-stayed = остался
column-subject = Клиент
column-outcome = Что было
column-distance = Расстояние

drift-title = Изменились ли данные
drift-shifted = { $n ->
    [one] Сдвинулась { $n } переменная из { $all }; наборы различимы с AUC { $auc }.
    [few] Сдвинулись { $n } переменные из { $all }; наборы различимы с AUC { $auc }.
   *[many] Сдвинулись { $n } переменных из { $all }; наборы различимы с AUC { $auc }.
}
drift-lost = { $n ->
    [one] Пропал { $n } столбец: { $names }.
    [few] Пропали { $n } столбца: { $names }.
   *[other] Пропало { $n } столбцов: { $names }.
}
drift-emptied = { $n ->
    [one] Опустел { $n } столбец: { $names }.
    [few] Опустели { $n } столбца: { $names }.
   *[other] Опустело { $n } столбцов: { $names }.
}
drift-none = Ни одна из { $all } переменных не сдвинулась; наборы различимы с AUC { $auc }.
drift-empty = Сравнивать не с чем
drift-empty-note = Второй файл не задан, а срезов по времени в таблице нет. Дайте файл нового месяца, и здесь будет видно, что изменилось.
drift-missing = Во втором наборе нет этих столбцов или они другого типа: { $names }.
drift-extra = Во втором наборе есть лишние столбцы: { $names }.
drift-scores = Оценки модели: PSI { $psi }.
drift-no-scores = Оценки не сравнены: во втором наборе нет столбцов, нужных модели.
drift-variables = Переменные, от самых изменившихся
explain-psi = PSI — насколько иначе распределена переменная. По обычаю ниже 0,1 — спокойно, выше 0,25 — сдвиг. Рядом — сколько дала бы случайность.
explain-domain = Ещё одна модель пробует угадать, из какого набора строка. AUC 0,5 — не отличить, 1 — отличает всегда.
domain-title = Различимы ли наборы
domain-same = Наборы не отличить друг от друга.
domain-near = Наборы слегка отличаются.
domain-apart = Наборы отличаются: прежде чем верить оценкам, посмотрите, чем.
domain-gives-away = Что их выдаёт
side-table = Эта таблица
side-other = Другой файл
side-file = Файл { $file }
side-earlier = Ранние срезы
side-later = Поздние срезы
psi-stable = спокойно
psi-unstable = присмотреться
psi-shifted = сдвиг
new-levels = { $names } — { $share } строк
column-set = Набор
column-period = Время
column-mean-score = Средняя вероятность
column-judgement = Вывод
column-by-chance = По случайности
column-medians = Медиана
column-new-levels = Новые значения

card-title = Карточка модели
card-data = Данные
card-rows = { $rows }, клиентов { $subjects }, ушли { $left } из них; уходит { $share } строк
card-columns = Столбцы
card-kinds = чисел { $numbers }, категорий { $categories }; пустых ячеек { $missing }
card-period = Время
card-reach = Исход известен через
card-model = Модель
card-size = Размер
card-trees = { $n ->
    [0] столбцов в деле: { $columns }
    [one] { $n } дерево, столбцов в деле: { $columns }
    [few] { $n } дерева, столбцов в деле: { $columns }
   *[many] { $n } деревьев, столбцов в деле: { $columns }
}
card-map = Поправка вероятностей
card-tried = Испытано моделей
card-tested = Как проверено
card-auc = AUC
card-loss = Log-loss
card-loss-value = { $loss }; одна доля на всех: { $base }
card-lift = Lift в первой десятой
card-seed = Зерно случайности
card-recipe = Настройки
card-left-out = Не вошли
recipe-logistic = логистическая регрессия, штраф { $ridge }{ $extras ->
    [values] , значения как уровни
    [pairs] , значения и пары как уровни
   *[none] { "" }
}
recipe-boosted = ансамбль деревьев, листьев { $leaves }{ $rounds ->
    [0] { "" }
   *[other] , шагов { $rounds }
}{ $extras ->
    [values] , значения как уровни
    [pairs] , значения и пары как уровни
   *[none] { "" }
}
recipe-mean = среднее: { $parts }
card-for = Для чего
card-not-for = Для чего не годится
card-limits = Оговорки
card-subgroups = Где модель слабее
card-subgroups-note = Части строк по значениям важных переменных, слабейшие сверху. Для малых частей границы широки.
column-level = Значение
model-prior = оценка эксперта
model-logistic = логистическая регрессия
model-boosted = ансамбль деревьев (бустинг)
model-blend = ансамбль деревьев вместе с логистической регрессией
scheme-forward = вперёд по времени: модели ранних срезов проверены поздними
scheme-grouped = на других клиентах, которых модель не видела
use-rank = Решать, на кого человеку посмотреть первым.
use-expect = Ожидать, сколько уйдёт: вероятности откалиброваны.
use-see = Видеть, что связано с уходом.
not-alone = Решать о клиенте без человека.
not-causes = Говорить, что будет, если изменить переменную: вклад — не причина.
not-effect = Говорить, кого удержит контакт: риск — не польза от контакта.
not-others = Применять к другим клиентам, продукту или времени, чем в данных.
not-worsen = Отказывать в услуге, ухудшать её или поднимать цену.
limit-few = Ушедших всего { $n }: все числа приблизительны, смотрите на границы.
limit-weak = Порядок едва лучше случайного: AUC { $auc } ({ $range }).
limit-too-good = AUC { $auc } слишком хорош: возможно, «{ $name }» знает будущее. Проверьте, когда заполняется этот столбец.
limit-logistic = Не доказано, что модель лучше логистической регрессии: разница log-loss { $range }.
limit-one = Переменная «{ $name }» даёт { $share } вклада: если она испортится, испортится всё.
limit-calibration = Вероятности расходятся с делом на { $error } процентного пункта, случайность дала бы { $perfect }: порядку верьте больше, чем числу.
limit-lost = В сравниваемом файле нет столбцов, по которым училась модель, или они другого типа: { $names }. Оценить такой файл нельзя.
limit-emptied = В сравниваемых строках почти пусты, хотя раньше не были: { $names }. Оценки держатся на остальном.
limit-missing = { $n ->
    [one] { $n } переменная из { $all } пуста больше чем наполовину.
    [few] { $n } переменные из { $all } пусты больше чем наполовину.
   *[many] { $n } переменных из { $all } пусты больше чем наполовину.
}
limit-keys = Похоже на ключи, у новых строк такие значения ничего не скажут: { $names }.
limit-no-time = В данных нет времени: неизвестно, как модель стареет.
limit-not-forward = История коротка, вперёд по времени модель не проверена.
limit-drift = Данные изменились (различимы с AUC { $auc }), сильнее всего: { $names }.
limit-subgroup = На строках, где «{ $name }» = { $level }, порядок хуже: AUC { $auc } против { $all } у всех.
limit-more-rows = Больше данных поможет: от 40 до 100 % клиентов AUC вырос на { $gain } ({ $range }).

method-title = Как это измерено
method-held-out = Качество измерено на строках, которых модель не видела: { $rows }, из них уходят { $left }. Модель выбрана, обучена и откалибрована без них.
method-intervals = Границы — { $level }: клиенты перевыбраны с возвращением { $draws } раз, все строки клиента вместе (бутстрэп, Efron, Tibshirani 1993). У долей из немногих строк — интервал Уилсона (1927), у AUC переменных — ДеЛонга (1988), у V — по нецентральному хи-квадрату (Smithson 2003).
method-tests = Тесты: Манна — Уитни с поправкой на совпадения (1947), хи-квадрат Пирсона; доля ложных находок — Бенджамини, Хохберга (1995).
method-effects = Сила различия: вероятность превосходства (Vargha, Delaney 2000) и V Крамера с поправкой на смещение (Bergsma 2013).
method-calibration = Калибровка: ECE по десяти равным корзинам (Naeini 2015), наклон и сдвиг — Кокса (1958).
method-importance = Вклад: точный TreeSHAP (Lundberg 2020). Потеря AUC: перемешивание (Breiman 2001, Fisher 2019).
method-neighbours = Похожие строки: расстояние Гауэра (1971). Карточка модели: Mitchell (2019).
method-drift = Сдвиг: PSI по десяти корзинам (Siddiqi 2006) и классификатор наборов (Lopez-Paz, Oquab 2017).
method-words = AUC и log-loss не зависят от денег и порога. Log-loss считается натуральным логарифмом, в среднем на строку.
method-seed = Зерно всех случайных выборов — { $seed }: на тех же данных выйдут те же числа.
