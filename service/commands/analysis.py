"""analyze, brief."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from service.commands.console import Desk, desk, write_out
from service.core.errors import BadInput, NotFound

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from service.briefs.model import Brief
    from service.store.jobs import Tick
    from service.store.runs import Run

BINARY = ("docx", "pdf")


def analyze(force: bool, workspace: str | None, as_json: bool) -> None:
    """One cycle with a progress bar a stage; Ctrl+C leaves it where the next call goes on."""
    from service import flow
    from service.store.audit import COMMAND_LINE, note

    with desk(workspace, as_json) as at, _bars(at) as bars:
        watch = _Watch(at, bars)
        try:
            run = flow.analyze(at.store, at.settings, at.workspace, watch, force)
        except KeyboardInterrupt:
            bars.stop()
            print(at.words("interrupted"), file=sys.stderr)
            sys.stderr.flush()
            os._exit(130)  # a stage may still compute in its thread; the next call does it again
        watch.close(run)
        bars.stop()
        if watch.worked:
            with at.store.session(write=True) as session:
                note(session, at.workspace, COMMAND_LINE, "analysis asked for", run=run.id)
        if at.as_json:
            at.answer(
                {k: v for k, v in asdict(run).items() if k not in {"created_at", "finished_at"}}
                | {"new": watch.worked, "finished_at": str(run.finished_at)}
            )
        at.say("done" if watch.worked else "already_done", number=run.number)


def _bars(at: Desk) -> Progress:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description:<24}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
        console=at.screen(stderr=True), disable=at.as_json,
    )  # fmt: skip


class _Watch:
    """Draws a run: one bar a stage, the finished ones full."""

    def __init__(self, at: Desk, bars: Progress) -> None:
        self._at = at
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self.worked = False
        """Whether any stage was seen at work: a run that was done already shows none."""

    def __call__(self, run: Run, tick: Tick) -> None:
        self.worked = True
        for stage in run.done_stages:
            self._fill(stage)
        if not tick.stage:
            return
        for stage in [stage for stage in self._tasks if stage != tick.stage]:
            self._fill(stage)
        task = self._task(tick.stage)
        self._bars.update(task, completed=tick.done, total=tick.total or None)

    def close(self, run: Run) -> None:
        """Fill the bars of a finished run."""
        for stage in run.done_stages if self.worked else ():
            self._fill(stage)

    def _task(self, stage: str) -> TaskID:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(self._at.words(f"stage.{stage}"), total=None)
        return self._tasks[stage]

    def _fill(self, stage: str) -> None:
        task = self._task(stage)
        self._bars.update(task, completed=1, total=1)
        self._bars.stop_task(task)


def brief(
    kind: str, segment: str | None, format: str, lang: str | None, output: Path | None, workspace: str | None
) -> None:
    """Render a brief of the latest run; of several segments' briefs the first, unless one is named."""
    from service.briefs.render import render
    from service.briefs.repository import load_briefs
    from service.store.runs import latest_done

    with desk(workspace) as at:
        with at.store.session() as session:
            briefs = load_briefs(session, at.workspace, latest_done(session, at.workspace).id)
        chosen = _choose(at, briefs, kind, segment, lang)
        made = render(chosen, format)
        if output is None and format in BINARY and sys.stdout.isatty():
            raise BadInput(f"Name a file for {format}: -o FILE.", ru=f"Назовите файл для {format}: -o ФАЙЛ.")
        write_out(made, output)


def _choose(at: Desk, briefs: list[Brief], kind: str, segment: str | None, lang: str | None) -> Brief:
    """The brief asked for. BadInput for an unknown kind or language, NotFound for an unknown segment."""
    from service.briefs.model import KINDS
    from service.core.numbers import LANGUAGES

    for value, known in ((kind, KINDS), (lang or at.language, LANGUAGES)):
        if value not in known:
            names = ", ".join(known)
            raise BadInput(f"{value!r} is none of: {names}.", ru=f"{value!r} — не из списка: {names}.")
    found = [b for b in briefs if b.kind == kind and b.language == (lang or at.language)]
    named = [b for b in found if segment is None or segment in (b.segment, b.segment_name)]
    if not found:
        raise NotFound(
            f"The latest run has no {kind!r} brief: it found no segments to write one for.",
            ru=f"В последнем прогоне брифа {kind!r} нет: не нашлось сегментов, для которых его писать.",
        )
    if not named and not any(b.segment for b in found):
        raise BadInput(
            f"There is one {kind!r} brief for all segments; leave --segment out.",
            ru=f"Бриф {kind!r} один на все сегменты; уберите --segment.",
        )
    if not named:
        there = "; ".join(f"{b.segment} ({b.segment_name})" for b in found if b.segment)
        raise NotFound(
            f"There is no such segment; {kind!r} briefs are there for: {there}.",
            ru=f"Такого сегмента нет; брифы {kind!r} есть для: {there}.",
        )
    if len(named) > 1:
        others = "; ".join(f"--segment {b.segment} ({b.segment_name})" for b in named[1:])
        print(at.words("other_briefs", others=others), file=sys.stderr)
    return named[0]
