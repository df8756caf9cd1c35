"""No bytes whatever stop a harvest, and no ref leaves its folder."""
# ruff: noqa: E501  (rows of real exports are easier to compare unwrapped)

from __future__ import annotations

import tempfile
from pathlib import Path

from exports import OPTIONS, as_json, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.pipeline import harvest

NAMES = st.sampled_from(
    [
        "a.txt",
        "a.csv",
        "a.json",
        "a.vtt",
        "a.srt",
        "a.md",
        "calls/x.txt",
        "personas/owner.md",
        "creatives/c.md",
        "a.xlsx",
        "a.zip",
        "a",
    ]
)
SEEDS = st.sampled_from(
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hi there\n",
        "1\n00:00:00,400 --> 00:00:02,000\nhello\n\n",
        "Agent: hello\nCustomer: how much\n",
        as_json({"segments": [{"start": 0, "end": 1, "text": "hi", "speaker": "SPEAKER_00"}]}),
        as_json({"results": {"channels": [{"alternatives": [{"words": [{"word": "a", "start": 1}]}]}]}}),
        table([["Deal ID", "Deal Stage", "Amount", "Close Date"], ["1", "Won", "1 000,5", "31.12.2025"]]),
        table([["ID примечания", "Контакт", "Текст примечания"], ["1", "Анна", "ждёт"]], ";"),
        table([["id", "email", "campaign", "Why?"], ["1", "a@example.com", "x", "because"]], "\t"),
        "---\nkey: [1, {a: b}]\n---\n# Title\n- platform: VK\n",
        "PK\x03\x04",
    ]
)
SMALL = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def check(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        found = harvest([Path(made)], OPTIONS)
    taken = len(found.documents) + len(found.deals) + len(found.ad_spend) + len(found.texts)
    assert taken or found.rejects
    assert "reader_failed" not in {reject.code for reject in found.rejects}
    refs = [d.ref for d in found.documents] + [d.ref for d in found.deals] + [t.ref for t in found.texts]
    assert all(ref.startswith(name) for ref in refs)


@SMALL
@given(NAMES, st.binary(max_size=400))
def test_any_bytes(name: str, content: bytes) -> None:
    check(name, content)


@SMALL
@given(NAMES, st.text(max_size=300))
def test_any_text(name: str, content: str) -> None:
    check(name, content.encode("utf-8", "surrogatepass"))


@SMALL
@given(NAMES, SEEDS, st.data())
def test_real_files_cut_and_mangled(name: str, seed: str, data: st.DataObject) -> None:
    content = bytearray(seed.encode("utf-8", "replace"))
    for _ in range(data.draw(st.integers(0, 6))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    check(name, bytes(content[: data.draw(st.integers(0, len(content)))]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["segments", "results", "utterances", "alternatives", "text", "speaker", "words", "final", "channels", "field_data",
                             "answers", "chunks", "result", "sentences", "transcript", "callTranscripts", "user_column_data", "offsets",
                             "finalRefinement", "normalizedText", "start", "end", "data", "id", "email", "phone", "parties", "calls"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)  # fmt: skip


@SMALL
@given(JSON)
def test_any_json_of_familiar_keys(data: object) -> None:
    check("a.json", as_json(data).encode())
