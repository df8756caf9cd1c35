"""What the command line says, in both languages."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
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
    "stale": {
        "ru": "Прежние итоги посчитаны ещё с этим клиентом: выполните `whobuys analyze`.",
        "en": "Earlier results were computed with this customer: run `whobuys analyze`.",
    },
    "backups_left": {
        "ru": "Копии, сделанные раньше, ещё содержат этого клиента: удалите их "
        "или, восстановив копию, забудьте его снова.",
        "en": "Backups made earlier still hold this customer: delete them, or forget again after restoring one.",
    },
    "other_briefs": {
        "ru": "Показан первый бриф; другие: {others}",
        "en": "This is the first brief; others: {others}",
    },
    "estimate_none": {
        "ru": "Языковая модель не настроена: всё считается без неё, цена 0.",
        "en": "No language model is configured: everything is done without one, cost 0.",
    },
    "confirmed": {
        "ru": "Принято правок: {claims} утверждений, {aliases} имён. Учтёт следующий `whobuys analyze`.",
        "en": "Taken: corrections of {claims} claims and {aliases} aliases. The next `whobuys analyze` uses them.",
    },
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


def say(key: str, language: str, **values: object) -> str:
    """The sentence with its values filled in."""
    return WORDS[key][language].format(**values)
