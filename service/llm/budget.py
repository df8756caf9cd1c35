"""Tokens and money of one run: what may still be spent, and what was."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field

from service.core.settings import Settings

BYTES_A_TOKEN = 4
"""Bytes of UTF-8 taken for a token: 4 Latin or 2 Cyrillic letters. Tokenizers of 2024–2026 need about 4.2 and 2.6
letters, so that an estimate is rather too high than too low."""

REPLY_SHARE = 0.6
"""An answer is expected to be this much of the data sent, when nothing better is known."""


def tokens_of(*texts: str) -> int:
    """Estimated tokens of the texts."""
    return math.ceil(sum(len(text.encode()) for text in texts) / BYTES_A_TOKEN)


@dataclass
class Budget:
    """Prices are of a million tokens. Threads may ask at once."""

    token_cap: int
    cost_cap: float | None
    price_in: float
    price_out: float
    tokens: int = 0
    """Spent or promised so far."""
    cost_so_far: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Money for so many tokens."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000

    def promise(self, tokens_in: int, tokens_out: int) -> bool:
        """Set aside what a question may need at most; False, and nothing set aside, where that passes a cap."""
        money = self.cost(tokens_in, tokens_out)
        with self._lock:
            if self.tokens + tokens_in + tokens_out > self.token_cap:
                return False
            if self.cost_cap is not None and self.cost_so_far + money > self.cost_cap:
                return False
            self.tokens += tokens_in + tokens_out
            self.cost_so_far += money
            return True

    def settle(self, promised: tuple[int, int], spent: tuple[int, int]) -> None:
        """Put what was spent in place of what was promised."""
        with self._lock:
            self.tokens += sum(spent) - sum(promised)
            self.cost_so_far += self.cost(*spent) - self.cost(*promised)


def budget_of(settings: Settings, tokens: int = 0, cost: float = 0.0) -> Budget:
    """The run's budget, with what it has spent already."""
    return Budget(
        settings.llm_token_cap, settings.llm_cost_cap, settings.llm_price_in, settings.llm_price_out, tokens, cost
    )
