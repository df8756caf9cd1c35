"""HTTP: /metrics, for the machine that watches over this one."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.store.runs import count_runs
from service.web.frames import knock_of
from service.web.security import is_loopback

router = APIRouter(tags=["health"])


@router.get("/metrics", include_in_schema=False)
def read_metrics(request: Request) -> Response:
    """Counts in Prometheus' text form: for this machine without a key, for another one with an admin's."""
    if not is_loopback(knock_of(request)):
        request.app.state.admit(request).require("read_metrics")
    with request.app.state.store.session() as session:
        jobs = count_runs(session)
    body, media = request.app.state.metrics.text(jobs)
    return Response(body, headers={"Content-Type": media})
