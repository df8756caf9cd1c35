"""What the commands about people, keys, companies, links and personas say."""

from __future__ import annotations

from typing import Final

ACCESS: Final[dict[str, dict[str, str]]] = {
    "access.nobody": {
        "ru": "В компании пока никого: whobuys people add ПОЧТА --role admin",
        "en": "Nobody is in the company yet: whobuys people add EMAIL --role admin",
    },
    "access.person": {"ru": "{email}  {role}  с {since}  {name}", "en": "{email}  {role}  since {since}  {name}"},
    "access.invited": {"ru": "{email}  {role}  приглашён до {until}", "en": "{email}  {role}  invited until {until}"},
    "access.invitation": {
        "ru": "Передайте {email} эту ссылку. Она сработает один раз, до {until}:",
        "en": "Hand this link to {email}. It works once, until {until}:",
    },
    "access.reset": {
        "ru": "По этой ссылке {email} выберет новый пароль. Она сработает один раз, до {until}:",
        "en": "By this link {email} chooses a new password. It works once, until {until}:",
    },
    "access.role": {"ru": "Теперь {email} — {role}.", "en": "{email} is {role} now."},
    "access.removed": {"ru": "{email} больше не в компании.", "en": "{email} is no longer in the company."},
    "access.setup": {
        "ru": "Пока войти может любой за этим компьютером. Первую учётную запись заведите по ссылке (один раз, сутки):",
        "en": "Whoever sits at this computer can come in. Make the first account by this link (once, within a day):",
    },
    "key.none": {"ru": "Ключей нет.", "en": "There are no keys."},
    "key.line": {
        "ru": "{id}  {role}  {state}  до {until}  последний раз {used}  {label}",
        "en": "{id}  {role}  {state}  until {until}  last used {used}  {label}",
    },
    "key.revoked": {"ru": "Ключ {id} отозван.", "en": "Key {id} is revoked."},
    "key.state.live": {"ru": "действует", "en": "works"},
    "key.state.over": {"ru": "срок вышел", "en": "past its end"},
    "key.state.revoked": {"ru": "отозван", "en": "revoked"},
    "key.forever": {"ru": "—", "en": "—"},
    "workspace.none": {"ru": "Компаний ещё нет.", "en": "There are no companies yet."},
    "workspace.made": {"ru": "Компания {id} заведена.", "en": "Company {id} is made."},
    "workspace.changed": {"ru": "Изменено: {names}.", "en": "Changed: {names}."},
    "workspace.same": {"ru": "Ничего не изменилось.", "en": "Nothing changed."},
    "workspace.deleted": {
        "ru": "Компания {id} удалена. В прежних резервных копиях она остаётся.",
        "en": "Company {id} is deleted. Earlier backups still hold it.",
    },
    "share.made": {
        "ru": "По этой ссылке бриф откроется без входа до {until}:",
        "en": "By this link the brief opens without signing in, until {until}:",
    },
    "share.none": {"ru": "Ссылок нет.", "en": "There are no links."},
    "share.line": {
        "ru": "{id}  {state}  до {until}  открывали {opened}  {label}",
        "en": "{id}  {state}  until {until}  opened {opened}  {label}",
    },
    "share.revoked": {"ru": "Ссылка {id} отозвана.", "en": "Link {id} is taken back."},
    "persona.missing": {"ru": "Этот портрет ещё не сдан.", "en": "This persona is not handed in yet."},
    "persona.saved": {
        "ru": "Сохранена версия {version}. `whobuys analyze` сверит её с данными.",
        "en": "Version {version} is saved. `whobuys analyze` holds it against the data.",
    },
    "persona.same": {
        "ru": "Текст не изменился: версия {version}.", "en": "The text is the same: version {version}.",
    },
    "persona.version": {"ru": "Версия {version}, {at}, {who}", "en": "Version {version}, {at}, {who}"},
    "persona.file": {"ru": "из файла", "en": "from a file"},
    "audit.none": {"ru": "Изменений нет.", "en": "There are no changes."},
}  # fmt: skip
