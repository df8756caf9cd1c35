"""`python -m eval.segmenting.again FOLDER [AT_A_TIME]`: label of every document of a folder, as JSON, in a process of
its own; the second word says how many texts the encoder gets at a time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from eval.planted import WORKSPACE, ingested
from eval.segmenting.companies import KeptVectors
from eval.segmenting.product import segmented
from eval.segmenting.steadiness import by_document


def main(folder: Path, at_a_time: int | None = None) -> int:
    """Read, segment, print."""
    from service.corpus.repository import load_corpus

    with ingested(folder) as (store, settings), store.session() as session:
        corpus = load_corpus(session, WORKSPACE, settings)
    print(json.dumps(by_document(corpus, segmented(corpus, KeptVectors(at_a_time=at_a_time)))))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else None))
