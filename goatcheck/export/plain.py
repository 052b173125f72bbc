"""Plain files: the body of each error variant, and what belongs to it, for a mock that has a URL for each answer.

`answers.json` says which status and which header fields go with a body. `db.json` and `answers.js` let json-server serve them.
"""

from __future__ import annotations

import json

from goatcheck.contract import Contract
from goatcheck.export.canned import as_json
from goatcheck.profile.parts import Profile

INDEX = "answers.json"

_MIDDLEWARE = """\
// A middleware of json-server 0.17: every path is the name of an answer in answers.json, all others are not found.
const answers = require("./answers.json");

module.exports = (request, response) => {
  const name = decodeURIComponent(request.path.slice(1));
  const answer = Object.hasOwn(answers, name) ? answers[name] : answers["404"];
  response.status(answer.status).set(answer.headers).sendFile(answer.file, { root: __dirname });
};
"""


def files(contract: Contract, _profile: Profile) -> dict[str, str]:
    """One file for each variant, the index of them, and what json-server wants."""
    index = {
        variant.id: {
            "status": variant.status,
            "headers": {"Content-Type": "application/json", **variant.example_headers},
            "file": f"{variant.id}.json",
        }
        for variant in contract.variants
    }
    bodies = {f"{variant.id}.json": as_json(variant.example) for variant in contract.variants}
    return {**bodies, INDEX: as_json(index), "answers.js": _MIDDLEWARE, "db.json": json.dumps({"answers": []}) + "\n"}
