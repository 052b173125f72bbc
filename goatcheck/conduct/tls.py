"""How connections to a target are encrypted: whom they trust, and which certificate they show."""

from __future__ import annotations

import ssl

import httpx

from goatcheck.profile.parts import Profile
from goatcheck.profile.tls import CERTIFICATES, load_client_certificate


def tls_for(url: str, profile: Profile) -> ssl.SSLContext | None:
    """The context for connections to a URL of a profile: its target's, or its clock's. None where nothing is encrypted.

    Trusted are the authorities of `ca_file`, where that is not given those that certifi knows or SSL_CERT_FILE names. The
    client's certificate is shown to the target's own origin alone.
    """
    if not url.lower().startswith("https:"):
        return None
    files = {name: str(getattr(profile, name)) for name in CERTIFICATES if getattr(profile, name)}
    ca_file = files.get("ca_file")
    context = ssl.create_default_context(cafile=ca_file) if ca_file else httpx.create_ssl_context()
    if "client_cert" in files and _origin(url) == _origin(profile.base_url):
        load_client_certificate(context, files)
    return context


def _origin(url: str) -> tuple[str, str, int | None]:
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.host, parsed.port
