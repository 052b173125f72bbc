"""TLS as a user meets it on staging: an authority of their own, a certificate for the client, and nothing that is let through."""

import http.server
import ssl
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
import trustme
from cryptography.hazmat.primitives import serialization as form

from goatcheck.conduct.run import Options, Run, selected
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.tls import tls_for
from goatcheck.errors import UsageError
from goatcheck.mock.door import CLOCK_PATH, PREFIX, knock, wire_headers
from goatcheck.model import reference_world
from goatcheck.profile import load_profile
from goatcheck.profile.parts import Profile


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def folder(tmp_path, authority):
    """A folder with ca.pem, client.pem and client.key."""
    client = authority.issue_cert("client@example.org")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    client.cert_chain_pems[0].write_to_path(tmp_path / "client.pem")
    client.private_key_pem.write_to_path(tmp_path / "client.key")
    return tmp_path


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers like a world."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        response = knock(self.server.world, self.command, self.path.encode("latin-1"), headers, body)
        self.server.certificates.append(self.connection.getpeercert())
        self.send_response_only(response.status)
        for name, value in wire_headers(response):
            self.send_header(name.decode("latin-1"), value.decode("latin-1"))
        self.end_headers()
        self.wfile.write(response.body)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        """Says nothing."""


class Quiet(http.server.ThreadingHTTPServer):
    """Does not print what goes wrong in a handshake."""

    def handle_error(self, *_):
        """Says nothing."""


@contextmanager
def serving(world, certificate, *, clients=None):
    """A world behind TLS, with this certificate; `clients` is the authority whose certificates clients must show."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if clients:
        clients.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    server = Quiet(("127.0.0.1", 0), Handler)
    server.world, server.certificates = world, []
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server, f"https://localhost:{server.server_port}{PREFIX}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def judged(contract, draw, world, url, **profile):
    profile = {"clock": url.removesuffix(PREFIX) + CLOCK_PATH, **profile}
    run = Run(
        contract,
        replace(world.profile, base_url=url, requests_per_minute=0, **profile),
        all_checks(),
        selected(contract, ["401.missing", "404.absent"]),
        Options(),
        draw=draw,
    )
    run.execute()
    return run


def outcomes(run):
    return {name: (run.ledger.record(name).judged > 0, run.ledger.record(name).breaches) for name in run.selected}


ALL_WELL = {"401.missing": (True, []), "404.absent": (True, [])}


def test_a_target_whose_authority_the_profile_names_is_judged(current_contract, shared_draw, authority, folder):
    world = reference_world()
    with serving(world, authority.issue_cert("localhost")) as (_, url):
        run = judged(current_contract, shared_draw, world, url, ca_file=str(folder / "ca.pem"))
    assert run.unusable == ""
    assert outcomes(run) == ALL_WELL


@pytest.mark.parametrize("host", ["localhost", "elsewhere.example"])
def test_a_certificate_that_proves_nothing_ends_the_run_before_a_key_is_sent(
    current_contract, shared_draw, authority, folder, host
):
    world = reference_world()
    trusted = {} if host == "localhost" else {"ca_file": str(folder / "ca.pem")}
    with serving(world, authority.issue_cert(host)) as (server, url):
        run = judged(current_contract, shared_draw, world, url, clock="", **trusted)
        assert server.certificates == []
    assert "its certificate is not trusted" in run.unusable
    assert "target.ca_file" in run.unusable


def test_a_client_certificate_is_shown_where_the_profile_names_one(current_contract, shared_draw, authority, folder):
    world = reference_world()
    files = {"client_cert": str(folder / "client.pem"), "client_key": str(folder / "client.key")}
    with serving(world, authority.issue_cert("localhost"), clients=authority) as (server, url):
        refused = judged(current_contract, shared_draw, world, url, clock="", ca_file=str(folder / "ca.pem"))
        assert server.certificates == []
        run = judged(current_contract, shared_draw, world, url, ca_file=str(folder / "ca.pem"), **files)
        assert all(server.certificates)
    assert refused.unusable
    assert outcomes(run) == ALL_WELL


def test_a_client_certificate_goes_to_the_targets_own_origin_alone(folder, monkeypatch):
    shown = []
    monkeypatch.setattr("goatcheck.conduct.tls.load_client_certificate", lambda _context, files: shown.append(files))
    files = {name: str(folder / file) for name, file in (("ca_file", "ca.pem"), ("client_cert", "client.pem"))}
    profile = Profile("https://staging.example/api/v1", **files)
    for url in ("https://other.example/_clock", "https://staging.example:8443/_clock", "http://staging.example/_clock"):
        tls_for(url, profile)
    assert shown == []
    tls_for("https://STAGING.example:443/_clock", profile)
    assert shown == [files]


def test_without_encryption_there_is_nothing_to_verify():
    assert tls_for("http://staging.example/api/v1", Profile("http://staging.example/api/v1")) is None
    assert tls_for("https://a.example", Profile("https://a.example")).verify_mode == ssl.CERT_REQUIRED


# The profile


def written(folder, *lines):
    path = folder / "staging.toml"
    path.write_text("\n".join(['[target]\nbase_url = "https://staging.example/api/v1"', *lines]))
    return path


def test_the_files_of_a_profile_are_found_beside_it(folder):
    path = written(folder, 'ca_file = "ca.pem"', 'client_cert = "client.pem"', 'client_key = "client.key"')
    profile = load_profile(path, {})
    assert profile.ca_file == str(folder / "ca.pem")
    assert (profile.client_cert, profile.client_key) == (str(folder / "client.pem"), str(folder / "client.key"))


def test_certificate_and_key_may_stand_in_one_file(folder):
    both = (folder / "client.pem").read_text() + (folder / "client.key").read_text()
    (folder / "both.pem").write_text(both)
    assert load_profile(written(folder, 'client_cert = "both.pem"'), {}).client_key == ""


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (['ca_file = "nowhere.pem"'], "target.ca_file: expected a file that can be read"),
        (['ca_file = "client.key"'], "target.ca_file: expected certificates in PEM, got something else"),
        (['client_cert = "client.pem"'], "target.client_cert: expected a certificate in PEM with its own key"),
        (['client_cert = "ca.pem"', 'client_key = "client.key"'], "target.client_cert: expected a certificate in PEM"),
        (['client_cert = "client.pem"', 'client_key = "locked.key"'], "without a password"),
        (['client_key = "client.key"'], "target.client_cert: expected the certificate of client_key, got nothing"),
        (["ca_file = 5"], "target.ca_file: expected the path of a PEM file, got 5"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_before_anything_is_sent(folder, lines, says):
    key = form.load_pem_private_key((folder / "client.key").read_bytes(), None)
    locked = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.BestAvailableEncryption(b"secret"))
    (folder / "locked.key").write_bytes(locked)
    with pytest.raises(UsageError) as raised:
        load_profile(written(folder, *lines), {})
    assert says in str(raised.value)
    assert "PRIVATE KEY" not in str(raised.value)
