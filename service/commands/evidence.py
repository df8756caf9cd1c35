"""`whobuys search`: what customers said about something, nearest in meaning first."""

from __future__ import annotations

from service.commands.console import desk


def search(words: str, most: int, workspace: str | None, as_json: bool) -> None:
    """Print the customers' utterances nearest to `words`."""
    from service.corpus.repository import load_corpus
    from service.embedding.step import search as nearest

    with desk(workspace, as_json) as at:
        hits = nearest(at.store, at.settings, at.workspace, words, most)
        with at.store.session() as session:
            documents = {d.id: d for d in load_corpus(session, at.workspace, at.settings).documents}
        known = [hit for hit in hits if hit.document in documents]
        rows = [
            {
                "document": hit.document,
                "position": hit.position,
                "customer": hit.customer,
                "text": documents[hit.document].document.utterances[hit.position].text,
            }
            for hit in known
        ]
        if at.as_json:
            at.answer(rows)
            return
        for row in rows:
            print(f"{row['document']}:{row['position']} · {row['customer']}\n    {row['text']}")
        if not rows:
            at.say("nothing_found")
