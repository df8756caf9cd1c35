"""Who came through what, and what each customer's coming cost.

One attribution per customer, so that sums over channels are the whole:
1. the customer's earliest deal that names a campaign, else one that names a source; a campaign decides the channel;
2. a deal that names only an advertising platform, or no deal with a source: the customer's first ad response
   (on that platform) gives the campaign;
3. neither: the channel is `unknown`.
What the company wrote into its CRM goes before what we infer. A deal that names only the ad belongs to the campaign
of that ad.

Spend reaches customers ad by ad: an ad's spend is shared equally by the ad responses it brought (people who turned out
not to be customers take their share: that money is gone); an ad without responses of its own is shared by those of its
campaign; a campaign without lead files by the customers the CRM attributes to it; what nobody answered stays
unattributed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ingest.model import AdSpend, Deal, DocumentKind
from service.corpus.model import Corpus, CorpusDeal, CorpusDocument
from service.economics.channels import MOST_CHANNELS, OTHER, UNKNOWN, ChannelNames, key_of, learn_names


@dataclass(frozen=True)
class Origin:
    """A customer's channel and campaign; `campaign` is None when no advertising brought them."""

    channel: str
    campaign: str | None = None


@dataclass(frozen=True)
class AdResponse:
    """One answer to an ad."""

    customer: str
    at: datetime | None
    origin: Origin
    ad: str


@dataclass(frozen=True)
class Attribution:
    """Origins of all customers, ad responses, and the spend that reaches each customer."""

    names: ChannelNames
    origin_of: dict[str, Origin]
    responses: tuple[AdResponse, ...]
    spend_of: dict[str, float]
    """Customer → advertising money spent on their answers, in the report's currency."""
    unattributed: float
    """Spend that no answer and no deal can be tied to."""
    campaign_names: tuple[str, ...]
    """All campaigns of spend, responses and deals, as first written."""

    def may_have_cost(self, customer: str) -> bool:
        """Whether money that reached nobody may have been spent here: they came by an ad, or nobody knows how."""
        channel = self.origin_of[customer].channel
        return not self.spend_of and (channel == UNKNOWN or channel in self.names.platforms)

    def channel_of(self, row: AdSpend) -> str:
        """The channel of a row of the advertising report."""
        return self.names.platform(row.platform)


class Campaigns:
    """Campaign spellings, and which campaign an ad belongs to."""

    def __init__(self, corpus: Corpus) -> None:
        self._names: dict[str, str] = {}
        self._of_ad: dict[str, set[str]] = defaultdict(set)
        self._platform: dict[str, str] = {}
        documents = [d.document for d in corpus.documents if d.document.kind is DocumentKind.AD_RESPONSE]
        for platform, campaign, ad in [(r.platform, r.campaign, r.ad) for r in corpus.ad_spend] + [
            (d.platform, d.campaign, d.ad) for d in documents
        ]:
            name = self.name(campaign)
            if name and ad:
                self._of_ad[key_of(ad)].add(name)
            if name and platform:
                self._platform.setdefault(name, platform)

    def name(self, campaign: str | None, ad: str | None = None) -> str | None:
        """The campaign as first written; from its ad when only the ad is named and belongs to one campaign."""
        if campaign and campaign.strip():
            return self._names.setdefault(key_of(campaign) or campaign.strip(), campaign.strip())
        owners = self._of_ad.get(key_of(ad), set()) if ad else set()
        if owners or not ad:
            return next(iter(owners)) if len(owners) == 1 else None
        return self._names.get(key_of(ad))  # small companies call an ad and its campaign alike

    def platform(self, campaign: str) -> str | None:
        """The platform that runs the campaign, where a report or a response tells."""
        return self._platform.get(campaign)

    def all(self) -> tuple[str, ...]:
        """Every campaign seen."""
        return tuple(self._names.values())


def attribute(corpus: Corpus, spend: Iterable[AdSpend]) -> Attribution:
    """Attribute all customers. `spend`: the rows of one currency whose money is to be shared out."""
    rows = list(spend)
    campaigns = Campaigns(corpus)
    responses = [d for d in corpus.documents if d.document.kind is DocumentKind.AD_RESPONSE]
    names = learn_names(
        (row.platform for row in corpus.ad_spend),
        (d.document.platform or "" for d in responses),
        (d.deal.source or "" for d in corpus.deals),
    )
    answered = tuple(_response(d, campaigns, names) for d in responses)
    origins = _origins(corpus, campaigns, names, answered)
    spend_of, left = _share_out(rows, campaigns, answered, origins)
    return Attribution(names, _without_rare(origins, names), answered, spend_of, left, campaigns.all())


