"""Who stands behind every record: names in the clear while a batch is read, hashed keys for what is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from ingest.contacts import NAME_WORD, Keys, emails_in, name_key, name_of_key, names_of_email, phones_in
from ingest.gathering import Gathered
from ingest.identity import Item, Name, Resolution, resolve
from ingest.marks import without_html
from ingest.model import DocumentKind, Join, KnownItem, Speaker
from ingest.raw import Contact, RawDocument, RawUtterance, RoledCall
from ingest.readers.dialogue import is_role

RARE_TAG = 3
"""A speaker's name on this many calls or more is the company's own person, not a customer."""


def texts_without_html(gathered: Gathered) -> frozenset[str]:
    """Takes HTML out of all texts in place; returns the refs that had it."""
    had: set[str] = set()
    for index, document in enumerate(gathered.documents):
        cleaned = [without_html(utterance.text) for utterance in document.utterances]
        if any(found for _, found in cleaned):
            had.add(document.ref)
        if any(text != own.text for (text, _), own in zip(cleaned, document.utterances, strict=True)):
            utterances = tuple(
                replace(own, text=text) for (text, _), own in zip(cleaned, document.utterances, strict=True)
            )
            gathered.documents[index] = replace(document, utterances=utterances)
    for index, raw in enumerate(gathered.deals):
        text, found = without_html(raw.description)
        if found:
            had.add(raw.deal.ref)
        gathered.deals[index] = replace(raw, description=text)
    return frozenset(had)


class People:
    """Contacts, names and customers of a batch together with the earlier ones it may continue."""

    def __init__(self, gathered: Gathered, keys: Keys, known: Sequence[KnownItem]) -> None:
        self._keys = keys
        self._documents = list(gathered.documents)
        self._turns = {document.ref: document.utterances for document in gathered.documents}
        self._contacts: dict[str, Contact] = {document.ref: document.contact for document in gathered.documents}
        self._moments: dict[str, tuple[datetime, ...]] = {
            document.ref: (document.occurred_at,) for document in gathered.documents if document.occurred_at
        }
        for raw in gathered.deals:
            self._contacts[raw.deal.ref] = raw.contact
            days = (raw.deal.created_on, raw.deal.closed_on)
            self._moments[raw.deal.ref] = tuple(datetime.combine(day, time(12)) for day in days if day)
        self._descriptions = {raw.deal.ref: raw.description for raw in gathered.deals if raw.description}
        self._known = [_known_item(item) for item in known]
        self.staff = frozenset(name for document in gathered.documents for name in document.staff) | _staff_tags(
            gathered.documents
        )
        self.companies = _companies(gathered.documents)
        self.all_names = frozenset(name for contact in self._contacts.values() for name in contact.names)
        self._vocabulary = frozenset(
            word.lower().replace("ё", "е") for name in self.all_names for word in NAME_WORD.findall(name)
        )
        self._heard: dict[str, frozenset[str]] = {}
        self._said: dict[str, str] = {document.ref: _written(document) for document in gathered.documents}
        self._resolution = self._resolve(by_names=False)
        self._refs_of = self._grouped()

    def names_of(self, ref: str) -> frozenset[str]:
        """All names of the customer a record belongs to, in the clear."""
        customer = self._resolution.customer_of[ref]
        return frozenset(name for own in self._refs_of[customer] for name in self._own_names(own))

    def keys_of(self, ref: str) -> tuple[str, ...]:
        """Hashed keys to keep with a record, full names among them."""
        keys = set(self._keys.of_contact(self._contacts[ref]))
        names = self._hashed_names(ref) | self._mail_names(ref)
        keys |= {name_key(name.words) for name in names if len(name.words) > 1}
        return tuple(sorted(keys))

    def customer(self, ref: str) -> str:
        """The customer of a record of this batch."""
        return self._resolution.customer_of[ref]

    def customer_of(self) -> dict[str, str]:
        """Customers of all records of the batch, and of earlier ones that a new key moved to another customer."""
        before = {item.ref: item.customer for item in self._known}
        found = self._resolution.customer_of
        return {ref: found[ref] for ref in sorted(found) if ref in self._contacts or before.get(ref) != found[ref]}

    def joins(self) -> tuple[Join, ...]:
        """Why records of this batch share a customer."""
        return self._resolution.joins

    def hear(self, calls: Mapping[str, RoledCall]) -> None:
        """Use what the talks tell: the name the customer speaks under, numbers they give, names that are said."""
        for document in self._documents:
            roled = calls.get(document.ref)
            if roled is None:
                continue
            customers = [u.text for u in roled.utterances if u.speaker is not Speaker.AGENT]
            self._said[document.ref] = "\n".join(customers)
            self._heard[document.ref] = _customer_tags(document, roled, self.staff)
        self.all_names |= frozenset(name for names in self._heard.values() for name in names)
        self._resolution = self._resolve(by_names=True)
        self._refs_of = self._grouped()

    def _resolve(self, *, by_names: bool) -> Resolution:
        items = [*self._known, *(self._item(ref) for ref in self._contacts)]
        return resolve(items, by_names=by_names)

    def _grouped(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for ref in self._contacts:
            found[self._resolution.customer_of[ref]].append(ref)
        return found

    def _own_names(self, ref: str) -> frozenset[str]:
        contact = self._contacts[ref]
        hints = (word for word in contact.hints if word.lower().replace("ё", "е") in self._vocabulary)
        return frozenset((*contact.names, *hints)) | self._heard.get(ref, frozenset())

    def _hashed_names(self, ref: str) -> frozenset[Name]:
        contact = self._contacts[ref]
        names = [*contact.names, *self._heard.get(ref, ())]
        if not names:
            hints = [word for word in contact.hints if word.lower().replace("ё", "е") in self._vocabulary]
            names = [" ".join(hints)] if hints else []
        return frozenset(hashed for name in names if (hashed := self._keys.of_name(name)).words)

    def _mail_names(self, ref: str) -> frozenset[Name]:
        emails = self._contacts[ref].emails
        names = (name for email in emails for name in names_of_email(email, self._vocabulary))
        return frozenset(hashed for name in names if (hashed := self._keys.of_name(name)).words)

    def _item(self, ref: str) -> Item:
        said = "\n".join(filter(None, (self._said.get(ref, ""), self._descriptions.get(ref, ""))))
        keys = self._keys.of_contact(self._contacts[ref])
        mentioned = self._keys.of_phones(phones_in(said)) | self._keys.of_emails(emails_in(said))
        return Item(
            ref=ref,
            keys=keys,
            mentioned=frozenset(mentioned) - keys,
            names=self._hashed_names(ref),
            mail_names=self._mail_names(ref),
            words=self._spoken_names(ref),
            moments=self._moments.get(ref, ()),
        )

    def _spoken_names(self, ref: str) -> frozenset[str]:
        """Hashes of name words in the whole text of a record."""
        texts = [*(u.text for u in self._utterances(ref)), self._descriptions.get(ref, "")]
        words = {word.lower().replace("ё", "е") for text in texts for word in NAME_WORD.findall(text)}
        return frozenset(map(self._keys.of_word, words & self._vocabulary))

    def _utterances(self, ref: str) -> tuple[RawUtterance, ...]:
        return self._turns.get(ref, ())


def _written(document: RawDocument) -> str:
    """What a note or form says; calls wait until it is known who speaks."""
    if document.kind is DocumentKind.CALL:
        return ""
    return "\n".join(utterance.text for utterance in document.utterances)


def _known_item(item: KnownItem) -> Item:
    names = frozenset(name for key in item.keys if (name := name_of_key(key)))
    keys = frozenset(key for key in item.keys if name_of_key(key) is None)
    return Item(item.ref, keys=keys, names=names, moments=item.moments, customer=item.customer)


def _is_name_tag(tag: str | None) -> bool:
    if not tag or is_role(tag):
        return False
    words = NAME_WORD.findall(tag)
    return bool(words) and all(word[:1].isupper() for word in words) and "_" not in tag


def _staff_tags(documents: Iterable[RawDocument]) -> frozenset[str]:
    """Names of speakers with a company in brackets, or who speak in many calls."""
    calls: dict[str, int] = defaultdict(int)
    found: set[str] = set()
    for document in documents:
        for tag in {utterance.tag for utterance in document.utterances}:
            if tag is not None and document.kind is DocumentKind.CALL and _is_name_tag(tag):
                calls[tag] += 1
                if "(" in tag:
                    found.add(tag.split("(")[0].strip())
    return frozenset(found | {tag for tag, count in calls.items() if count >= RARE_TAG and "(" not in tag})


def _companies(documents: Iterable[RawDocument]) -> frozenset[str]:
    """Companies in the brackets of speakers' names: `Ann (Acme)`."""
    tags = {utterance.tag for document in documents for utterance in document.utterances if utterance.tag}
    return frozenset(tag.partition("(")[2].rstrip(") ") for tag in tags if "(" in tag and _is_name_tag(tag))


def _customer_tags(document: RawDocument, roled: RoledCall, staff: frozenset[str]) -> frozenset[str]:
    """Names under which the customer speaks in a transcript."""
    said = {utterance.text for utterance in roled.utterances if utterance.speaker is Speaker.CUSTOMER}
    tags = {utterance.tag for utterance in document.utterances if utterance.text in said}
    return frozenset(
        tag for tag in tags if tag is not None and _is_name_tag(tag) and "(" not in tag and tag not in staff
    )
