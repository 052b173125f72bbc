"""The OpenAPI description in one file, with an example of each answer: what Prism and its like serve."""

from __future__ import annotations

import yaml

from goatcheck.contract import Contract
from goatcheck.contract.bundling import bundled
from goatcheck.profile.parts import Profile


def files(contract: Contract, _profile: Profile) -> dict[str, str]:
    """`openapi.yaml`."""
    text = yaml.safe_dump(bundled(contract), sort_keys=False, allow_unicode=True, width=120)
    return {"openapi.yaml": text}
