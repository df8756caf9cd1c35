"""The one place where the environment is read. Every field is documented; nothing else touches `os.environ`."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """whobuys settings, from environment variables `WHOBUYS_*` or an `.env` file in the working folder."""

    model_config = SettingsConfigDict(env_prefix="WHOBUYS_", env_file=".env", extra="ignore")

    home: Path = Field(default=Path(".whobuys"), description="Folder of the database, the index and the jobs.")
    database_url: str | None = Field(
        default=None, description="SQLAlchemy URL; default is SQLite in `home`. PostgreSQL: postgresql+psycopg://…"
    )
    workspace: str = Field(default="default", description="Workspace used when none is named.")
    language: Literal["ru", "en"] | None = Field(
        default=None, description="Language of briefs and pages; default: the language most customers speak."
    )
    currency: str | None = Field(
        default=None, description="Currency of files that do not name one (RUB, USD …); default follows the language."
    )
    region: str = Field(
        default="RU", description="Country (two letters) of telephone numbers written without a country code."
    )
    encoder: str = Field(
        default="use-multilingual",
        description="`use-multilingual`, `e5-small` (both packaged), or any sentence-transformers name or folder.",
    )
    chroma_url: str | None = Field(default=None, description="A Chroma server; default is embedded, in `home`.")
    evidence_index: bool = Field(default=True, description="Keep the evidence index (Chroma) up to date.")
    seed: int = Field(default=0, description="Seed of every random choice.")
    threads: int = Field(default=2, ge=1, description="CPU threads for the encoder and the looks.")
    host: str = Field(default="127.0.0.1", description="Address the pages are served on.")
    port: int = Field(default=8765, description="Port the pages are served on.")
    public_url: str | None = Field(
        default=None,
        description="Address at which people open the pages, such as https://whobuys.example.com: what links that are "
        "handed out begin with.",
    )
    executor_id: str | None = Field(
        default=None,
        description="Stable name of this machine's worker: an interrupted analysis is taken up by a process of the "
        "same name. Default: `local` with SQLite, the host name with PostgreSQL.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="Least weight of what `serve` and `worker` log; `info` adds a line a request."
    )
    requests_per_minute: int = Field(
        default=600, ge=0, description="Requests a minute from one key, or from one address without any; 0: no limit."
    )
    uploads_per_minute: int = Field(default=60, ge=0, description="Uploads a minute, likewise.")
    sign_ins_per_minute: int = Field(default=10, ge=0, description="Attempts to sign in a minute from one address.")
    llm: str | None = Field(
        default=None,
        description="Language model as `provider:model`: openai:gpt-…, ollama:…, gigachat:…; none is asked by default.",
    )
    llm_base_url: str | None = Field(
        default=None, description="Address of an OpenAI-compatible server (YandexGPT, vLLM, Ollama, llama.cpp)."
    )
    llm_api_key: SecretStr | None = Field(
        default=None, description="The model's key; default is the provider's own variable. Never stored or logged."
    )
    llm_output: Literal["json_schema", "function_calling", "json_mode"] = Field(
        default="json_schema", description="How the model is held to a schema; some servers know only one of them."
    )
    llm_timeout: float = Field(default=60.0, gt=0, description="Seconds before a call to the model is given up.")
    llm_retries: int = Field(default=2, ge=0, le=10, description="Further tries after a timeout, 429 or 5xx.")
    llm_fallbacks: str = Field(
        default="", description="Models asked when the first does not answer, by comma: `provider:model` or `…@URL`."
    )
    llm_concurrency: int = Field(default=4, ge=1, le=64, description="Calls to the model under way at once.")
    llm_answer_tokens: int = Field(default=3000, ge=64, description="Most tokens of one answer.")
    llm_token_cap: int = Field(
        default=400_000, ge=0, description="Tokens (in and out) one analysis may spend; then plain sentences are used."
    )
    llm_cost_cap: float | None = Field(default=None, ge=0, description="Money one analysis may spend on the model.")
    llm_price_in: float = Field(default=0.0, ge=0, description="Price of a million tokens sent.")
    llm_price_out: float = Field(default=0.0, ge=0, description="Price of a million tokens answered.")
    llm_currency: str = Field(default="USD", description="Currency of these prices and of the cap.")
    webhook_private: bool = Field(
        default=False, description="Let webhooks point to plain http and to addresses of this network."
    )
    max_upload_bytes: int = Field(default=64 * 1024 * 1024, description="Largest single file taken.")

    @cached_property
    def sql_url(self) -> str:
        """Database URL with the SQLite default filled in."""
        return self.database_url or f"sqlite:///{(self.home / 'whobuys.db').absolute()}"

    @property
    def index_path(self) -> Path:
        """Folder of the embedded evidence index."""
        return self.home / "index"


def load_settings() -> Settings:
    """Read settings afresh (tests change the environment between calls)."""
    return Settings()
