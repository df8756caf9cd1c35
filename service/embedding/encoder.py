"""The one door to sentence-transformers: texts to unit vectors.

The default, `use-multilingual`, ships its weights inside a package, so nothing is downloaded. Any other name is given
to sentence-transformers as it is: a folder, or a model name where the machine may reach a hub. docs/decisions/0003
records why this default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from service.core.errors import BadInput
from service.core.progress import Progress, silent
from service.core.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from service.embedding.packaged import PackagedText

Floats = NDArray[np.float32]

BATCH = 256
"""Texts a call; sentence-transformers sorts them by length first."""


def _packaged(name: str) -> Callable[[int], PackagedText] | None:
    if name not in ("use-multilingual", "e5-small"):
        return None
    from service.embedding import packaged

    return packaged.use_multilingual if name == "use-multilingual" else packaged.e5_small


class Encoder:
    """A sentence encoder, loaded at first use.

    `name` identifies the model in the vector cache; `encode` gives (n, dim) float32, L2-normalised rows.
    """

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        self._threads = threads
        self._model: SentenceTransformer | None = None

    def _load(self) -> SentenceTransformer:
        if self._model is None:
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            import torch
            from sentence_transformers import SentenceTransformer

            torch.set_num_threads(self._threads)
            build = _packaged(self.name)
            try:
                source: Any = {"modules": [build(self._threads)]} if build else {"model_name_or_path": self.name}
                self._model = SentenceTransformer(device="cpu", **source)
            except (OSError, ValueError, ImportError) as error:
                raise BadInput(
                    f"The encoder {self.name!r} cannot be loaded ({error}). "
                    "Set WHOBUYS_ENCODER to `use-multilingual`, or to the folder of a sentence-transformers model."
                ) from error
        return self._model

    @property
    def model(self) -> SentenceTransformer:
        """The sentence-transformers model itself, loaded: for measurements beside `encode`."""
        return self._load()

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """Vectors of `texts`: (n, dim) float32, L2-normalised; a text without words gets a zero row."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        model = self._load()
        rows: list[Floats] = []
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            rows.append(
                np.asarray(
                    model.encode(batch, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True),
                    dtype=np.float32,
                )
            )
            progress(min(start + BATCH, len(texts)), len(texts))
        vectors = np.vstack(rows)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        empty = np.array([not text.strip() for text in texts])
        unit = (vectors / np.where(norms > 0, norms, 1.0)).astype(np.float32)
        unit[empty] = 0.0
        return unit


_LOADED: dict[tuple[str, int], Encoder] = {}


def encoder_for(settings: Settings) -> Encoder:
    """The encoder the settings name; one instance a process, so weights are loaded once."""
    key = (settings.encoder, settings.threads)
    if key not in _LOADED:
        _LOADED[key] = Encoder(*key)
    return _LOADED[key]
