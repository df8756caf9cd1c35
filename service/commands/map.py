"""`whobuys map`: the map of customers as a file."""

from __future__ import annotations

from pathlib import Path

from service.commands.console import desk, write_out
from service.core.errors import BadInput, NotReady


def draw(format: str | None, lang: str | None, output: Path | None, workspace: str | None) -> None:
    """Write the map of the last analysis as SVG or HTML; the format goes by the file's name unless it is said."""
    from service.core.numbers import LANGUAGES
    from service.segments.drawing import Language, map_page, map_svg
    from service.segments.repository import load_segmentation
    from service.store.runs import latest_done

    with desk(workspace) as at:
        wanted = format or ("html" if output and output.suffix.lower() in (".html", ".htm") else "svg")
        language = lang or at.language
        for value, known in ((wanted, ("svg", "html")), (language, LANGUAGES)):
            if value not in known:
                names = ", ".join(known)
                raise BadInput(f"{value!r} is none of: {names}.", ru=f"{value!r} — не из списка: {names}.")
        with at.store.session() as session:
            segmentation = load_segmentation(session, at.workspace, latest_done(session, at.workspace).id)
        if segmentation.map is None:
            raise NotReady(
                "The last analysis has no map: too few customers, or an older version made it; run `whobuys analyze`.",
                ru="У последнего анализа карты нет: клиентов мало или его сделала старая версия; "
                "выполните `whobuys analyze`.",
            )
        spoken: Language = "ru" if language == "ru" else "en"
        html = wanted == "html"
        write_out(map_page(segmentation, spoken) if html else map_svg(segmentation, spoken, alone=True), output)
