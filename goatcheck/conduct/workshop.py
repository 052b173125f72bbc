"""What a run makes on a target: named with the run's id, found again, and removed at the end."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from goatcheck.errors import GoatcheckError, Inconclusive, NotExercised

if TYPE_CHECKING:
    from goatcheck.conduct.answer import Answer
    from goatcheck.contract import Operation
    from goatcheck.drawing import Endpoint
    from goatcheck.profile.parts import Key

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_MOST_PAGES = 100


@dataclass(frozen=True)
class Kind:
    """A kind of resource: the member that names it, the operation that lists it, and whether a project holds it."""

    name: str
    lists: str
    in_project: bool


KINDS: Mapping[str, Kind] = {
    "creator": Kind("tiktok_handle", "GET /creators", in_project=True),
    "campaign": Kind("name", "GET /campaigns", in_project=True),
    "payout_method": Kind("name", "GET /payout-methods", in_project=False),
}
"""What the API lets a run make."""


@dataclass(frozen=True)
class Made:
    """Something this run made, with the key that owns it and the project that it is in ("" for none)."""

    kind: str
    id: str
    name: str
    owner: Key
    project: str = ""


class Sending(Protocol):
    """What the workshop needs of the run: a way to send, and the endpoints by the id of their operation."""

    def send(self, draft: Any, key: Any, **how: Any) -> Answer:
        """Send a draft with a key."""
        ...

    def endpoint(self, operation: str) -> Endpoint:
        """The endpoint of an operation."""
        ...

    @property
    def operations(self) -> tuple[Endpoint, ...]:
        """Every endpoint."""
        ...


@dataclass
class Workshop:
    """Makes, finds and removes resources. `marker` starts the name of everything that this run makes."""

    sending: Sending
    marker: str
    made: dict[str, Made] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    _count: int = 0
    _shared: dict[tuple[str, str], Made] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def name(self, tag: str = "") -> str:
        """A fresh name for something that the run may make."""
        with self._lock:
            self._count += 1
            return f"{self.marker}{tag}{self._count}"

    def make(self, kind: str, owner: Key, project: str = "", **how: Any) -> Made:
        """Make one resource and return it; raises Inconclusive where the target does not let us."""
        name = self.name()
        answer = self.sending.send(self.draft(kind, project, name), owner, creates=1, **how)
        if answer.disturbed or not answer.succeeded:
            raise Inconclusive(
                f"a {kind.replace('_', ' ')} was needed and creating it with the key {owner.name} was answered with "
                f"{answer.summary}"
            )
        found = next((made for made in self.made.values() if made.name == name), None)
        return found or self._found(kind, owner, project, name)

    def draft(self, kind: str, project: str, name: str) -> Any:
        """The request that makes one resource of that name."""
        endpoint = self.maker(kind)
        return endpoint.valid({"project": project} if project else {}, **{KINDS[kind].name: name})

    def maker(self, kind: str) -> Endpoint:
        """The endpoint that makes that kind of resource."""
        return next(e for e in self.sending.operations if e.operation.makes == kind)

    def _found(self, kind: str, owner: Key, project: str, name: str) -> Made:
        """What was just made and whose creation was answered without an id: its list has it."""
        for item in self.listed(kind, owner, project):
            if str(item.get(KINDS[kind].name)).lower() == name.lower() and isinstance(item.get("id"), str):
                self.made[item["id"]] = made = Made(kind, item["id"], name, owner, project)
                return made
        raise Inconclusive(f"the {kind.replace('_', ' ')} {name} was created, but no list shows it")

    def shared(self, kind: str, owner: Key, project: str = "") -> Made:
        """The one resource of that kind that all checks may aim refused requests at; made when first asked for."""
        with self._lock:
            made = self._shared.get((kind, owner.name))
            if made is None or made.id in self.removed:
                made = self._shared[kind, owner.name] = self.make(kind, owner, project)
            return made

    def listed(self, kind: str, key: Key, project: str = "") -> list[dict[str, Any]]:
        """Everything of that kind that a key sees, page by page; raises Inconclusive where a list can't be had."""
        endpoint = self.sending.endpoint(KINDS[kind].lists)
        filters = (("project_id", project),) if project and KINDS[kind].in_project else ()
        paged = any(p.name == "cursor" for p in endpoint.operation.query_parameters)
        found: list[dict[str, Any]] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            query = (*filters, *((("limit", "100"),) if paged else ()), *((("cursor", cursor),) if cursor else ()))
            answer = self.sending.send(endpoint.valid().with_query(query), key)
            items = self.items(answer)
            if answer.disturbed or not answer.succeeded or not isinstance(answer.data, (list, dict)):
                raise Inconclusive(f"{KINDS[kind].lists} was needed and was answered with {answer.summary}")
            found.extend(items)
            following = answer.response.meta.get("nextCursor")
            if not paged or not isinstance(following, str) or not following or following == cursor:
                return found
            cursor = following
        raise Inconclusive(f"{KINDS[kind].lists} has no last page: {_MOST_PAGES} were read")

    @staticmethod
    def items(answer: Answer) -> list[dict[str, Any]]:
        """The objects in the answer of a list, none where it is no list."""
        data = answer.data
        if isinstance(data, dict):
            data = next((value for value in data.values() if isinstance(value, list)), [])
        return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []

    def read(self, made: Made, key: Key | None = None) -> dict[str, Any] | None:
        """The resource as its owner (or another key) sees it now; None where it is not to be seen."""
        reader = key or made.owner
        return next((i for i in self.listed(made.kind, reader, made.project) if i.get("id") == made.id), None)

    def note(self, operation: Operation | None, ids: Mapping[str, str], answer: Answer, owner: Key) -> None:
        """Learn from a success: what was made, what was removed, which ids there are on the target.

        `ids` are those in the request's path, by kind; `owner` is the key that can remove what was made.
        """
        if operation is None:
            return
        if operation.method == "DELETE":
            self.removed.update(list(ids.values())[-1:])
        if not operation.makes:
            self.seen.update(i.lower() for i in _UUID.findall(answer.response.text))
            return
        asked = _names(answer.exchange.request.document.value, KINDS[operation.makes].name)
        for item in made_items(answer.data):
            name = str(item.get(KINDS[operation.makes].name, ""))
            meant = next((n for n in asked if n.lower().lstrip("@") == name.lower()), asked[0] if len(asked) == 1 else name)
            with self._lock:
                self.made[item["id"]] = Made(operation.makes, item["id"], meant, owner, ids.get("project", ""))
                self.removed.discard(item["id"])

    def clean_up(self, report: Callable[[str], None]) -> None:
        """Remove everything that this run made and that is still there; tells `report` what could not be removed."""
        for made in list(self.made.values()):
            if made.id in self.removed:
                continue
            endpoint = next(
                e for e in self.sending.operations if e.operation.method == "DELETE" and e.operation.target == made.kind
            )
            try:
                answer = self.sending.send(endpoint.valid({made.kind: made.id}), made.owner, cleaning=True)
            except (GoatcheckError, NotExercised) as error:
                report(f"{made.kind} {made.name} ({made.id}) is left on the target: {error}")
                continue
            if not answer.succeeded and answer.status not in {404, 410}:
                report(f"{made.kind} {made.name} ({made.id}) is left on the target: {answer.summary}")


def made_items(data: Any) -> list[dict[str, Any]]:
    """The resources in the answer to a create, single or bulk: the objects that carry an id."""
    if isinstance(data, dict) and isinstance(data.get("id"), str):
        return [data]
    if isinstance(data, dict):
        return [item for value in data.values() for item in made_items(value)]
    if isinstance(data, list):
        return [item for value in data for item in made_items(value)]
    return []


def _names(document: Any, member: str) -> list[str]:
    """The names that the body of a create, single or bulk, asks for."""
    if isinstance(document, dict) and isinstance(document.get(member), str):
        return [document[member]]
    if isinstance(document, dict):
        return [name for value in document.values() if isinstance(value, list) for v in value for name in _names(v, member)]
    return []
