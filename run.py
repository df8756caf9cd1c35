#!/usr/bin/env python3
"""Set-up and entry, standard library only: makes `.venv`, installs what is missing, runs one command.

    python3 run.py                 the demo: a company's files in, briefs out, pages on 127.0.0.1
    python3 run.py test            the tests
    python3 run.py --help          the rest

Written so that an old Python can still read it and say what it needs.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib.util
import json
import locale
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "whobuys-setup.json"
CONSTRAINTS = ROOT / "constraints.txt"
CASES = ("ru_coworking", "en_ebikes")
NEEDED_PYTHON = (3, 11)
SYSTEM_PYTHON = getattr(sys, "_base_executable", None) or sys.executable
"""The Python outside of any environment: its pip acts on `.venv` where `.venv` has none."""

TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""PyTorch's own index of CPU builds; the default Linux build brings about 3 GB of CUDA libraries along."""

WARM_UP = """
from service.core.settings import Settings
from service.embedding.encoder import encoder_for
from service.segments.consensus import warm_up
encoder_for(Settings()).encode(["ready"])
warm_up()
import chromadb, dbos, fastapi
"""
"""Compiles once what every first analysis would otherwise wait for: numeric kernels, bytecode of the big libraries."""

EXTRAS = {"test": ("dev",), "check": ("dev",), "eval": ("peers",)}
"""What a command needs besides the product itself (names of extras in pyproject.toml)."""

SENTENCES = {
    "old_python": (
        "whobuys needs Python 3.11 or newer; this is {version} ({path}). {hint}",
        "whobuys нужен Python 3.11 или новее, а это {version} ({path}). {hint}",
    ),
    "use_this": ("Try: {python} run.py", "Попробуйте: {python} run.py"),
    "get_python": ("Install one from python.org and call run.py with it.", "Поставьте его с python.org."),
    "intel_mac": (
        "PyTorch {torch} has no build for Intel Macs. Use Docker instead: docker compose up",
        "У PyTorch {torch} нет сборки для маков на Intel. Запустите в Docker: docker compose up",
    ),
    "no_pip": (
        "Neither pip nor ensurepip was found. On Debian or Ubuntu: apt install python3-pip",
        "Не нашлось ни pip, ни ensurepip. В Debian и Ubuntu: apt install python3-pip",
    ),
    "setting_up": (
        "Setting up .venv with {tool} (once; the first time takes a few minutes)",
        "Готовлю .venv с помощью {tool} (один раз; впервые это займёт несколько минут)",
    ),
    "torch": ("PyTorch {torch}, CPU build", "PyTorch {torch}, сборка для процессора"),
    "torch_index_silent": (
        "PyTorch's CPU index does not answer: going on with the default one (on Linux that is about 3 GB more).",
        "Каталог сборок PyTorch для процессора не отвечает: беру обычную сборку (в Linux это примерно на 3 ГБ больше).",
    ),
    "packages": ("packages of constraints.txt", "пакеты из constraints.txt"),
    "warm_up": ("compiling the numeric parts", "сборка вычислительной части"),
    "failed": ("This failed:\n  {command}\n{output}", "Не получилось:\n  {command}\n{output}"),
    "ready": ("Ready in {seconds:.0f} s.", "Готово за {seconds:.0f} с."),
    "demo": (
        "Demo company: {case}. Its files: {inputs}\nEverything made from them: {home}",
        "Демонстрационная компания: {case}. Её файлы: {inputs}\nВсё, что из них получится: {home}",
    ),
    "briefs": ("{count} briefs, each as .md and .html: {folder}", "Брифов: {count}, каждый в .md и .html: {folder}"),
    "checked": ("{name}: {state}", "{name}: {state}"),
    "good": ("good", "в порядке"),
    "bad": ("needs work", "есть замечания"),
}
"""Every sentence this file says: English, Russian."""


def main(argv: list[str]) -> int:
    """Set up if needed, then run one command; returns its exit status."""
    require_python()
    arguments = parse(argv)
    set_up(EXTRAS.get(arguments.command, ()))
    try:
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        return 130


