"""`goatcheck audit`: judges recorded traffic."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import click


@click.command("audit", short_help="Judge recorded traffic, without a request.")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option(
    "--base-path",
    metavar="PATH",
    default="/api/v1",
    show_default=True,
    help="Where the API is below its host; / for all.",
)
@click.option(
    "--host", "hosts", metavar="HOST", multiple=True, help="A host that has the API, with its port; repeatable."
)
@click.option("--contract", metavar="VERSION", help="The contract to hold it against (default: the newest).")
@click.option("--strict", is_flag=True, help="A broken SHOULD fails too.")
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1), default=1, help="Processes that judge JSON lines side by side."
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="A Dask scheduler, whose workers read and judge the files (tcp://HOST:PORT)."
)
@click.option("--label", metavar="TEXT", default="", help="A text that the report carries.")
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Where the reports go (default: reports/runs/…)."
)
@click.option("--quiet", is_flag=True, help="Print the verdict alone, and no progress.")
def command(
    files: tuple[str, ...],
    *,
    base_path: str,
    hosts: tuple[str, ...],
    contract: str | None,
    strict: bool,
    jobs: int,
    scheduler: str | None,
    label: str,
    out: Path | None,
    quiet: bool,
) -> int:
    """Judge every answer of the API in recorded traffic by what one answer can show; - reads standard input.

    A FILE is a HAR file, a journal of goatcheck's or other JSON lines of its form, a VCR cassette (YAML or JSON), WireMock stub
    mappings, WireMock's request journal, or a Postman collection with saved responses; each may be gzip-compressed. It is named by
    its path, by a pattern such as 'logs/*.jsonl', or by a URL such as s3://bucket/traffic.jsonl.

    Exit codes: 0 no MUST that the traffic shows is broken, 1 one is, 2 wrong usage, 3 no error of the API was judged, or a part could
    not be, 130 interrupted.
    """
    from rich.console import Console  # noqa: PLC0415 - the help needs none of this

    from goatcheck.audit import audit  # noqa: PLC0415
    from goatcheck.audit.cluster import connected  # noqa: PLC0415
    from goatcheck.contract import load  # noqa: PLC0415
    from goatcheck.contract.loading import CURRENT  # noqa: PLC0415
    from goatcheck.recorded import Api  # noqa: PLC0415
    from goatcheck.report.files import default_folder, write_reports  # noqa: PLC0415
    from goatcheck.report.progress import ReadingProgress  # noqa: PLC0415
    from goatcheck.report.telling import tell  # noqa: PLC0415

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    api = Api(load(contract or CURRENT), "/" + base_path.strip("/") if base_path.strip("/") else "", frozenset(hosts))
    if scheduler and jobs > 1:
        raise click.UsageError("--jobs is about processes here; with --scheduler the cluster's workers judge.")
    afar = connected(scheduler, api.contract.version) if scheduler else nullcontext()
    with afar as crew, ReadingProgress(Console(stderr=True, quiet=quiet)) as progress:
        report = audit(files, api, jobs=jobs, crew=crew, strict=strict, label=label, told=progress.read)
    written = write_reports(report, out or default_folder())
    tell(report, Console(highlight=False), os.environ, files=written, quiet=quiet)
    return report.exit_code
