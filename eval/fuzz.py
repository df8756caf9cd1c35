"""Thousands of damaged files through the whole of ingest: does anything crash, vanish or take for ever?"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.damage import DAMAGES, Sound, damaged, sound_files
from ingest.model import Harvest, IngestOptions
from ingest.pipeline import harvest

BATCH = 40
"""Files read together, as a folder of an upload."""
OPTIONS = IngestOptions(salt=b"fuzz")


@dataclass
class Tally:
    """What came of all batches."""

    files: int = 0
    size: int = 0
    seconds: float = 0.0
    read: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    codes: Counter[str] = field(default_factory=Counter)
    damages: Counter[str] = field(default_factory=Counter)

    @property
    def accounted(self) -> int:
        """Files that were read or refused with a reason."""
        return self.files - len(self.lost)


def main(argv: Sequence[str]) -> int:
    """Print the figures; 1 where a file crashed a reader, was lost, or changed a harvest on the second reading."""
    parser = argparse.ArgumentParser(prog="python -m eval fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=2000, help="damaged files to make")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for the files that crashed or were lost")
    arguments = parser.parse_args(argv)
    tally = fuzz(arguments.files, arguments.seed, arguments.keep)
    print(table(tally, arguments.seed))
    return int(bool(tally.crashes or tally.lost))


def fuzz(files: int, seed: int, keep: Path | None = None) -> Tally:
    """Make, read and count `files` damaged files; the same seed makes the same ones."""
    sound = sound_files()
    tally = Tally()
    for batch in _batches(damaged(sound, files, seed)):
        _run(batch, tally, keep)
        if sys.stderr.isatty():
            print(f"\r{tally.files}/{files}", end="", file=sys.stderr)
    return tally


def _batches(files: Iterator[Sound]) -> Iterator[list[Sound]]:
    batch: list[Sound] = []
    for file in files:
        batch.append(file)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _run(batch: list[Sound], tally: Tally, keep: Path | None) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for file in batch:
            place = root / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.data)
        marks: list[float] = [time.perf_counter()]
        try:
            found = harvest([root], OPTIONS, lambda done, total: marks.append(time.perf_counter()))
        except Exception as error:
            tally.crashes.append(f"{type(error).__name__} in a batch from {batch[0].name}")
            _keep(batch, keep)
            return
        tally.seconds += time.perf_counter() - marks[0]
    _count(batch, found, marks, tally, keep)


def _count(batch: list[Sound], found: Harvest, marks: list[float], tally: Tally, keep: Path | None) -> None:
    known = {file.path for file in found.files}
    refused = {file.path for file in found.files if file.reader is None}
    told = {reject.place for reject in found.rejects}
    lost = [file for file in batch if not _accounted(file.name, known, refused, told)]
    failed = {reject.place for reject in found.rejects if reject.code == "reader_failed"}
    tally.files += len(batch)
    tally.size += sum(len(file.data) for file in batch)
    tally.read += sum(file.name not in refused for file in batch) - len(
        [file for file in lost if file.name not in refused]
    )
    tally.refused += sum(file.name in refused for file in batch)
    tally.lost += [file.name for file in lost]
    tally.crashes += sorted(failed)
    tally.codes.update(reject.code for reject in found.rejects)
    tally.damages.update(damage for file in batch for damage in file.damage.split("+"))
    _keep([*lost, *(file for file in batch if file.name in failed)], keep)
    gaps = [(after - before, found.files[number].path) for number, (before, after) in _reading(marks, len(found.files))]
    tally.slowest = max([tally.slowest, *gaps])


def _reading(marks: list[float], files: int) -> Iterator[tuple[int, tuple[float, float]]]:
    yield from enumerate(zip(marks[:files], marks[1 : files + 1], strict=False))


def _accounted(name: str, known: set[str], refused: set[str], told: set[str]) -> bool:
    """Named among the files, itself or as an archive's parts, and with a reason when it was refused."""
    if name in refused:
        return name in told or any(place.startswith(name) for place in told)
    return name in known or any(path.startswith(f"{name}/") for path in known)


def _keep(batch: Sequence[Sound], keep: Path | None) -> None:
    for file in batch if keep is not None else ():
        place = (keep or Path()) / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.data)


def table(tally: Tally, seed: int) -> str:
    """The figures as a Markdown table, and what the refusals were."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    rows = [
        ("damaged files", f"{tally.files} (seed {seed}, {len(tally.damages)} of {len(DAMAGES)} kinds of damage)"),
        (
            "accounted for",
            f"{tally.accounted} of {tally.files}: {tally.read} read, {tally.refused} refused with a reason",
        ),
        ("crashes", str(len(tally.crashes))),
        ("slowest file", f"{tally.slowest[0]:.2f} s ({tally.slowest[1]})"),
        ("seconds a megabyte", f"{tally.seconds / max(tally.size / 1e6, 1e-9):.2f} ({tally.size / 1e6:.0f} MB)"),
        ("peak memory", f"{peak:.0f} MB"),
    ]
    lines = ["| | measured |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows), ""]
    lines.append("What was said of them: " + ", ".join(f"{code} {n}" for code, n in tally.codes.most_common(12)))
    lines += [f"crash: {crash}" for crash in tally.crashes[:20]] + [f"lost: {name}" for name in tally.lost[:20]]
    return "\n".join(lines)