def _response(item: CorpusDocument, campaigns: Campaigns, names: ChannelNames) -> AdResponse:
    document = item.document
    campaign = campaigns.name(document.campaign, document.ad)
    platform = document.platform or (campaigns.platform(campaign) if campaign else None)
    origin = Origin(names.platform(platform) if platform else UNKNOWN, campaign)
    return AdResponse(item.customer, document.occurred_at, origin, key_of(document.ad))


def _origins(
    corpus: Corpus, campaigns: Campaigns, names: ChannelNames, responses: tuple[AdResponse, ...]
) -> dict[str, Origin]:
    answered: dict[str, list[AdResponse]] = defaultdict(list)
    for response in sorted(responses, key=lambda r: r.at.timestamp() if r.at else float("inf")):
        answered[response.customer].append(response)
    told: dict[str, list[Deal]] = defaultdict(list)
    for item in sorted(corpus.deals, key=_when):
        told[item.customer].append(item.deal)
    return {
        customer: _origin(told.get(customer, []), answered.get(customer, []), campaigns, names)
        for customer in corpus.customers
    }


def _when(item: CorpusDeal) -> tuple[date, str]:
    return item.deal.created_on or item.deal.closed_on or date.max, item.id


def _origin(deals: list[Deal], answers: list[AdResponse], campaigns: Campaigns, names: ChannelNames) -> Origin:
    for deal in deals:
        campaign = campaigns.name(deal.campaign, deal.ad)
        if campaign:
            platform = campaigns.platform(campaign)
            if platform:
                return Origin(names.platform(platform), campaign)
            return Origin(names.source(deal.source) if deal.source else UNKNOWN, campaign)
    sources = [names.source(deal.source) for deal in deals if deal.source and deal.source.strip()]
    if not sources:
        return answers[0].origin if answers else Origin(UNKNOWN)
    if sources[0] in names.platforms:
        same = [answer.origin for answer in answers if answer.origin.channel == sources[0]]
        return same[0] if same else Origin(sources[0])
    return Origin(sources[0])


def _without_rare(origins: dict[str, Origin], names: ChannelNames) -> dict[str, Origin]:
    counts: dict[str, int] = defaultdict(int)
    for origin in origins.values():
        counts[origin.channel] += 1
    kept = set(sorted(counts, key=lambda name: (name not in names.platforms, -counts[name], name))[:MOST_CHANNELS])
    if len(kept) == len(counts):
        return origins
    return {
        customer: origin if origin.channel in kept else Origin(OTHER, origin.campaign)
        for customer, origin in origins.items()
    }


def _share_out(
    rows: list[AdSpend], campaigns: Campaigns, responses: tuple[AdResponse, ...], origins: dict[str, Origin]
) -> tuple[dict[str, float], float]:
    """Spend of each ad over those who answered it; returns money per customer and what reached nobody."""
    of_ad: dict[tuple[str, str], list[str]] = defaultdict(list)
    of_campaign: dict[str, list[str]] = defaultdict(list)
    for response in responses:
        if response.origin.campaign:
            of_campaign[response.origin.campaign].append(response.customer)
            of_ad[response.origin.campaign, response.ad].append(response.customer)
    in_crm: dict[str, list[str]] = defaultdict(list)
    for customer, origin in origins.items():
        if origin.campaign:
            in_crm[origin.campaign].append(customer)
    spent: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        spent[campaigns.name(row.campaign, row.ad) or "", key_of(row.ad)] += float(row.spend)
    shares: dict[str, float] = defaultdict(float)
    unattributed = 0.0
    for (campaign, ad), money in spent.items():
        payers = (of_ad.get((campaign, ad)) if ad else None) or of_campaign.get(campaign) or in_crm.get(campaign)
        if not payers:
            unattributed += money
            continue
        for customer in payers:
            shares[customer] += money / len(payers)
    return dict(shares), unattributed
