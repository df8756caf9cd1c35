"""`python -m eval NAME …`: one measurement by name, the rest of the words are its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

MEASUREMENTS = {
    "segments": "segments against the planted ones, beside BERTopic and k-means on the same vectors",
    "portrayal": "names, keyphrases and quotes of segments against the planted ones",
    "lineage": "segments over runs: planted changes recognised, ids kept",
    "claims": "verdicts against the planted ones, beside a plain similarity threshold",
    "ingest": "documents, customers, speakers and redaction against what was planted",
    "embedding": "sentences a second of the encoder, beside plain loops over the same model",
    "fuzz": "thousands of damaged files: crashes, files unaccounted for, the slowest",
    "throughput": "call transcripts a second on one core by stage; memory over a folder of any size",
    "mapping": "unlisted tables: read at once, asked about, columns right, with and without their headers",
    "joining": "same customer: demo companies in one batch and in ten, a company written to deceive, 100k records",
    "speakers": "who speaks, by format, without labels, in small and in spoilt corpora",
    "pii": "personal data left and words lost, by type: clean, adversarial and recognised speech",
    "economics": "conversion, average check, LTV and CAC against the planted ones",
    "briefs": "every number and quote of every brief traced to its fact",
    "pages": "every page in a browser: bytes, requests, largest paint, axe",
    "load": "readers and uploaders at once while an analysis runs: failures, seconds of a page and of a receipt",
    "leash": "a model that obeys everything it reads: what briefs state does not change; calls and tokens by size",
    "speed": "seconds and memory of a whole demo, start time of the command line",
}


def main(argv: Sequence[str]) -> int:
    """Run one measurement; 0 where it could be made, 2 for an unknown name."""
    if not argv or argv[0] in ("-h", "--help"):
        print(usage())
        return 0
    if argv[0] not in MEASUREMENTS:
        print(f"No measurement {argv[0]!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    status: int = import_module(f"eval.{argv[0]}").main(list(argv[1:]))
    return status


def usage() -> str:
    """The measurements, one a line."""
    width = max(map(len, MEASUREMENTS))
    return "\n".join(["python -m eval NAME", *(f"  {name:<{width}}  {text}" for name, text in MEASUREMENTS.items())])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
