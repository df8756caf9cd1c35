"""Set-up by run.py: on an old Python, without ensurepip, with pip's own places to look, without PyTorch's index."""

from __future__ import annotations

import ast
import os
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOBUYS_LANGUAGE", "en")


@pytest.fixture
def bare_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's Python with a pip that was told nothing: no configuration file, no PIP_* variables."""
    if not run.system_has_pip():
        pytest.skip("the system's Python has no pip")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.fixture
def empty_venv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    venv = tmp_path / ".venv"
    monkeypatch.setattr(run, "VENV", venv)
    monkeypatch.setattr(run, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(run, "STAMP", venv / "whobuys-setup.json")
    return venv


def test_an_old_python_can_read_the_file() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_only_the_standard_library_is_imported() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


@pytest.mark.usefixtures("english")
def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "NEEDED_PYTHON", (99, 0))
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "python3.12" else None)
    with pytest.raises(SystemExit) as ended:
        run.require_python()
    assert "needs Python 3.11" in str(ended.value)
    assert "python3.12 run.py" in str(ended.value)


@pytest.mark.parametrize("name", sorted(run.SENTENCES))
def test_every_sentence_names_the_same_things_in_both_languages(name: str) -> None:
    english, russian = (
        {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in run.SENTENCES[name]
    )
    assert english == russian


@pytest.mark.parametrize(
    ("variable", "value", "russian"),
    [("LANG", "ru_RU.UTF-8", True), ("LANG", "en_US.UTF-8", False), ("WHOBUYS_LANGUAGE", "ru", True)],
)
def test_language_follows_the_system(variable: str, value: str, russian: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WHOBUYS_LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    assert run.speaks_russian() is russian


@pytest.mark.usefixtures("bare_pip", "empty_venv")
def test_pip_is_asked_where_it_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nfind-links = /wheels /more\nextra-index-url = https://a.example/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    places = run.pip_indexes()
    assert places["find-links"] == ["/wheels", "/more"]
    assert places["extra-index-url"] == ["https://a.example/simple"]


def test_uv_is_handed_what_pip_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(run, "run_quietly", lambda command, title="": commands.append(command))
    run.install("/bin/uv", {"find-links": ["/wheels"], "extra-index-url": ["file:///a", "file:///b"]}, ["-e", "."], "")
    words = commands[0]
    assert words[:3] == ["/bin/uv", "pip", "install"]
    assert words[words.index("--find-links") :][:2] == ["--find-links", "/wheels"]
    assert [words[at + 1] for at, word in enumerate(words) if word == "--extra-index-url"] == ["file:///a", "file:///b"]
    assert "unsafe-best-match" in words


@pytest.mark.usefixtures("bare_pip", "empty_venv")
def test_without_ensurepip_the_systems_pip_acts_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    real = run.importlib.util.find_spec
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else real(name))
    run.make_venv(with_pip=True)
    assert subprocess.call([str(run.PYTHON), "-c", "import sys; sys.exit(sys.prefix == sys.base_prefix)"]) == 0
    assert run.pip_command() == [run.SYSTEM_PYTHON, "-m", "pip", "--python", str(run.PYTHON)]


@pytest.mark.usefixtures("english", "empty_venv")
def test_a_system_without_any_pip_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "system_has_pip", lambda: False)
    with pytest.raises(SystemExit, match="apt install python3-pip"):
        run.pip_command()


@pytest.mark.usefixtures("english", "bare_pip", "empty_venv")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the default build of torch is the CPU one")
def test_an_unreachable_torch_index_is_said_and_passed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run.make_venv(with_pip=False)
    monkeypatch.setattr(run, "TORCH_CPU_INDEX", "http://127.0.0.1:9/")
    run.install_torch(None, {})
    assert "does not answer" in capsys.readouterr().out


@pytest.mark.usefixtures("empty_venv")
def test_places_of_ones_own_are_preferred_to_the_torch_index(empty_venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "install", lambda *_: pytest.fail("asked an index"))
    run.install_torch(None, {"find-links": ["/wheels"]})


