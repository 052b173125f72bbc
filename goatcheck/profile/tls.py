"""The certificates that a profile names: found beside it, read once so that a mistake is told before anything is sent."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from goatcheck.profile.problems import Trouble

CERTIFICATES = ("ca_file", "client_cert", "client_key")
"""The members of the table `target` that name files with certificates or keys."""


def certificates_of(target: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """The files that a profile in `folder` names, as absolute paths, by member; those that it does not name are left out."""
    return {name: str((folder / target[name]).absolute()) for name in CERTIFICATES if name in target}


def certificate_troubles(files: Mapping[str, str]) -> list[Trouble]:
    """What is wrong with these files; none of their content is told."""
    troubles = [
        Trouble(f"target.{name}", "a file that can be read", f'"{path}"', "Check the path; it starts at the profile.")
        for name, path in files.items()
        if not Path(path).is_file()
    ]
    if "client_key" in files and "client_cert" not in files:
        troubles.append(Trouble("target.client_cert", "the certificate of client_key", "nothing", "Name its PEM file."))
    if troubles:
        return troubles
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if "ca_file" in files:
        try:
            context.load_verify_locations(files["ca_file"])
        except (ssl.SSLError, OSError):
            troubles.append(Trouble("target.ca_file", "certificates in PEM", "something else", "Export them as PEM."))
    if "client_cert" in files:
        try:
            load_client_certificate(context, files)
        except (ssl.SSLError, OSError, ValueError):
            expected = "a certificate in PEM with its own key, in client_key or in the same file, without a password"
            troubles.append(Trouble("target.client_cert", expected, "something else", "Check both files."))
    return troubles


def load_client_certificate(context: ssl.SSLContext, files: Mapping[str, str]) -> None:
    """Let a context show the client's certificate. Raises SSLError, OSError or ValueError where it can't be read."""
    # a key with a password would ask for it on the terminal, which a pipeline does not have
    context.load_cert_chain(files["client_cert"], files.get("client_key"), password=lambda: "")
