"""Who stands behind every record: names in the clear while a batch is read, hashed keys for what is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import lru_cache

from ingest.clues import RARE_TAG, Item, item_of
from ingest.contacts import NAME_WORD, Keys, emails_in, phones_in
from ingest.decisions import with_refs
from ingest.gathering import UNCHANGED, Gathered
from ingest.identity import Resolution, resolve
from ingest.marks import without_html
from ingest.model import Decision, DocumentKind, Join, KnownItem, Link, Speaker, TextKind
from ingest.raw import Contact, RawDocument, RawUtterance, RoledCall
from ingest.readers.dialogue import is_role
from ingest.redaction.judgement import Level, dictionary_level
from ingest.remembered import Remembered

SHORTEST_NAME = 3
"""Letters of a word that may be somebody's name."""


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
    """Contacts, names and customers of a batch together with the earlier records it may continue.

    `decisions` are what people said about customers; `own` are keys of the company itself found earlier.
    """

    def __init__(
        self,
        gathered: Gathered,
        keys: Keys,
        known: Sequence[KnownItem],
        decisions: Sequence[Decision] = (),
        own: Iterable[str] = (),
        before: Remembered | None = None,
    ) -> None:
        self._keys = keys
        self._before = before if before is not None else Remembered()
        self._documents = list(gathered.documents)
        self._turns = {document.ref: document.utterances for document in gathered.documents}
        self._contacts: dict[str, Contact] = {document.ref: document.contact for document in gathered.documents}
        self._on_duty: dict[str, tuple[str, ...]] = {document.ref: document.staff for document in gathered.documents}
        self._moments: dict[str, tuple[datetime, ...]] = {
            document.ref: (document.occurred_at,) for document in gathered.documents if document.occurred_at
        }
        for raw in gathered.deals:
            self._contacts[raw.deal.ref] = raw.contact
            days = (raw.deal.created_on, raw.deal.closed_on)
            self._moments[raw.deal.ref] = tuple(datetime.combine(day, time(12)) for day in days if day)
        self._descriptions = {raw.deal.ref: raw.description for raw in gathered.deals if raw.description}
        self._customer_before = {item.ref: item.customer for item in known}
        self._known = _earlier(gathered, known, self._before.refs)
        self.own_contacts = frozenset(own) | _own_contacts(gathered, keys)
        self._decisions = with_refs(decisions, keys, {*self._contacts, *self._customer_before})
        self._tagged_calls = tagged_calls(gathered.documents)
        on_duty = frozenset(name for document in gathered.documents for name in document.staff)
        self.staff = self._before.staff | on_duty | _staff_tags(self._before.tagged_calls + self._tagged_calls)
        self.companies = self._before.companies | _companies(gathered.documents)
        named = frozenset(name for contact in self._contacts.values() for name in contact.names)
        self.all_names = self._before.all_names | named
        self._vocabulary = frozenset(
            word.lower().replace("ё", "е") for name in self.all_names for word in NAME_WORD.findall(name)
        )
        self._heard: dict[str, frozenset[str]] = {}
        self._tags: dict[str, frozenset[str]] = {}
        self._said: dict[str, str] = {document.ref: _written(document) for document in gathered.documents}
        self._kept: dict[str, frozenset[str]] = {}
        self._resolution = self._resolve(by_names=False)
        self._refs_of = self._grouped()

    def names_of(self, ref: str) -> frozenset[str]:
        """All names of the customer a record belongs to, in the clear."""
        customer = self._resolution.customer_of[ref]
        return frozenset(name for own in self._refs_of[customer] for name in self._own_names(own))

    def keys_of(self, ref: str) -> tuple[str, ...]:
        """What is kept with a record of who it is about: hashed keys, and hashed clues that prove nothing alone."""
        return tuple(sorted(self._kept[ref]))

    @property
    def region(self) -> str:
        """The country telephones without a code were read for."""
        return self._keys.region

    def refs(self) -> tuple[str, ...]:
        """References of the batch's documents and deals, sorted."""
        return tuple(sorted(self._contacts))

    def moments_of(self, ref: str) -> tuple[datetime, ...]:
        """When a record of the batch happened."""
        return self._moments.get(ref, ())

    def customer(self, ref: str) -> str:
        """The customer of a record of this batch."""
        return self._resolution.customer_of[ref]

    def customer_of(self) -> dict[str, str]:
        """Customers of all records of the batch, and of earlier ones that moved to another customer."""
        before, found = self._customer_before, self._resolution.customer_of
        return {ref: found[ref] for ref in sorted(found) if ref in self._contacts or before.get(ref) != found[ref]}

    def links(self) -> tuple[Link, ...]:
        """Joins of the whole workspace that an equal key alone does not explain."""
        return self._resolution.links

    def joins(self) -> tuple[Join, ...]:
        """Why records of this upload share a customer."""
        return self._resolution.joins

    def hear(self, calls: Mapping[str, RoledCall]) -> None:
        """Use what the talks tell: the name the customer speaks under, numbers they give, names that are said."""
        for document in self._documents:
            roled = calls.get(document.ref)
            if roled is None:
                continue
            customers = [u.text for u in roled.utterances if u.speaker is not Speaker.AGENT]
            self._said[document.ref] = "\n".join(customers)
            self._tags[document.ref] = _customer_tags(document, roled, frozenset())
            self._heard[document.ref] = self._tags[document.ref] - self.staff
        self.all_names |= frozenset(name for names in self._heard.values() for name in names)
        self._resolution = self._resolve(by_names=True)
        self._refs_of = self._grouped()

    def _resolve(self, *, by_names: bool) -> Resolution:
        self._kept = {ref: self._clues_of(ref) for ref in self._contacts}
        fresh = [self._item(ref) for ref in self._contacts]
        return resolve([*self._known, *fresh], by_names=by_names, decisions=self._decisions, own=self.own_contacts)

    def remember(self) -> None:
        """Leave to the upload's next batch what it must know in the clear."""
        before = self._before
        before.refs |= self._contacts.keys()
        before.names_of |= {ref: names for ref in self._contacts if (names := self._own_names(ref))}
        before.staff, before.companies, before.all_names = self.staff, self.companies, self.all_names
        before.tagged_calls += self._tagged_calls

    def _grouped(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        customer_of = self._resolution.customer_of
        for ref in self._contacts:
            found[customer_of[ref]].append(ref)
        for ref in self._before.names_of:
            if ref not in self._contacts and (customer := customer_of.get(ref)) in found:
                found[customer].append(ref)
        return found

    def _own_names(self, ref: str) -> frozenset[str]:
        if ref not in self._contacts:
            return self._before.names_of[ref]
        contact = self._contacts[ref]
        hints = (word for word in contact.hints if word.lower().replace("ё", "е") in self._vocabulary)
        return frozenset((*contact.names, *hints)) | self._heard.get(ref, frozenset())

    def _item(self, ref: str) -> Item:
        return item_of(ref, self._kept[ref], self._moments.get(ref, ()), self._customer_before.get(ref))

    def _clues_of(self, ref: str) -> frozenset[str]:
        """Keys and clues of a record: all that is ever known of who it is about."""
        contact = self._contacts[ref]
        said = "\n".join(filter(None, (self._said.get(ref, ""), self._descriptions.get(ref, ""))))
        keys = self._keys.of_contact(contact)
        told = (self._keys.of_phones(phones_in(said)) | self._keys.of_emails(emails_in(said))) - keys
        return keys | self._keys.clues(
            contact,
            tags=self._tags.get(ref, ()),
            staff=self._on_duty.get(ref, ()),
            words=self._name_words(ref),
            told=told,
        )

    def _name_words(self, ref: str) -> set[str]:
        """Words of a record's text that may be somebody's name: those of this batch, and all written like one."""
        texts = [*(u.text for u in self._utterances(ref)), self._descriptions.get(ref, "")]
        words = {word for text in texts for word in NAME_WORD.findall(text)}
        return {word for word in words if word.lower().replace("ё", "е") in self._vocabulary or _may_be_name(word)}

    def _utterances(self, ref: str) -> tuple[RawUtterance, ...]:
        return self._turns.get(ref, ())


def _written(document: RawDocument) -> str:
    """What a note or form says; calls wait until it is known who speaks."""
    if document.kind is DocumentKind.CALL:
        return ""
    return "\n".join(utterance.text for utterance in document.utterances)


@lru_cache(maxsize=65536)
def _may_be_name(word: str) -> bool:
    """A capital, or in a recogniser's lower case a word no dictionary holds as an ordinary one.

    Which of them are names the names of later uploads may tell.
    """
    if len(word) < SHORTEST_NAME or word.isupper():
        return False
    return word[0].isupper() or dictionary_level(word.replace("ё", "е")) > Level.WORD


def _earlier(gathered: Gathered, known: Sequence[KnownItem], upload: set[str]) -> list[Item]:
    """Records of earlier batches; those of files read anew are told by what the files say now.

    Those of the same upload count as its own: a later batch may tell whom they are joined with.
    """
    again = {file.path for file in gathered.files if file.reader not in (None, UNCHANGED)}
    return [
        item_of(item.ref, item.keys, item.moments, item.customer, fresh=item.ref in upload)
        for item in known
        if item.ref not in again and item.ref.rpartition("#")[0] not in again
    ]


def _own_contacts(gathered: Gathered, keys: Keys) -> frozenset[str]:
    """Phones and mailboxes in the company's creatives and scripts: callers are given them, customers are not them."""
    texts = [text.text for text in gathered.texts if text.kind is not TextKind.PERSONA]
    found: set[str] = set()
    for text in texts:
        found |= keys.of_phones(phones_in(text)) | keys.of_emails(emails_in(text))
    return frozenset(found)


def _is_name_tag(tag: str | None) -> bool:
    if not tag or is_role(tag):
        return False
    words = NAME_WORD.findall(tag)
    return bool(words) and all(word[:1].isupper() for word in words) and "_" not in tag


def tagged_calls(documents: Iterable[RawDocument]) -> Counter[str]:
    """In how many calls a name speaks, by the label."""
    calls: Counter[str] = Counter()
    for document in documents:
        if document.kind is DocumentKind.CALL:
            tags = {utterance.tag for utterance in document.utterances}
            calls.update(tag for tag in tags if tag is not None and _is_name_tag(tag))
    return calls


def _staff_tags(calls: Counter[str]) -> frozenset[str]:
    """Names of speakers with a company in brackets, or who speak in many calls."""
    bracketed = {tag.split("(")[0].strip() for tag in calls if "(" in tag}
    return frozenset(bracketed | {tag for tag, count in calls.items() if count >= RARE_TAG and "(" not in tag})


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