@pytest.mark.usefixtures("english")
def test_a_failed_command_ends_with_its_last_words() -> None:
    with pytest.raises(SystemExit) as ended:
        run.run_quietly([sys.executable, "-c", "print('no wheel for this machine'); raise SystemExit(3)"], "torch")
    assert "no wheel for this machine" in str(ended.value)


class TestStamp:
    """A complete set-up is remembered until what it was made for changes."""

    @pytest.fixture(autouse=True)
    def project(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_venv: Path) -> list[list[str]]:
        monkeypatch.setattr(run, "ROOT", tmp_path)
        monkeypatch.setattr(run, "CONSTRAINTS", tmp_path / "constraints.txt")
        (tmp_path / "pyproject.toml").write_text("[project]\n")
        (tmp_path / "constraints.txt").write_text("torch==2.13.0\n")
        empty_venv.joinpath("bin").mkdir(parents=True)
        run.PYTHON.symlink_to(sys.executable)
        self.installed: list[list[str]] = []
        monkeypatch.setattr(run, "install_torch", lambda *_: None)
        monkeypatch.setattr(run, "warm_up", lambda: None)
        monkeypatch.setattr(run, "install", lambda uv, indexes, what, title: self.installed.append(what))
        return self.installed

    def test_the_second_call_installs_nothing(self) -> None:
        run.set_up(())
        run.set_up(())
        assert len(self.installed) == 1

    def test_a_command_that_needs_more_adds_it_and_keeps_the_rest(self) -> None:
        run.set_up(("peers",))
        run.set_up(("dev",))
        run.set_up(("dev", "peers"))
        assert [words[-1] for words in self.installed] == [".[peers]", ".[dev,peers]"]

    def test_a_changed_requirement_installs_again(self, tmp_path: Path) -> None:
        run.set_up(())
        (tmp_path / "constraints.txt").write_text("torch==2.14.0\n")
        run.set_up(())
        assert len(self.installed) == 2

    def test_a_broken_stamp_installs_again(self) -> None:
        run.set_up(())
        run.STAMP.write_text("{", encoding="utf-8")
        run.set_up(())
        assert len(self.installed) == 2

    def test_an_interrupted_set_up_is_not_remembered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(run, "install", stop)
        with pytest.raises(KeyboardInterrupt):
            run.set_up(())
        assert run.read_stamp() is None


class TestWords:
    """What is typed after run.py."""

    def test_nothing_means_the_demo(self) -> None:
        arguments = run.parse([])
        assert (arguments.command, arguments.case, arguments.no_serve) == ("demo", "ru_coworking", False)

    def test_options_alone_are_the_demos(self) -> None:
        arguments = run.parse(["--no-serve", "--case", "en_ebikes"])
        assert (arguments.command, arguments.case, arguments.no_serve) == ("demo", "en_ebikes", True)

    @pytest.mark.parametrize("words", [["frobnicate"], ["demo", "--case", "elsewhere"]], ids=" ".join)
    def test_unknown_words_are_refused(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            run.parse(words)
        assert ended.value.code == 2
        assert words[-1] in capsys.readouterr().err

    def test_words_for_pytest_are_passed_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        called: list[list[object]] = []
        monkeypatch.setattr(run, "call", lambda command: called.append(list(command)) or 0)
        arguments = run.parse(["test", "-k", "names", "--help"])
        assert arguments.run(arguments) == 0
        assert called[0][1:] == ["-m", "pytest", "-k", "names", "--help"]

    @pytest.mark.parametrize("readme", ["README.md", "README.ru.md"])
    def test_the_readme_names_every_command(self, readme: str) -> None:
        text = (ROOT / readme).read_text(encoding="utf-8")
        missing = {name for name in run.PASSING if not re.search(rf"run\.py {name}\b", text)}
        assert not missing