def parse(argv: list[str]) -> argparse.Namespace:
    """The command and its options; words meant for pytest, `whobuys` or `eval` are passed on in `rest`."""
    parser = argparse.ArgumentParser(prog="run.py", description="Who is our customer really? Set-up and entry.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser("demo", help="a demo company from files to briefs, then its pages (default)")
    demo.add_argument("--case", choices=CASES, default=CASES[0], help="which demo company (default: %(default)s)")
    demo.add_argument("--no-serve", action="store_true", help="end after the briefs")
    demo.add_argument("--home", type=Path, help="where to keep its data (default: .whobuys/demo-CASE)")
    demo.set_defaults(run=run_demo)
    for name, (text, _) in PASSING.items():
        commands.add_parser(name, help=text, add_help=False)
    words = argv or ["demo"]
    if words[0] in PASSING:
        return argparse.Namespace(command=words[0], run=lambda _: PASSING[words[0]][1](words[1:]))
    if words[0].startswith("-") and words[0] not in ("-h", "--help"):
        words = ["demo", *words]
    return parser.parse_args(words)


# Set-up


def require_python() -> None:
    """Stop with a sentence where Python is too old or PyTorch has no build."""
    if sys.version_info < NEEDED_PYTHON:
        found = [name for name in ("python3.11", "python3.12", "python3.13") if shutil.which(name)]
        hint = say("use_this", python=found[0]) if found else say("get_python")
        sys.exit(say("old_python", version=platform.python_version(), path=sys.executable, hint=hint))
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        sys.exit(say("intel_mac", torch=torch_version()))


def set_up(extras: tuple[str, ...]) -> None:
    """Make `.venv` hold everything the command needs; a stamp makes every later call a matter of milliseconds."""
    stamp = read_stamp()
    if stamp is not None and set(extras) <= set(stamp):
        return
    started = time.monotonic()
    uv = shutil.which("uv")
    print(say("setting_up", tool="uv" if uv else "pip"), flush=True)
    make_venv(with_pip=uv is None)
    indexes = pip_indexes()
    wanted = sorted({*extras, *(stamp or ())})
    install_torch(uv, indexes)
    target = f".[{','.join(wanted)}]" if wanted else "."
    install(uv, indexes, ["-c", str(CONSTRAINTS), "-e", target], say("packages"))
    warm_up()
    STAMP.write_text(json.dumps({"key": setup_key(), "extras": wanted}), encoding="utf-8")
    print(say("ready", seconds=time.monotonic() - started), flush=True)


def read_stamp() -> list[str] | None:
    """Extras installed by the last complete set-up; None where there is none or it was for other requirements."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return list(stamp["extras"]) if stamp.get("key") == setup_key() and PYTHON.exists() else None


def setup_key() -> str:
    """A hash of everything that decides what `.venv` must hold."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def make_venv(with_pip: bool) -> None:
    """An environment in `.venv`, without its own pip where the system has no ensurepip (Debian, Ubuntu)."""
    if PYTHON.exists() and subprocess.call([str(PYTHON), "-c", ""], stderr=subprocess.DEVNULL) == 0:
        return
    own_pip = with_pip and importlib.util.find_spec("ensurepip") is not None
    run_quietly([SYSTEM_PYTHON, "-m", "venv", "--clear", *([] if own_pip else ["--without-pip"]), str(VENV)])


def pip_command() -> list[str]:
    """The environment's own pip, else the system's pip acting on the environment."""
    if own_pip():
        return [str(PYTHON), "-m", "pip"]
    if not system_has_pip():
        sys.exit(say("no_pip"))
    return [SYSTEM_PYTHON, "-m", "pip", "--python", str(PYTHON)]


def own_pip() -> bool:
    """Whether the environment has a pip of its own."""
    return any(VENV.glob("**/site-packages/pip/__init__.py"))


def system_has_pip() -> bool:
    """Whether the system's Python has pip."""
    return subprocess.run([SYSTEM_PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def pip_indexes() -> dict[str, list[str]]:
    """Where pip was told to look, from its configuration files and environment: option name → places."""
    asked = [str(PYTHON) if own_pip() else SYSTEM_PYTHON, "-m", "pip", "config", "list"]
    listing = subprocess.run(asked, capture_output=True, text=True)
    places: dict[str, list[str]] = {}
    for line in listing.stdout.splitlines():
        found = re.match(r"(?:global|install|:env:)\.(find-links|index-url|extra-index-url)=(.+)", line)
        if found:
            for place in str(ast.literal_eval(found.group(2))).split():
                if place not in places.setdefault(found.group(1), []):
                    places[found.group(1)].append(place)
    return places


def install_torch(uv: str | None, indexes: dict[str, list[str]]) -> None:
    """A CPU build of torch on Linux, before anything else can ask for the default one with CUDA."""
    if "find-links" in indexes or sys.platform != "linux" or torch_is_there():
        return
    command = [f"torch=={torch_version()}", "--no-deps", "--index-url", TORCH_CPU_INDEX]
    patience = [] if uv else ["--retries", "0", "--timeout", "20"]
    try:
        install(uv, {}, [*command, *patience], say("torch", torch=torch_version()))
    except SystemExit:
        print(f"  {say('torch_index_silent')}", flush=True)


def torch_is_there() -> bool:
    """Whether the environment already has the pinned torch, of whatever build."""
    code = "import importlib.metadata as m; print(m.version('torch').split('+')[0])"
    answer = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True)
    return answer.stdout.strip() == torch_version()


def torch_version() -> str:
    """The version constraints.txt pins."""
    found = re.search(r"^torch==([\w.]+)", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else ""


def install(uv: str | None, indexes: dict[str, list[str]], what: list[str], title: str) -> None:
    """Install with uv, handing it what pip is configured with, else with pip; ends the program where it fails."""
    if uv:
        handed = [word for option, places in indexes.items() for place in places for word in (f"--{option}", place)]
        several = ["--index-strategy", "unsafe-best-match"] if handed else []
        command = [uv, "pip", "install", "--python", str(PYTHON), *handed, *several, *what]
    else:
        command = [*pip_command(), "install", "--disable-pip-version-check", "--no-input", *what]
    run_quietly(command, title)


def warm_up() -> None:
    """Compile ahead of the first analysis; where it fails nothing is lost but the time, so the set-up stands."""
    started = time.monotonic()
    subprocess.run([str(PYTHON), "-c", WARM_UP], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"  {say('warm_up')}: {time.monotonic() - started:.0f} s", flush=True)


def run_quietly(command: list[str], title: str = "") -> None:
    """Run a long command showing only how far it is; ends the program with its last words where it fails."""
    started = time.monotonic()
    words: list[str] = []
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    for line in process.stdout or ():
        words.append(line.rstrip())
        if title and sys.stdout.isatty():
            print(f"\r\033[K  {title}: {line.strip()[:60]}", end="", flush=True)
    if process.wait() != 0:
        sys.exit(say("failed", command=" ".join(command), output="\n".join(words[-25:])))
    if title:
        clear = "\r\033[K" if sys.stdout.isatty() else ""
        print(f"{clear}  {title}: {time.monotonic() - started:.0f} s", flush=True)


# Commands


def run_demo(arguments: argparse.Namespace) -> int:
    """One demo company through the same doors as anyone's files: ingest, analyze, summary, briefs, pages."""
    started = time.monotonic()
    inputs = ROOT / "eval" / "cases" / arguments.case / "inputs"
    home = arguments.home or ROOT / ".whobuys" / f"demo-{arguments.case}"
    print(say("demo", case=arguments.case, inputs=shown(inputs), home=shown(home)), flush=True)
    os.environ["WHOBUYS_HOME"] = str(home)
    for words in (["ingest", str(inputs)], ["analyze"], ["summary"]):
        status = whobuys(*words)
        if status:
            return status
    status = write_briefs(home / "briefs")
    if status:
        return status
    print(say("ready", seconds=time.monotonic() - started), flush=True)
    return 0 if arguments.no_serve else whobuys("serve")


def write_briefs(folder: Path) -> int:
    """Every brief as Markdown and HTML, by the project's own command line, in one process."""
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "segments.json"
    status = whobuys("export", "segments", "--format", "json", "-o", str(table))
    if status:
        return status
    rows = json.loads(table.read_text(encoding="utf-8"))
    names = [row["segment"] for row in rows if row["kind"] == "segment"]
    briefs: list[tuple[str, list[str], str]] = [("comparison", [], "comparison"), ("session", [], "session")]
    for kind in ("creative", "script"):
        briefs += [(kind, ["--segment", name], f"{kind}-{name}") for name in names]
    lines = [
        ["brief", kind, *which, "--format", form, "-o", str(folder / f"{file}.{form}")]
        for kind, which, file in briefs
        for form in ("md", "html")
    ]
    code = "import json, sys; from service.cli import main; sys.exit(max(map(main, json.load(sys.stdin))))"
    done = subprocess.run(
        [str(PYTHON), "-c", code], cwd=ROOT, input=json.dumps(lines), text=True, stdout=subprocess.DEVNULL
    )
    print(say("briefs", count=len(briefs), folder=shown(folder)), flush=True)
    return done.returncode


def run_checks() -> int:
    """Every check, even after one has failed; 1 where any did."""
    checks: dict[str, list[str | Path]] = {
        "ruff": [PYTHON, "-m", "ruff", "check", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "import-linter": [PYTHON.with_name("lint-imports")],
        "mypy": [PYTHON, "-m", "mypy"],
    }
    failed = {name: bool(call(words)) for name, words in checks.items()}
    for name, bad in failed.items():
        print(say("checked", name=name, state=say("bad" if bad else "good")))
    return int(any(failed.values()))


PASSING: dict[str, tuple[str, Callable[[list[str]], int]]] = {
    "serve": ("the pages and the API on 127.0.0.1", lambda rest: whobuys("serve", *rest)),
    "worker": ("a process that takes jobs from the queue", lambda rest: whobuys("worker", *rest)),
    "test": ("the tests; further words go to pytest", lambda rest: call([PYTHON, "-m", "pytest", *rest])),
    "check": ("ruff, mypy --strict and import-linter", lambda rest: run_checks()),
    "eval": ("measure quality: segments, claims, speed …", lambda rest: call([PYTHON, "-m", "eval", *rest])),
}
"""Commands whose further words are passed on as they are: help text, what to run."""


def whobuys(*words: str) -> int:
    """The project's own command line."""
    return call([PYTHON, "-m", "service.cli", *words])


def call(command: Sequence[str | Path]) -> int:
    """Run in the project's folder and wait; Ctrl-C reaches the child, which ends in its own way."""
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


# Words


def say(sentence: str, **values: object) -> str:
    """One sentence in the reader's language."""
    return SENTENCES[sentence][1 if speaks_russian() else 0].format(**values)


def speaks_russian() -> bool:
    """From WHOBUYS_LANGUAGE, else the system's locale."""
    chosen = os.environ.get("WHOBUYS_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    return (chosen or locale.getlocale()[0] or "").lower().startswith("ru")


def shown(path: Path) -> str:
    """A path as seen from the project's folder."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
