"""What the command line says, in both languages."""

from __future__ import annotations

from typing import Final

from service.commands.access_words import ACCESS
from service.core.numbers import Formatter

WORDS: Final[dict[str, dict[str, str]]] = {
    "mapping.none": {"ru": "Таблиц ещё не загружали.", "en": "No table has been uploaded yet."},
    "mapping.needed": {"ru": "ждёт вас", "en": "waits for you"},
    "mapping.suggested": {"ru": "прочитана, проверьте", "en": "read, check it"},
    "mapping.confirmed": {"ru": "подтверждена", "en": "confirmed"},
    "mapping.skipped": {"ru": "не нужна", "en": "not needed"},
    "mapping.known": {"ru": "известная выгрузка", "en": "known export"},
    "mapping.how": {
        "ru": "Столбцы таблицы: whobuys mapping show НОМЕР; подтвердить: whobuys mapping confirm НОМЕР.",
        "en": "A table's columns: whobuys mapping show ID; to confirm: whobuys mapping confirm ID.",
    },
    "mapping.fields": {"ru": "Поля вида {kind}: {fields}.", "en": "Fields of kind {kind}: {fields}."},
    "mapping.confirm_how": {
        "ru": 'Подтвердить: whobuys mapping confirm {signature} --kind {kind} --column ПОЛЕ="Столбец" … '
        '(aside="Столбец" — не брать).',
        "en": 'To confirm: whobuys mapping confirm {signature} --kind {kind} --column FIELD="Column" … '
        '(aside="Column" leaves one out).',
    },
    "mapping.confirmed_now": {
        "ru": "Запомнено для всех файлов с такими столбцами. Загрузите ещё раз, и они будут прочитаны: {files}",
        "en": "Kept for every file with these columns. Ingest again and they will be read: {files}",
    },
    "mapping.dropped_now": {
        "ru": "Ответ о таблице {place} забыт; при следующей загрузке она будет понята заново.",
        "en": "What was said about {place} is forgotten; its next upload is understood afresh.",
    },
    "measures.none": {"ru": "Таких групп в данных нет.", "en": "The data hold no such groups."},
    "uploads.none": {"ru": "Загрузок ещё не было.", "en": "Nothing has been uploaded yet."},
    "uploads.undone": {"ru": "отменена", "en": "undone"},
    "uploads.undone_now": {
        "ru": "Загрузка {upload} отменена. Ушло: {removed}. Вернулось прежнее: {restored}.",
        "en": "Upload {upload} is undone. Gone: {removed}. Back as before: {restored}.",
    },
    "uploads.runs_stale": {
        "ru": "Анализы, в которые она вошла, сделаны на прежних данных: выполните `whobuys analyze`.",
        "en": "Analyses that counted it are of older data: run `whobuys analyze`.",
    },
    "hook.none": {
        "ru": "Адресов для CRM нет. Создать: whobuys hook create amocrm (или bitrix24, generic).",
        "en": "There are no addresses for a CRM. To make one: whobuys hook create amocrm (or bitrix24, generic).",
    },
    "hook.closed": {"ru": "закрыт", "en": "closed"},
    "hook.made": {
        "ru": "Адрес для приёма из CRM. Показан один раз, сохраните; начало замените на адрес вашего сервера:",
        "en": "The address for your CRM. Shown once, keep it; put your server's own name at its beginning:",
    },
    "hook.secret": {"ru": "Ключ подписи: {secret}", "en": "Key of the signature: {secret}"},
    "hook.revoked": {"ru": "Адрес {hook} закрыт.", "en": "Address {hook} is closed."},
    "runs.none": {"ru": "Анализов ещё не было.", "en": "Nothing has been analysed yet."},
    "runs.pending": {"ru": "ждёт", "en": "waiting"},
    "runs.running": {"ru": "идёт", "en": "at work"},
    "runs.done": {"ru": "готов", "en": "done"},
    "runs.failed": {"ru": "остановился на ошибке", "en": "stopped by an error"},
    "runs.cancelled": {"ru": "прерван: данные изменились", "en": "broken off: the data changed"},
    "runs.stopped": {"ru": "остановлен", "en": "stopped"},
    "runs.stale": {"ru": "на прежних данных", "en": "of older data"},
    "runs.cancelled_now": {
        "ru": "Прогон {number} остановлен. Заново: `whobuys analyze`.",
        "en": "Run {number} is stopped. To begin anew: `whobuys analyze`.",
    },
    "reading": {"ru": "Читаю файлы", "en": "Reading files"},
    "stage.embedding": {"ru": "Смысл слов", "en": "Meaning of words"},
    "stage.segments": {"ru": "Сегменты", "en": "Segments"},
    "stage.economics": {"ru": "Экономика", "en": "Economics"},
    "stage.personas": {"ru": "Утверждения персон", "en": "Persona claims"},
    "stage.comparison": {"ru": "Сверка с данными", "en": "Check against data"},
    "stage.portrait": {"ru": "Уровни сегментов", "en": "Segment tiers"},
    "stage.briefs": {"ru": "Брифы", "en": "Briefs"},
    "already_done": {
        "ru": "Эти данные уже проанализированы: прогон {number}. Повторить: --force.",
        "en": "This data has been analysed already: run {number}. To repeat: --force.",
    },
    "done": {"ru": "Готово: прогон {number}.", "en": "Done: run {number}."},
    "interrupted": {
        "ru": "Прервано. `whobuys analyze` продолжит с этого места.",
        "en": "Interrupted. `whobuys analyze` goes on from here.",
    },
    "written": {"ru": "Записано: {path}", "en": "Written: {path}"},
    "key_made": {
        "ru": "Ключ роли {role} для пространства {workspace}. Показан один раз, сохраните:",
        "en": "Key with role {role} for workspace {workspace}. Shown once, keep it:",
    },
    "serving": {"ru": "Страницы: {url}  (остановить: Ctrl+C)", "en": "Pages: {url}  (stop with Ctrl+C)"},
    "working": {
        "ru": "Работник {name} ждёт заданий (остановить: Ctrl+C)",
        "en": "Worker {name} waits for jobs (stop with Ctrl+C)",
    },
    "nothing_found": {
        "ru": "Ничего не нашлось. Если анализа ещё не было: `whobuys analyze`.",
        "en": "Nothing found. If nothing was analysed yet: `whobuys analyze`.",
    },
    "reindexed": {"ru": "Индекс построен заново: {n} записей.", "en": "Index rebuilt: {n} entries."},
    "backed_up": {
        "ru": "Копия: {path}, строк {rows}. Внутри ключи рабочих пространств: храните её как базу.",
        "en": "Backup: {path}, {rows} rows. It holds the workspaces' salts: guard it like the database.",
    },
    "restored": {
        "ru": "Восстановлено строк: {rows}. Индекс: `whobuys reindex`.",
        "en": "Rows restored: {rows}. The index: `whobuys reindex`.",
    },
    "forgotten": {
        "ru": "Клиент {customer} забыт: документов {documents}, сделок {deals}, векторов {vectors}; правок "
        "в прежних итогах: {results}. Поиск его слов в базе и папке данных: найдено {left}.",
        "en": "Customer {customer} forgotten: {documents} documents, {deals} deals, {vectors} vectors; "
        "{results} earlier results corrected. Search for their words in the database and its folder: {left} found.",
    },
    "company.listed": {
        "ru": "Остаётся в текстах как есть: названия, адреса и контакты самой компании. Действует на новые файлы.",
        "en": "Stays in texts as it is: the company's own names, addresses and contacts. Holds for files to come.",
    },
    "company.empty": {
        "ru": "Список пуст. Названия, продукты, адреса и телефоны компании: `whobuys company ТЕКСТ…`.",
        "en": "The list is empty. The company's names, products, addresses and phones: `whobuys company TEXT…`.",
    },
    "forgotten_act": {
        "ru": "Акт {act} от {at}: просмотрено столбцов базы {columns}, файлов папки данных {files}, "
        "следов найдено {hits}. sha256 {sha256}. Файлы, сохранённые в других местах, отсюда не видны.",
        "en": "Act {act} of {at}: {columns} columns of the database and {files} files of the data folder searched, "
        "{hits} traces found. sha256 {sha256}. Files saved elsewhere cannot be seen from here.",
    },
    "stale": {
        "ru": "Прежние итоги посчитаны ещё с этим клиентом: выполните `whobuys analyze`.",
        "en": "Earlier results were computed with this customer: run `whobuys analyze`.",
    },
    "backups_left": {
        "ru": "Копии, сделанные раньше, ещё содержат этого клиента: удалите их "
        "или, восстановив копию, забудьте его снова.",
        "en": "Backups made earlier still hold this customer: delete them, or forget again after restoring one.",
    },
    "briefs.none": {
        "ru": "Версий брифов пока нет: их записывает анализ, whobuys analyze.",
        "en": "There are no versions of briefs yet: whobuys analyze writes them.",
    },
    "briefs.proposed": {"ru": "ждёт решения", "en": "awaits a decision"},
    "briefs.approved": {"ru": "утверждена", "en": "approved"},
    "briefs.returned": {"ru": "возвращена", "en": "sent back"},
    "briefs.now_approved": {
        "ru": "{kind}, версия {number}: утверждена. По API теперь отдаётся она, пока не утверждена более новая.",
        "en": "{kind}, version {number}: approved. The API hands it out until a newer one is approved.",
    },
    "briefs.now_returned": {
        "ru": "{kind}, версия {number}: возвращена.",
        "en": "{kind}, version {number}: sent back.",
    },
    "briefs.first": {
        "ru": "Это первая версия, сравнивать не с чем.",
        "en": "This is the first version; there is nothing to compare it with.",
    },
    "webhook.added": {
        "ru": "Вебхук {id} добавлен. Ключ подписи, больше он не покажется: {secret}",
        "en": "Webhook {id} added. The signing secret, not shown again: {secret}",
    },
    "webhook.none": {"ru": "Вебхуков нет.", "en": "There are no webhooks."},
    "webhook.removed": {"ru": "Вебхук {id} убран.", "en": "Webhook {id} removed."},
    "webhook.arrived": {"ru": "Доставлено, ответ {answer}.", "en": "Delivered, answer {answer}."},
    "other_briefs": {
        "ru": "Показан первый бриф; другие: {others}",
        "en": "This is the first brief; others: {others}",
    },
    "estimate_none": {
        "ru": "Языковая модель не настроена: всё считается без неё, цена 0. С моделью (WHOBUYS_LLM) понадобилось бы:",
        "en": "No language model is configured: everything is done without one, cost 0. With one (WHOBUYS_LLM):",
    },
    "estimate.unknown": {
        "ru": "Цена модели зависит от числа сегментов и утверждений: один раз выполните whobuys analyze без модели, "
        "это бесплатно, затем whobuys estimate.",
        "en": "What a model costs hangs on the segments and claims: run whobuys analyze once without a model, which is "
        "free, then whobuys estimate.",
    },
    "estimate.task": {
        "ru": "  {task}: запросов {calls} (готовы {kept}), токенов {tokens_in} туда и до {tokens_out} обратно",
        "en": "  {task}: {calls} calls ({kept} kept), {tokens_in} tokens sent, up to {tokens_out} answered",
    },
    "estimate.extract_claims": {"ru": "прочтение утверждений", "en": "reading claims"},
    "estimate.name_segments": {"ru": "имена сегментов", "en": "names of segments"},
    "estimate.phrase_sections": {"ru": "правка предложений", "en": "smoothing sentences"},
    "estimate.rewrite_creative": {"ru": "варианты объявлений", "en": "variants of ads"},
    "estimate.rewrite_script": {"ru": "реплики скрипта", "en": "lines of the script"},
    "estimate.total": {
        "ru": "Всего: запросов {calls} (готовы {kept}; после проверки до стольких же ещё), токенов {tokens_in} туда и "
        "до {tokens_out} обратно, цена {cost}. Предел токенов на анализ: {cap}.",
        "en": "In all: {calls} calls ({kept} kept; after the checks up to as many again), {tokens_in} tokens sent, up "
        "to {tokens_out} answered, cost {cost}. Cap of tokens per analysis: {cap}.",
    },
    "estimate.over": {
        "ru": "Это больше предела: что не поместится, останется без модели. Поднимите WHOBUYS_LLM_TOKEN_CAP.",
        "en": "That is over the cap: what does not fit stays without a model. Raise WHOBUYS_LLM_TOKEN_CAP.",
    },
    "estimate.no_price": {
        "ru": "не задана (WHOBUYS_LLM_PRICE_IN, WHOBUYS_LLM_PRICE_OUT)",
        "en": "not set (WHOBUYS_LLM_PRICE_IN, WHOBUYS_LLM_PRICE_OUT)",
    },
    "summary.bill": {
        "ru": "Языковая модель {model}: запросов {calls}, готовых ответов {kept}, без ответа {failed}, "
        "токенов {tokens}, цена {cost}",
        "en": "Language model {model}: {calls} calls, {kept} kept answers, {failed} unanswered, {tokens} tokens, "
        "cost {cost}",
    },
    "claims.kept": {
        "ru": "Принято правок: {claims} утверждений, {aliases} имён. "
        "Вердиктов изменилось: {changed}; брифы переписаны.",
        "en": "Taken: corrections of {claims} claims and {aliases} names. "
        "Verdicts changed: {changed}; briefs rewritten.",
    },
    "claims.confirmed": {"ru": "подтверждено", "en": "confirmed"},
    "claims.machine": {"ru": "прочитано машиной", "en": "machine reading"},
    "claims.log_empty": {"ru": "Карточки ещё никто не правил.", "en": "Nobody has corrected a card yet."},
    "claims.undone": {"ru": "Отменено, вердикты пересчитаны.", "en": "Undone; verdicts are worked out again."},
    "claims.undo": {"ru": "отмена", "en": "undo"},
    "claims.forgot": {"ru": "снова как прочла машина", "en": "the machine's reading again"},
    "claims.claim": {"ru": "карточка", "en": "card"},
    "claims.alias": {"ru": "имя", "en": "name"},
    "speakers.none": {
        "ru": "Во всех звонках понятно, кто клиент.",
        "en": "In every call it is clear who the customer is.",
    },
    "speakers.more": {"ru": "… и ещё звонков: {n} (все: --json)", "en": "… and {n} more calls (all: --json)"},
    "speakers.how": {
        "ru": "Кто есть кто: whobuys speakers set ЗВОНОК ГОЛОС=agent ГОЛОС=customer; "
        "строки: whobuys speakers show ЗВОНОК, затем @3-7=customer.",
        "en": "Who is who: whobuys speakers set CALL VOICE=agent VOICE=customer; "
        "lines: whobuys speakers show CALL, then @3-7=customer.",
    },
    "speakers.chosen": {"ru": "Указаны вручную ({n}): {calls}", "en": "Set by hand ({n}): {calls}"},
    "speakers.kept": {
        "ru": "Запомнено: {ref}. Учтёт следующий `whobuys analyze`; отменить: whobuys speakers undo.",
        "en": "Kept: {ref}. The next `whobuys analyze` uses it; to take it back: whobuys speakers undo.",
    },
    "speakers.taken_back": {"ru": "Отменено: {ref}.", "en": "Taken back: {ref}."},
    "speakers.confidence": {"ru": "уверенность {share}", "en": "confidence {share}"},
    "speakers.agent": {"ru": "сотрудник", "en": "agent"},
    "speakers.customer": {"ru": "клиент", "en": "customer"},
    "speakers.unknown": {"ru": "неясно", "en": "unclear"},
    "segments.none": {"ru": "Сегментов не нашлось.", "en": "No segments were found."},
    "segments.waiting": {
        "ru": "Цифры посчитаны без последних правок: пересчитает `whobuys analyze`.",
        "en": "Figures were computed without the latest edits: `whobuys analyze` computes them anew.",
    },
    "segments.no_edits": {"ru": "Правок не было.", "en": "Nothing was edited."},
    "segments.undo_with": {
        "ru": "Отменить: whobuys segments undo {edit}",
        "en": "To undo: whobuys segments undo {edit}",
    },
    "segments.run": {"ru": "Прогон {number}", "en": "Run {number}"},
    "segments.first": {"ru": "Сравнивать не с чем: более раннего нет.", "en": "Nothing earlier to compare with."},
    "segments.no_segments": {"ru": "Сегментов нет.", "en": "No segments."},
    "segments.this_machine": {"ru": "этот компьютер", "en": "this machine"},
    "segments.state.waiting": {"ru": "ждёт анализа", "en": "waits for the next analysis"},
    "segments.state.sleeping": {"ru": "не применена", "en": "asleep"},
    "segments.state.undone": {"ru": "отменена", "en": "undone"},
    "segments.reason.segment": {"ru": "такого сегмента сейчас нет", "en": "its segment is not found now"},
    "segments.reason.customer": {"ru": "такого клиента нет", "en": "its customer is not there"},
    "segments.reason.parts": {"ru": "людей осталось на одну часть", "en": "only one part has customers left"},
    "summary.title": {"ru": "Кто ваш клиент на самом деле", "en": "Who your customer really is"},
    "summary.counts": {
        "ru": "Документов {documents}, клиентов {customers}, сделок {deals}; прогон {number}",
        "en": "{documents} documents, {customers} customers, {deals} deals; run {number}",
    },
    "summary.stale": {
        "ru": "Данные с тех пор изменились: выполните `whobuys analyze`.",
        "en": "The data have changed since: run `whobuys analyze`.",
    },
    "summary.small": {
        "ru": "Клиентов слишком мало, чтобы искать сегменты; показаны общие цифры.",
        "en": "Too few customers to look for segments; figures are for everybody.",
    },
    "summary.segment": {"ru": "Сегмент", "en": "Segment"},
    "summary.tier": {"ru": "Уровень", "en": "Tier"},
    "summary.size": {"ru": "Клиентов", "en": "Customers"},
    "summary.conversion": {"ru": "Конверсия", "en": "Conversion"},
    "summary.ltv": {"ru": "LTV", "en": "LTV"},
    "summary.cac": {"ru": "CAC", "en": "CAC"},
    "summary.all": {"ru": "Все клиенты", "en": "All customers"},
    "summary.unassigned": {"ru": "Не отнесены ни к кому", "en": "Unassigned"},
    "summary.not_a_customer": {"ru": "Не клиенты", "en": "Not customers"},
    "summary.persona": {"ru": "Чья персона", "en": "Whose persona"},
    "summary.supported": {"ru": "верно", "en": "right"},
    "summary.partly": {"ru": "отчасти", "en": "partly"},
    "summary.contradicted": {"ru": "неверно", "en": "wrong"},
    "summary.no_evidence": {"ru": "нечем проверить", "en": "cannot be told"},
    "summary.sees": {"ru": "видит от выручки", "en": "sees of revenue"},
    "summary.no_persona": {"ru": "персоны нет", "en": "no persona"},
    "summary.briefs": {"ru": "Брифы", "en": "Briefs"},
    "summary.read": {
        "ru": "прочесть: whobuys brief {kind}{segment}",
        "en": "read with: whobuys brief {kind}{segment}",
    },
    "summary.pages": {"ru": "Страницы: whobuys serve → {url}", "en": "Pages: whobuys serve → {url}"},
    "customers.all": {"ru": "Клиентов: {n}", "en": "Customers: {n}"},
    "customers.size": {"ru": "документов {documents}, сделок {deals}", "en": "{documents} documents, {deals} deals"},
    "customers.line": {
        "ru": "документов {documents}, сделок {deals}, последний раз {day}",
        "en": "{documents} documents, {deals} deals, last seen {day}",
    },
    "customers.more": {"ru": "… и ещё {n}; все: --json", "en": "… and {n} more; all of them: --json"},
    "customers.why": {"ru": "Почему это один клиент:", "en": "Why this is one customer:"},
    "customers.log_empty": {
        "ru": "Журнал пуст: всех клиентов связали одинаковые телефоны, почты и номера.",
        "en": "The log is empty: every customer was joined by equal phones, e-mails and ids.",
    },
    "customers.merge": {"ru": "объединены человеком", "en": "joined by a person"},
    "customers.split": {"ru": "разделены человеком", "en": "parted by a person"},
    "customers.state.undone": {"ru": "отменено", "en": "undone"},
    "customers.state.ended": {"ru": "больше не действует", "en": "no longer holds"},
    "customers.merged": {
        "ru": "Теперь это один клиент {customer}, записей {n}. Так будет и после следующих загрузок.",
        "en": "They are one customer now, {customer}, with {n} records. Later uploads will keep it so.",
    },
    "customers.parted": {
        "ru": "Теперь это два клиента: {one} (записей {stayed}) и {other} ({went}). Сами они больше не соединятся.",
        "en": "They are two customers now: {one} ({stayed} records) and {other} ({went}). They will not be joined "
        "again by themselves.",
    },
    "customers.undone": {"ru": "Отменено {entry}. Теперь: {customers}.", "en": "Undone: {entry}. Now: {customers}."},
    "customers.again": {
        "ru": "Чтобы это вошло в итоги: `whobuys analyze`. Передумали: `whobuys customers log`, затем "
        "`whobuys customers undo НОМЕР`.",
        "en": "For the results to follow: `whobuys analyze`. Changed your mind: `whobuys customers log`, then "
        "`whobuys customers undo ID`.",
    },
    "arrivals.head": {
        "ru": "После последнего анализа: новых клиентов {new}, снова заговорили {returning}.",
        "en": "Since the last analysis: {new} new customers, {returning} who said more.",
    },
    "arrivals.unassigned": {"ru": "не похожи ни на один сегмент", "en": "like no segment"},
    "arrivals.not_a_customer": {"ru": "не клиенты", "en": "not customers"},
    "arrivals.fit": {
        "ru": "Из новых не похожи ни на кого {share}; среди прежних таких было бы {expected}.",
        "en": "Of the new, {share} are like nobody; of those known before it would be {expected}.",
    },
    "arrivals.advice.fits": {
        "ru": "Сегменты подходят и новым: ждать нового анализа не нужно.",
        "en": "The segments fit the new ones too: no new analysis is needed yet.",
    },
    "arrivals.advice.too_few": {
        "ru": "Новых мало, чтобы судить, подходят ли им сегменты.",
        "en": "Too few are new to tell whether the segments still fit.",
    },
    "arrivals.advice.grown": {
        "ru": "Сегменты подходят, но новых уже пятая часть: `whobuys analyze` учтёт их в цифрах.",
        "en": "The segments fit, but a fifth of the customers are new: `whobuys analyze` brings them into the figures.",
    },
    "arrivals.advice.changed": {
        "ru": "Новые не такие, как прежние: похоже, пришли другие люди. Выполните `whobuys analyze`.",
        "en": "The new ones differ from those before: other people seem to be coming. Run `whobuys analyze`.",
    },
    "stakeholder.marketing": {"ru": "маркетинг", "en": "marketing"},
    "stakeholder.sales": {"ru": "продажи", "en": "sales"},
    "stakeholder.owner": {"ru": "собственник", "en": "owner"},
    "tier.most_profitable": {"ru": "самые прибыльные", "en": "most profitable"},
    "tier.promising": {"ru": "перспективные", "en": "promising"},
    "tier.secondary": {"ru": "второстепенные", "en": "secondary"},
    "tier.not_ours": {"ru": "не наши", "en": "not ours"},
    "brief.comparison": {"ru": "сравнение", "en": "comparison"},
    "brief.session": {"ru": "повестка встречи", "en": "session agenda"},
    "brief.creative": {"ru": "креативы", "en": "creative"},
    "brief.script": {"ru": "скрипт", "en": "script"},
}


NAMES: Final = frozenset({"number", "version", "answer"})
"""Values that are names of something, not quantities: written without groups of three."""


def say(key: str, language: str, **values: object) -> str:
    """The sentence with its values filled in; counts are written as on the pages."""
    count = Formatter(language).count
    filled = {
        name: count(value) if type(value) is int and name not in NAMES else value for name, value in values.items()
    }
    return (WORDS.get(key) or ACCESS[key])[language].format(**filled)
