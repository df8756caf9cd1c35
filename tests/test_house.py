"""The house rules that no linter knows: what is declared, where things may stand, and that the docs tell the truth."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from eval.__main__ import MEASUREMENTS
from eval.speed import heavy_at_start
from service.core.settings import Settings
from service.export import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("ingest", "prompts", "service")
OURS = {*PRODUCT, "eval", "run"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

NOT_IMPORTED = {
    "langchain-openai": "langchain opens it for openai:… and every OpenAI-compatible server",
    "httpx": "FastAPI's TestClient speaks through it",
    "psycopg": "SQLAlchemy loads it for postgresql+psycopg:// URLs",
    "pymorphy3-dicts-ru": "the dictionary pymorphy3 opens",
    "python-multipart": "FastAPI reads uploads with it",
    "types-pyyaml": "types only",
}
"""Requirements that no line of ours imports, and why they are there."""

PART_OF = {"starlette": "fastapi", "markupsafe": "jinja2"}
"""What a requirement is made of and shares its types with."""

MOST_LINES = 500
LONG_FUNCTION = 50
MOST_LONG_FUNCTIONS = 0.05
SQL_WORDS = {"select", "insert", "update", "delete", "text", "func", "create_engine", "exists", "union"}
HEADINGS = ("Context", "Decision", "Consequences", "Alternatives")


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not path.is_relative_to(ROOT / "eval" / "cases")]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Every imported module with the line that does it, `pytest.importorskip` included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr="importorskip"), args=[ast.Constant(value=str(module))]):
                yield module, node
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node


def distribution_name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def declared(*extras: str) -> set[str]:
    project = PROJECT["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return {distribution_name(line) for line in lines}


def imported_distributions(paths: list[Path], beside: set[str] = frozenset()) -> dict[str, str]:  # type: ignore[assignment]
    """Third-party distribution → one file that imports it."""
    owners = packages_distributions()
    found: dict[str, str] = {}
    for path in paths:
        for module, _ in imports_of(path):
            top = module.split(".")[0]
            if top not in OURS | sys.stdlib_module_names | beside:
                for owner in owners.get(PART_OF.get(top, top), [top]):
                    found.setdefault(owner.lower().replace("_", "-"), named(path))
    return found


class TestRequirements:
    """What is imported is declared, what is declared is used and pinned."""

    @pytest.mark.parametrize(
        ("folders", "extras"),
        [(PRODUCT, ("gigachat",)), (("eval",), ("peers", "dev")), (("tests",), ("peers", "dev", "local-model"))],
        ids=["product", "eval", "tests"],
    )
    def test_every_import_is_declared(self, folders: tuple[str, ...], extras: tuple[str, ...]) -> None:
        beside = {path.stem for path in (ROOT / "tests" / "support").glob("*")}
        found = imported_distributions(python_files(*folders), beside)
        allowed = declared(*extras)
        assert {name: where for name, where in found.items() if name not in allowed} == {}

    def test_every_requirement_is_used(self) -> None:
        used = set(imported_distributions(python_files(*PRODUCT, "eval", "tests")))
        tools = {"mypy", "ruff", "import-linter"}
        assert declared("peers", "dev") - used - set(NOT_IMPORTED) - tools == set()

    def test_every_requirement_is_pinned(self) -> None:
        pins = {distribution_name(line) for line in constraint_lines()}
        assert declared("peers", "dev") - pins == set()

    def test_constraints_hold_plain_pins_only(self) -> None:
        assert [line for line in constraint_lines() if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def constraint_lines() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class TestCode:
    """Where things may stand, and how big they get."""

    def test_sql_stands_in_repositories_and_the_store(self) -> None:
        allowed = re.compile(r"service/(store/|embedding/vectors\.py|[a-z]+/([a-z]+/)?repository(\.py|/))")
        found = [
            f"{named(path)}:{node.lineno}"
            for path in python_files("ingest", "prompts", "service", "eval")
            for module, node in imports_of(path)
            if isinstance(node, ast.ImportFrom)
            and module.split(".")[0] == "sqlalchemy"
            and SQL_WORDS & {alias.name for alias in node.names}
            and not allowed.match(named(path))
        ]
        assert found == []

    def test_the_environment_is_read_in_settings_only(self) -> None:
        reads = re.compile(r"os\.getenv|os\.environ\.get|os\.environ\[[^]]+\](?! =)|in os\.environ")
        found = [
            f"{named(path)}:{number}"
            for path in python_files(*PRODUCT)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if reads.search(line) and named(path) != "service/core/settings.py"
        ]
        assert found == []

    def test_models_are_pure(self) -> None:
        impure = {"sqlalchemy", "fastapi", "torch", "chromadb", "dbos", "sklearn", "umap", "hdbscan"}
        found = [
            (named(path), module)
            for path in python_files(*PRODUCT)
            if path.name == "model.py"
            for module, _ in imports_of(path)
            if module.split(".")[0] in impure
        ]
        assert found == []

    @pytest.mark.parametrize("word", ["util", "helper", "manager", "processor", "misc", "common"])
    def test_names_say_what_a_file_is_about(self, word: str) -> None:
        assert [named(path) for path in python_files(*PRODUCT, "eval") if word in path.stem.split("_")] == []
        assert [named(path) for path in python_files(*PRODUCT, "eval") if f"{word}s" in path.stem.split("_")] == []

    def test_files_stay_readable(self) -> None:
        lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*PRODUCT)}
        assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}

    def test_few_functions_are_long(self) -> None:
        lengths = {
            f"{named(path)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
            for path in python_files(*PRODUCT, "eval")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        long = {name: length for name, length in lengths.items() if length > LONG_FUNCTION}
        assert len(long) / len(lengths) < MOST_LONG_FUNCTIONS, long

    def test_no_package_among_the_tests(self) -> None:
        assert list((ROOT / "tests").rglob("__init__.py")) == []


class TestPackaging:
    """A wheel would hold everything that the checkout runs on."""

    def test_every_folder_of_code_is_a_package(self) -> None:
        folders = {path.parent for path in python_files(*PRODUCT)} - {ROOT / "service" / "store" / "migrations"}
        folders = {folder for folder in folders if "migrations" not in folder.parts}
        assert sorted(named(folder) for folder in folders if not (folder / "__init__.py").exists()) == []

    def test_every_other_file_is_package_data(self) -> None:
        patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
        found = [
            named(path)
            for folder in PRODUCT
            for path in sorted((ROOT / folder).rglob("*"))
            if path.is_file() and path.suffix not in {".py", ".pyc"}
            if not any(fnmatch(path.name, pattern) for pattern in patterns)
        ]
        assert found == []


def test_nothing_heavy_is_loaded_when_a_command_starts() -> None:
    assert heavy_at_start() == []


class TestDocs:
    """What the documents promise is there, in both languages."""

    pages = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

    @pytest.mark.parametrize("page", pages, ids=named)
    def test_links_lead_somewhere(self, page: Path) -> None:
        links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
        assert broken == []

    @pytest.mark.parametrize("page", pages, ids=named)
    def test_commands_exist(self, page: Path, commands: set[str]) -> None:
        text = page.read_text(encoding="utf-8")
        spoken = set(re.findall(r"`whobuys ([a-z]+)\b", text))
        typed = {
            found for block in blocks(page) for line in block for found in re.findall(r"\bwhobuys ([a-z]+)\b", line)
        }
        assert (spoken | typed) - commands == set()

    @pytest.mark.parametrize("readme", ["README.md", "README.ru.md"])
    def test_exported_columns_are_as_promised(self, readme: str) -> None:
        rows = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \|$", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)
        assert {table: tuple(columns.split(", ")) for table, columns in rows} == COLUMNS

    @pytest.mark.parametrize("lang", ["en", "ru"])
    def test_every_setting_is_in_the_guide(self, lang: str) -> None:
        text = (ROOT / "docs" / "guide" / lang / "running.md").read_text(encoding="utf-8")
        documented = {name.lower() for name in re.findall(r"`WHOBUYS_([A-Z_]+)`", text)}
        assert documented == set(Settings.model_fields)

    def test_both_readmes_show_the_same_commands(self) -> None:
        english, russian = (blocks(ROOT / name) for name in ("README.md", "README.ru.md"))
        assert english == russian

    def test_the_guide_has_the_same_pages_in_both_languages(self) -> None:
        english, russian = (
            {path.name for path in (ROOT / "docs" / "guide" / lang).glob("*.md")} for lang in ("en", "ru")
        )
        assert english == russian

    @pytest.mark.parametrize("record", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=named)
    def test_decisions_say_what_else_was_weighed(self, record: Path) -> None:
        text = record.read_text(encoding="utf-8")
        assert [heading for heading in HEADINGS if f"## {heading}" not in text] == []

    def test_decisions_have_numbers_of_their_own(self) -> None:
        numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
        assert len(numbers) == len(set(numbers))


@pytest.fixture(scope="module")
def commands() -> set[str]:
    words = [sys.executable, "-m", "service.cli", "--help"]
    text = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"\b[a-z]+\b", text))


def blocks(page: Path) -> list[list[str]]:
    """The commands of each fenced block, without their comments."""
    fenced = re.findall(r"```(?:bash|sh)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [[line.split("  #")[0].rstrip() for line in block.splitlines()] for block in fenced]


class TestMeasurements:
    """`python -m eval NAME`."""

    @pytest.mark.parametrize("name", sorted(MEASUREMENTS))
    def test_every_measurement_explains_itself(self, name: str) -> None:
        words = [sys.executable, "-m", "eval", name, "--help"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert "usage" in done.stdout.lower()

    def test_an_unknown_name_is_answered_with_the_list(self) -> None:
        done = subprocess.run([sys.executable, "-m", "eval", "vibes"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 2
        assert all(name in done.stderr for name in MEASUREMENTS)
