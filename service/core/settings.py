"""The one place where the environment is read. Every field is documented; nothing else touches `os.environ`."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
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
    executor_id: str | None = Field(
        default=None,
        description="Stable name of this machine's worker: an interrupted analysis is taken up by a process of the "
        "same name. Default: `local` with SQLite, the host name with PostgreSQL.",
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
