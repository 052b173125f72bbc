"""What may be sent to a target: a request that must be refused may be carried out by a broken one, so it is aimed at nothing.

A write goes to what this run made, to an id that no resource has, or as a create into a project: one of the profile, or the
first that a key sees where the profile names none for its org. The one exception is a fixture that the profile calls
expendable. Without `writes` in the profile only ids that no resource has are left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from goatcheck.contract import Operation
from goatcheck.drawing import Draft
from goatcheck.exchange import UUID
from goatcheck.profile.address import is_loopback
from goatcheck.profile.parts import Profile

_READS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Known:
    """The ids that this run knows to exist on the target, in lower case: its own (`made`), those of others, and among them the
    projects that it makes things in where the profile names none (`homes`). They may grow while it is known.
    """

    made: Collection[str]
    others: Collection[str]
    homes: Collection[str] = ()


def path_ids(operation: Operation, path: str) -> Mapping[str, str]:
    """The values in a path by what they are the id of ("creator", "project"), in the order of the path."""
    steps = path.split("/")
    return {kind: steps[at] for at, kind in operation.ids_at if at < len(steps)}


def objection(draft: Draft, operation: Operation | None, profile: Profile, known: Known) -> str:
    """Why a draft must not be sent to this target; "" where it may be."""
    if draft.method in _READS:
        return ""
    path = unquote(draft.path)
    ids = [i.lower() for i in (path_ids(operation, path).values() if operation else UUID.findall(path))]
    strangers = [i for i in ids if (i in known.others or i in profile.fixture_ids) and i not in known.made]
    if not profile.writes:
        if not ids:
            return (
                f"{draft.method} {draft.path} may change the target, and the profile does not allow that: writes = true"
            )
        if strangers or any(i in known.made for i in ids):
            return f"{draft.method} {draft.path} aims at something that exists, and the profile says writes = false"
        return ""
    if operation is None:
        aimless = not ids and not is_loopback(profile.base_url)
        return f"{draft.method} {draft.path} aims at everything there is" if strangers or aimless else ""
    if operation.makes:
        projects = {f.id.lower() for name, f in profile.fixtures.items() if name.endswith("project")} | {*known.homes}
        strangers = [i for i in strangers if i not in projects]
    if operation.method == "DELETE":
        expendable = {f.id.lower() for f in profile.fixtures.values() if f.expendable}
        strangers = [i for i in strangers if i not in expendable]
    return f"{draft.method} {draft.path} aims at something that this run did not make" if strangers else ""
