# Он чи барнома дар терминал дар бораи омӯзиш, баҳоҳо ва як шахс мегӯяд.

term-warning = диққат: { $text }
term-learned = омӯзиш: назар ба гузашта { $rows }, шахс { $subjects }, аз онҳо рафтаанд { $leavers }; санаҳо аз { $first } то { $last }, нишонаҳо { $features }
term-tried = санҷида шуд
term-recipe-prior = вазнҳои коршинос
term-recipe-logistic = ҷамъи вазндор, ridge { $ridge }{ $extras ->
    [repeated] , қиматҳо ҳамчун сатҳ
    [crossed] , қиматҳо ва ҷуфтҳо ҳамчун сатҳ
   *[none] { "" }
}
term-recipe-boosted = дарахтҳо: баргҳо { $leaves }{ $rounds ->
    [0] { "" }
   *[other] , қадамҳо { $rounds }
}{ $extras ->
    [repeated] , қиматҳо ҳамчун сатҳ
    [crossed] , қиматҳо ва ҷуфтҳо ҳамчун сатҳ
   *[none] { "" }
}
term-recipe-mean = миёна: { $parts }
term-tried-more = ва боз { $count }, на беҳтар аз инҳо
term-fell-behind = зуд қафо монд
term-took = модели «{ $tier ->
    [prior] вазнҳои коршинос
    [logistic] ҷамъи вазндори нишонаҳо
    [boosted] маҷмӯи дарахтҳо
   *[blend] миёнаи ҷамъи вазндор ва маҷмӯи дарахтҳо
}» интихоб шуд: { $why ->
    [simplest-within-one-error] соддатарини онҳое, ки аз беҳтарин бадтар нестанд
   *[lowest-log-loss] дар маълумоте, ки надидааст, аз ҳама камтар хато мекунад
}
term-map = калибровка: { $map ->
    [beta] хати каҷ (бета)
    [isotonic] зинаҳо (изотонӣ)
   *[line] хати рост
}
term-quality = дар санаҳои дертар, ки модель надида буд, бо ҳудуди 90 %:
term-average-precision = дақиқии миёна
term-base = агар ба ҳама миёна гуфта шавад: { $value }
term-calibration = хатои калибровка
term-at-risk = дар охири { $date } баҳо дода шуд ба { $subjects }: хавфи баланд { $high }, миёна { $medium }, паст { $low }; агар коре накунем, дар { $days } рӯз тақрибан { $leavers } нафар меравад
term-worth = бояд тамос гирифт: { $count }; фоидаи интизорӣ пас аз харҷ { $worth }
term-stale = сатри охирин аз { $last } аст, { $days } рӯз пеш аз { $date }: он чи баъд шуд, дида намешавад ва хомӯшӣ ба хавф монанд аст; маълумоти навро бор кунед ё аз { $last } нигаред
term-learned-later = модел аз он чи то { $last } рӯй дод, омӯхтааст, вале аз { $date } менигарад: он чи баъд шуд, ба вай маълум аст; барои нигоҳи беғараз ба гузашта онро бо --as-of { $date } омӯзонед
term-tenure = { $count } аз { $subjects } баҳо барои муҳлати таҳсилест, ки модель надидааст (вай аз муҳлатҳои { $range } омӯхтааст): ба онҳо бо эҳтиёт нигаред
term-tenure-range = аз { $min } то { $max } рӯз
term-tenure-from = аз { $min } рӯз
term-price = { $action }: ҳамаи ҷойҳо банданд ({ $capacity }), боз як ҷой { $worth } меовард
term-explained = { $subject } дар охири { $date }: { $probability } ({ $interval }; хавфи { $band })
term-leak = сутуни { $column } истифода намешавад: вай ояндаро медонад — онро баъди маълум шудани натиҷа пур мекунанд
term-model-in = модел дар { $place }
term-scores-in = баҳоҳо дар { $place }
term-report-in = ҳисобот дар { $place }
term-parts = чӣ хавфро зиёд мекунад (+) ва чӣ кам (−)
term-nobody = то чизе маълум набошад
term-actions = чӣ кардан мумкин аст, аз рӯи фоида
term-stays = мемонад
term-cost = харҷ
term-value = фоида
term-from = аз куҷо
term-chosen = интихобшуда
term-full = ҳамаи ҷойҳоро онҳое гирифтанд, ки барояшон муҳимтар аст
term-no-cause = хавф паст аст ва барои тамос сабаб нест
term-does-not-fit = барои ин сабаб нест
term-not-worth-it = аз фоидааш бештар меистад
term-note = барои маълумот: { $text }
term-learned-flat = омӯзиш аз рӯи «{ $target }»: сатрҳо { $rows }, аз онҳо бо натиҷа { $leavers }; сутунҳо { $features }
term-quality-flat = дар сатрҳое, ки модель надида буд, бо ҳудуди 90 %:
term-scored-flat = баҳои «{ $target }» барои { $subjects }: хавфи баланд { $high }, миёна { $medium }, паст { $low }; шумораи интизории натиҷаҳо: тақрибан { $leavers }
term-left-out = сутунҳое истифода намешаванд, ки { $why ->
    [empty] дар онҳо чизе нест
   *[key] дар онҳо қариб ҳар сатр қимати худро дорад
} ({ $count }): { $columns }
term-unseen = сутуни { $column }: сатрҳо бо қиматҳое, ки модель надидааст, { $count } ({ $share }), масалан { $examples }; онҳо чунон баҳо дода мешаванд, ки гӯё қимат номаълум аст; моделро бо маълумоти нав омӯзонед
term-emptied = сутуни { $column } дар { $share } сатрҳо холист, ҳангоми омӯзиш бошад дар { $before }: боркуниро санҷед
term-unknown-rows = сатрҳое, ки дар онҳо барои модель чизи шинос нест: { $count } аз { $rows }; ҳамаи сутунҳои лозимӣ дар онҳо холианд ё қиматҳое доранд, ки модель надидааст, бинобар ин чунин баҳоҳо дар бораи онҳо чизе намегӯянд: боркуниро санҷед
term-units = { $unit ->
    [minute] { $n } дақиқа
    [hour] { $n } соат
    [call] { $n } занг
    [message] { $n } паём
    [lesson] { $n } дарс
    [place] { $n } ҷой
   *[none] { $n }
}
term-price-means = { $resource }{ $whose ->
    [none] { "" }
   *[other] { " " }({ $whose })
}: ҳамааш банд аст ({ $capacity }), боз { $step } — ин боз { $worth } фоида
term-price-budget = буҷет тамом шуд ({ $capacity }), боз { $step } — ин боз { $worth } фоида
term-by-risk = агар танҳо аз рӯи хавф интихоб кунем, ҳамин қувва ва маблағ { $differs ->
    [no] ҳамин қадар меовард: { $byrisk }
   *[yes] { $byrisk } меовард — { $less } камтар
}
term-bound = ҳеҷ интихоби дигар зиёда аз ин беш аз { $more } намеовард
term-contact-from = соатҳои ором: пеш аз { $moment } бо касе тамос нагиред
term-classes = «{ $action }», чӣ мешавад: танҳо ба шарофати он мемонад — { $persuadable }, бе он ҳам мемонад — { $sure }, ба ҳар ҳол меравад — { $lost }, маҳз аз он меравад — { $disturb }
term-scarce = вақт ва маблағ ба дигарон муҳимтар аст
term-opted-out = хоҳиш кардааст, ки ин хел тамос нагиранд
term-contacted-lately = { $date } бо ӯ тамос гирифтаанд, ин наздик буд
term-nobody-to-do-it = касе нест, ки инро кунад
term-lower = бо чӣ хавф камтар мешуд, қадам ба қадам
term-lower-step = { $change }: { $probability } ({ $band })
term-lower-homework = супоридани вазифаи хонагии мӯҳлаташ { $date }
term-lower-payment = пардохти ҳисоби мӯҳлаташ { $date }{ $amount ->
    [none] { "" }
   *[other] , { $amount }
}
term-lower-attendance = { $nth ->
    [1] омадан ба дарси навбатӣ
   *[other] омадан боз ба як дарс
}
term-lower-association = ин алоқа аст, на ваъда: донишҷӯёни дорои чунин сабтҳо камтар мерафтанд; исбот нашудааст, ки ин касеро нигоҳ медорад
term-lower-tried = «{ $action }» ба ҳамин равона шудааст ва санҷида шуд: { $evidence }
term-lower-not-enough = ҳатто ҳамаи ин якҷоя кам аст: хавф ҳамоно { $band }
term-left-to-chance = барои омӯхтан ба тасодуф гузошта шуд: { $drawn } интихоб байни амалҳои қариб баробар ва { $held } нафар, ки бо онҳо ҳеҷ кор карда намешавад; арзиши чашмдошти ин — { $cost }
term-held-out = ҳеҷ кор намекунем, тасодуф чунин қарор дод: чанд нафар бе амал мемонанд, то фоидаи амалҳо дида шавад; эҳтимоли мондан { $without }
term-drawn = тасодуф аз байни амалҳои қариб баробар { $action }-ро интихоб кард, то маълум шавад, ки кадомаш беҳтар кӯмак мекунад: эҳтимоли мондан { $chance } (аз { $low } то { $high }) ба ҷойи { $without } бе ягон амал
term-kept = фоидаи амалҳо аз рӯйи { $cases } ҳолат, ки дар онҳо тасодуф қарор дод (аз онҳо бе амал: { $controls }): бо амал { $with } монданд, бе он { $without } мемонданд; фарқ бо нуқтаи фоиз: { $difference } (аз { $low } то { $high })
term-kept-unknown = фоидаи амалҳо ҳанӯз чен нашудааст: { $needed } ҳолат бо амал ва { $needed } ҳолат бе амал лозим аст, ки байни онҳо тасодуф қарор дода бошад; ҳоло { $acted } ва { $controls } ҳолат ҳаст
