"""goatcheck audit on a cluster: whatever happens to its workers, the report is the one of a single process."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys

import pytest
from local import ROOT, workers
from recordings import KEY, LATE, Said, har, line

from goatcheck.audit import cluster as module

pytest.importorskip("distributed", reason="tox -e cluster brings Dask")

SIZE = 16 * 1024


@pytest.fixture
def traffic(tmp_path):
    """A folder of recordings: JSON lines of more than twenty partitions, some of their lines damaged, and what can't be cut."""
    odd = {
        3: line(LATE),
        250: "{broken",
        260: "",
        270: '{"kind": "header", "data": {}}',
        400: line(Said(body=f"a {KEY}")),
    }
    lines = [odd.get(n % 450, line(Said(body={"n": n}))) for n in range(700)]
    folder = tmp_path / "traffic"
    folder.mkdir()
    (folder / "a.jsonl").write_text("\n".join(lines))
    (folder / "b.har").write_text(har(LATE, Said()))
    (folder / "c.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[:300]).encode())[:-50])
    (folder / "d.jsonl").write_text("\n".join(reversed(lines)))
    assert (folder / "a.jsonl").stat().st_size > 20 * SIZE
    return folder


@pytest.mark.parametrize("spoiled", ["", "kill-once", "fail-once"])
def test_the_report_is_that_of_one_process_byte_by_byte(cluster, traffic, audited, spoiled):
    names = [str(traffic / "*"), f"file://{traffic}/d.*"]
    alone = audited(*names)
    if spoiled:
        cluster.spoil(4 * SIZE, spoiled)
    code, output, reports = audited(*names, "--scheduler", cluster.address)
    assert (code, output) == alone[:2]
    assert reports == alone[2]
    assert cluster.done == ([spoiled.removesuffix("-once")] if spoiled else [])
    assert alone[0] == 1
    assert set(alone[2]) > {"report.json", "report.md", "junit.xml", "report.html"}


@pytest.mark.parametrize(
    ("how", "told"),
    [("fail", ("a worker can't judge it: ValueError", 3)), ("kill", ("every worker that took it was lost", 2))],
)
def test_a_partition_that_no_worker_can_judge_is_told_and_keeps_the_verdict_from_green(
    cluster, tmp_path, audited, how, told
):
    reason, times = told
    path = tmp_path / "a.jsonl"
    path.write_text(f"{line()}\n" * 100)
    cluster.spoil(SIZE, how)
    code, output, reports = audited(str(path), "--scheduler", cluster.address)
    assert code == 3
    assert f"{path}, bytes {SIZE} to {2 * SIZE}: {reason}" in json.loads(reports["report.json"])["notes"]
    assert cluster.done == [how] * times
    assert KEY not in output


@pytest.mark.parametrize(
    ("version", "told"), [("0.0.1", "has goatcheck 0.0.1 with contract"), ("none", "has not this goatcheck: install")]
)
def test_a_worker_of_another_goatcheck_or_without_one_is_refused(cluster, tmp_path, audited, version, told):
    path = tmp_path / "a.jsonl"
    path.write_text(line())
    with workers(tmp_path, cluster.file, 1, GOATCHECK_VERSION=version):
        cluster.client.wait_for_workers(3, timeout=60)
        code, output, _ = audited(str(path), "--scheduler", cluster.address)
    assert (code, told in output) == (2, True)


def test_what_no_worker_can_read_is_wrong_usage(cluster, audited):
    code, output, _ = audited("/gone.har", "--scheduler", cluster.address)
    assert (code, "On a worker of the cluster: /gone.har can't be read" in output) == (2, True)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://127.0.0.1:1", "No Dask scheduler was reached at tcp://127.0.0.1:1 within 1 seconds"),
        ("nowhere", "nowhere is no address of a Dask scheduler: missing port number"),
        ("tls://127.0.0.1:1", "tls://127.0.0.1:1 is no address of a Dask scheduler: TLS expects"),
    ],
)
def test_a_scheduler_that_is_not_there_is_told(audited, monkeypatch, address, told):
    monkeypatch.setattr(module, "CONNECTING", 1)
    code, output, _ = audited("x", "--scheduler", address)
    assert (code, told in output) == (2, True)


def test_ctrl_c_ends_it_at_once_and_the_cluster_is_free_again(cluster, tmp_path, audited):
    path = tmp_path / "a.jsonl"
    path.write_text(line())
    command = "from goatcheck.cli import main; main()"
    with socket.create_server(("127.0.0.1", 0)) as holding:
        holding.settimeout(60)
        cluster.spoil(0, f"hold-{holding.getsockname()[1]}")
        process = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-c", command, "audit", str(path), "--scheduler", cluster.address, "--out", str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with holding.accept()[0]:
            (cluster.spoiled / "0").unlink()
            process.send_signal(signal.SIGINT)
            told, _ = process.communicate(timeout=60)
    assert (process.returncode, told.splitlines()[0].split(":")[0]) == (130, "INTERRUPTED"), told
    assert audited(str(path), "--scheduler", cluster.address)[0] == 0
