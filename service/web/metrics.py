"""Counts of this process in the text form Prometheus reads (the one door to prometheus-client); no name is in them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from service.core.clock import now
from service.store.runs import RunCounts

if TYPE_CHECKING:
    from prometheus_client import Metric

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.6, 1.0, 2.5, 10.0, 60.0)
"""Upper ends of the histogram; two are the goals for a page and for a receipt."""


class Metrics:
    """Counters of one application. `method` and `route` are templates: labels never hold what somebody typed."""

    def __init__(self) -> None:
        from prometheus_client import (
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            ProcessCollector,
            disable_created_metrics,
        )

        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "whobuys_http_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "whobuys_http_request_seconds", "Time to the end of an answer, streams left out.", ["method", "route"],
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self._under_way = Gauge("whobuys_http_requests_under_way", "Requests being answered.", registry=self.registry)
        self._crashes = Counter("whobuys_crashes", "Requests that ended in a bug of ours.", registry=self.registry)
        self._started = Gauge("whobuys_start_time_seconds", "When this process began.", registry=self.registry)
        self._started.set(time.time())

    def began(self) -> None:
        """A request came."""
        self._under_way.inc()

    def ended(self, method: str, route: str, status: int, seconds: float, streamed: bool) -> None:
        """It was answered."""
        verb = method if method in METHODS else "other"
        self._under_way.dec()
        self._requests.labels(verb, route, str(status)).inc()
        if not streamed:
            self._seconds.labels(verb, route).observe(seconds)

    def crashed(self) -> None:
        """A bug of ours was answered with a sentence."""
        self._crashes.inc()

    def text(self, jobs: RunCounts) -> tuple[bytes, str]:
        """(body, media type) of the exposition: this process, and the analyses of the database."""
        from prometheus_client import CONTENT_TYPE_PLAIN_1_0_0, CollectorRegistry, generate_latest

        of_jobs = CollectorRegistry()
        of_jobs.register(_Jobs(jobs))
        return generate_latest(self.registry) + generate_latest(of_jobs), CONTENT_TYPE_PLAIN_1_0_0


class _Jobs:
    """Gauges made from one look at the database."""

    def __init__(self, jobs: RunCounts) -> None:
        self._jobs = jobs

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        from prometheus_client.core import GaugeMetricFamily

        runs = GaugeMetricFamily("whobuys_runs", "Analyses by status.", labels=["status"])
        for status, count in sorted(self._jobs.by_status.items()):
            runs.add_metric([status], count)
        yield runs
        oldest = self._jobs.oldest_unfinished
        yield GaugeMetricFamily(
            "whobuys_oldest_unfinished_run_seconds", "Age of the oldest analysis that waits or works.",
            value=(now() - oldest).total_seconds() if oldest else 0.0,
        )  # fmt: skip
