"""What a run makes on a target: named with the run's id, found again, and removed at the end."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from goatcheck.conduct.lanes import Turns
from goatcheck.conduct.resources import KINDS, Keyed, Made, id_of, identified, items_of, names_asked, names_in, told_of
from goatcheck.errors import Inconclusive, NotExercised
from goatcheck.exchange import UUID

if TYPE_CHECKING:
    from goatcheck.conduct.answer import Answer
    from goatcheck.contract import Operation
    from goatcheck.drawing import Draft, Endpoint
    from goatcheck.exchange import Request
    from goatcheck.profile.parts import Key

_MOST_PAGES = 100


class Sending(Protocol):
    """What the workshop needs of the run."""

    @property
    def operations(self) -> tuple[Endpoint, ...]:
        """Every endpoint."""
        ...

    @property
    def creates_freely(self) -> bool:
        """Whether creates are free."""
        ...

    @property
    def send(self) -> Callable[..., Answer]:
        """Sends a draft with a key, in the ways that `Api.send` knows."""
        ...

    def project_of(self, key: Key) -> str:
        """The project in which a key makes things."""
        ...


@dataclass
class Workshop:
    """Makes, finds and removes resources. `marker` starts the name of everything that this run makes.

    `made` is by id, and `ours` are those ids in lower case; `removed` maps the id of something made to the number of the
    exchange that removed it; `seen` are ids of others' things;
    `untold` are the kinds, with the keys, of which something was made whose id no answer has told; `homes` are the projects
    in which it makes things though the profile does not name them.
    """

    sending: Sending
    marker: str
    made: dict[str, Made] = field(default_factory=dict)
    ours: set[str] = field(default_factory=set)
    removed: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)
    untold: set[tuple[str, Key]] = field(default_factory=set)
    _count: int = 0
    _used: set[str] = field(default_factory=set)
    _shared: dict[tuple[str, str], str] = field(default_factory=dict)
    _firsts: dict[tuple[str, str], Keyed] = field(default_factory=dict)
    turns: Turns = field(default_factory=Turns)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def remaining(self) -> list[Made]:
        """What this run made and has not removed yet."""
        with self._lock:
            return [made for made in self.made.values() if made.id not in self.removed]

    @property
    def left(self) -> int:
        """How many things that is."""
        with self._lock:
            return len(self.made) - len(self.removed)

    def keep(self, made: Made) -> None:
        """Take something for this run's own, and for there."""
        with self._lock:
            self.made[made.id] = made
            self.ours.add(made.id.lower())
            self.removed.pop(made.id, None)

    # Making

    def name(self, tag: str = "") -> str:
        """A fresh name for something that the run may make."""
        with self._lock:
            self._count += 1
            return f"{self.marker}{tag}{self._count}"

    def idempotency_key(self) -> str:
        """A fresh `Idempotency-Key`. What form one may have is not public: this is the commonest."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.name("key-")))

    @property
    def restless(self) -> str:
        """What the names start with of things that their check renames while others run: none of them may rely on such a thing."""
        return f"{self.marker}v"

    def made_in(self, answer: Answer) -> dict[str, str]:
        """The ids of what an answer says that it made, by kind."""
        return {made.kind: made.id for made in self.remaining if made.number == answer.exchange.number}

    def draft(self, kind: str, project: str, name: str) -> Draft:
        """The request that makes one resource of that name."""
        return self._maker(kind).valid({"project": project}, **{KINDS[kind].name: name})

    def create(self, kind: str, owner: Key, *, name: str = "", **how: Any) -> Answer:
        """Ask for one more of a kind, by a fresh name unless one is given; `creates` 0 where a refusal is expected."""
        return self.sending.send(
            self.draft(kind, self._project(kind, owner), name or self.name()), owner, **{"creates": 1, **how}
        )

    def create_bulk(self, count: int, owner: Key, **how: Any) -> Answer:
        """Ask for several creators in one request, which is expected to be refused."""
        draft = self.bulk([self.name("n") for _ in range(count)], owner)
        return self.sending.send(draft, owner, **{"cause": "bulk", **how})

    def bulk(self, names: list[str], owner: Key) -> Draft:
        """The request that makes creators of these names at once."""
        body = {"creators": [{KINDS["creator"].name: name} for name in names]}
        return self.draft("creator", self._project("creator", owner), "x").with_json(body)

    def make(self, kind: str, owner: Key, *, name: str = "") -> Made:
        """Make one resource, of a fresh name unless one is given, and return it; raises Inconclusive where the target does not let us."""
        return self._made(kind, owner, self.create(kind, owner, name=name, cause="set-up"))

    def keyed(self, endpoint: Endpoint, owner: Key) -> Keyed:
        """A create under an `Idempotency-Key`: where creates are dear the one that made the own thing, else a new one."""
        kind = endpoint.operation.makes
        if self.sending.creates_freely:
            return self._keyed(kind, owner, cause="first use")
        self.own(kind, owner)
        return self._firsts[kind, owner.name]

    def _keyed(self, kind: str, owner: Key, *, cause: str) -> Keyed:
        key = ("Idempotency-Key", self.idempotency_key())
        draft = self.draft(kind, self._project(kind, owner), self.name()).with_headers(key)
        return Keyed(draft, key, self.sending.send(draft, owner, cause=cause, creates=1))

    def _made(self, kind: str, owner: Key, answer: Answer) -> Made:
        if answer.disturbed or not answer.succeeded:
            raise Inconclusive(
                f"a {kind} was needed and creating it as {owner.name} was answered with {answer.summary}"
            )
        return self.made_by(answer, kind, owner)

    def made_by(self, answer: Answer, kind: str, owner: Key) -> Made:
        """What a successful create made; looked up in its list where the answer gives no id."""
        number = answer.exchange.number
        found = next((made for made in self.made.values() if made.number == number), None)
        if found:
            return found
        about = KINDS[kind]
        wanted = names_asked(answer.exchange.request.document.value, about.name)
        for item in self.listed(kind, owner):
            if str(item.get(about.name)).lower() in {w.lower() for w in wanted} and id_of(item):
                made = Made(kind, id_of(item), str(item[about.name]), owner, self._project(kind, owner), number)
                self.keep(made)
                return made
        raise Inconclusive(f"a {kind} was created (exchange {number}), but no list shows it")

    def own(self, kind: str, owner: Key) -> Made:
        """The one thing of that kind that refused requests may aim at; made when first asked for, and again when gone."""
        with self.turns.of((kind, owner)):
            known = self._shared.get((kind, owner.name), "")
            if not known or known in self.removed:
                known = self._shared[kind, owner.name] = self._made_own(kind, owner).id
            return self.made[known]

    def _made_own(self, kind: str, owner: Key) -> Made:
        """Make the own thing, under an `Idempotency-Key` where that is documented, so that it serves for repetitions too."""
        if self.sending.creates_freely or not self._maker(kind).operation.idempotent_by_key:
            return self.make(kind, owner)
        first = self._firsts[kind, owner.name] = self._keyed(kind, owner, cause="set-up")
        if first.answer.disturbed or first.answer.succeeded:
            return self._made(kind, owner, first.answer)
        return self.make(kind, owner)  # it may be the key that was refused

    def own_things(self, owner: Key) -> list[Made]:
        """One thing of each kind, as `own`."""
        return [self.own(kind, owner) for kind in KINDS]

    def own_ids(self, owner: Key) -> dict[str, str]:
        """The project of a key and the ids of its own things, by kind: what a valid request may aim at."""
        return {"project": self.sending.project_of(owner), **{made.kind: made.id for made in self.own_things(owner)}}

    def make_room(self, owner: Key) -> Made:
        """Remove one creator that this run made with that key, and return it."""
        if ("creator", owner) in self.untold:
            self.find_made("creator", owner)
        alive = [made for made in self.remaining if made.owner == owner and made.kind == "creator"]
        if not alive:
            raise NotExercised(f"the org of {owner.name} was full before the run: leave room below its creator cap")
        answer = self.remove(alive[-1], cause="make room")
        if not answer.succeeded:
            raise Inconclusive(f"deleting a creator to make room was answered with {answer.summary}")
        return alive[-1]

    def removal(self, made: Made) -> Draft:
        """The request that removes something."""
        return self._remover(made.kind).valid({made.kind: made.id})

    def remove(self, made: Made, **how: Any) -> Answer:
        """Ask for the removal of something, with the key that can."""
        return self.sending.send(self.removal(made), made.owner, **how)

    def another(self, kind: str, owner: Key) -> Made:
        """A second thing of a kind beside the own one; one that is there already if possible."""
        own = self.own(kind, owner)
        others = [
            made
            for made in self.remaining
            if (made.kind, made.owner) == (kind, owner) and made != own and not made.name.startswith(self.restless)
        ]
        return others[-1] if others else self.make(kind, owner)

    def spare(self, kind: str, owner: Key) -> Made | None:
        """Something of a kind that was made to be renamed, if there is any left: nobody will miss it."""
        mine = (made for made in self.remaining if (made.kind, made.owner) == (kind, owner))
        return next((made for made in mine if made.name.startswith(self.restless)), None)

    def attempt(self, endpoint: Endpoint, owner: Key, ids: Mapping[str, str] | None = None) -> Draft:
        """A valid request at these ids (default: none but the owner's project) which, where it names or renames something,
        uses a fresh name of this run, and has it for a note too where it changes what is there.
        """
        operation = endpoint.operation
        changes = operation.method == "PATCH"
        about = KINDS.get(operation.makes or (operation.target if changes else ""))
        aims = {"project": self.sending.project_of(owner)} if ids is None else ids
        members = (about.name, *(endpoint.notes if changes else ())) if about else ()
        return endpoint.valid(aims, **(dict.fromkeys(members, self.name("t")) if members else {}))

    # Looking

    def is_ours(self, kind: str, item: Mapping[str, Any]) -> bool:
        """Whether something that a list shows was made by this run, by its id or by its name (its answer may be on its way)."""
        return id_of(item) in self.made or str(item.get(KINDS[kind].name)).lower().startswith(self.marker)

    @staticmethod
    def would_make(endpoint: Endpoint) -> int:
        """How many resources a success makes that aims at nothing: one where nothing in the path has to be there."""
        return int(bool(endpoint.operation.makes) and not endpoint.operation.path_parameters)

    def asks_for(self, draft: Draft, endpoint: Endpoint) -> int | None:
        """How many resources a draft asks for; None where not all of them would carry a name of this run."""
        if not endpoint.operation.makes:
            return 0
        names = names_asked(draft.request().document.value, KINDS[endpoint.operation.makes].name)
        return len(names) if all(name.lstrip("@").startswith(self.marker) for name in names) else None

    def count_named_in(self, answer: Answer, key: Key) -> int:
        """How many resources a list shows by the name that a create or rename asked for."""
        operation = next(e.operation for e in self.sending.operations if e.operation.id == answer.operation)
        document = answer.exchange.request.document.value
        for kind, about in KINDS.items():
            if kind in {operation.makes, operation.target}:
                wanted = {name.lstrip("@").lower() for name in names_asked(document, about.name)}
                return sum(str(item.get(about.name)).lstrip("@").lower() in wanted for item in self.listed(kind, key))
        raise AssertionError(f"{operation.id} makes and names nothing")

    def listed(self, kind: str, key: Key, *, fresh: bool = False) -> list[dict[str, Any]]:
        """Everything of that kind that a key sees in its project, page by page; Inconclusive where it can't be had. What was seen
        with no write since is not asked for again, unless `fresh`.
        """
        about = KINDS[kind]
        filters = {"project_id": self.sending.project_of(key)} if about.in_project else {}
        return [item for page in self._pages(kind, key, filters, fresh=fresh) for item in items_of(page)]

    def listed_in_org(self, kind: str, key: Key) -> list[dict[str, Any]]:
        """Everything of that kind that a key sees in its whole org."""
        return [item for page in self._pages(kind, key, {}) for item in items_of(page)]

    def _pages(self, kind: str, key: Key, filters: Mapping[str, str], *, fresh: bool = False) -> Iterator[Answer]:
        endpoint = next(e for e in self.sending.operations if e.operation.id == KINDS[kind].lists)
        paged = any(p.name == "cursor" for p in endpoint.operation.query_parameters)
        query = {**filters, "limit": "100"} if paged else dict(filters)
        for _ in range(_MOST_PAGES):
            look = endpoint.valid().with_query(tuple(query.items()))
            answer = self.sending.send(look, key, cause="look", fresh=fresh)
            if answer.disturbed or not answer.succeeded or not isinstance(answer.data, list | dict):
                raise Inconclusive(f"{KINDS[kind].lists} was needed and was answered with {answer.summary}")
            yield answer
            following = answer.response.meta.get("nextCursor")
            if not isinstance(following, str) or not following or following == query.get("cursor"):
                return
            query["cursor"] = following
        raise Inconclusive(f"{KINDS[kind].lists} has no last page: {_MOST_PAGES} were read")

    # Learning and leaving

    def note(self, operation: Operation, ids: Mapping[str, str], answer: Answer, owner: Key) -> int:
        """Learn from a success: what was made, renamed or removed, and which other ids there are on the target.

        Returns how many resources it made that were not there before, as far as it tells.

        `ids` are those in the request's path, by kind; `owner` is the key that can remove what was made.
        """
        number = answer.exchange.number
        request = answer.exchange.request
        aimed = ["", *ids.values()][-1]
        with self._lock:
            if operation.makes:
                asked = self._asked_names(request, KINDS[operation.makes].name)
                return self._note_made(operation.makes, ids, answer, owner, asked)
            if operation.method == "DELETE" and aimed in self.made:
                self.removed.setdefault(aimed, number)
            elif operation.method == "PATCH" and aimed in self.made:
                made = self.made[aimed]
                for name in self._asked_names(request, KINDS[made.kind].name):
                    self.made[aimed] = replace(made, name=name.lstrip("@"), number=number)
            elif operation.method == "GET":
                # what is only said again is not there for that
                told = answer.response.ids.difference(UUID.findall(request.target))
                self.seen.update(i.lower() for i in told)
        return 0

    def _asked_names(self, request: Request, member: str) -> list[str]:
        """The names that a body asks for; of one that is no JSON, and was taken all the same, those of this run in it."""
        unread = names_in(request.body or b"", self.marker) if request.document.problem else []
        return unread or names_asked(request.document.value, member)

    def _note_made(self, kind: str, ids: Mapping[str, str], answer: Answer, owner: Key, asked: list[str]) -> int:
        number, project = answer.exchange.number, ids.get("project", "")
        things = [item for item in identified(answer.data) if item["id"] not in ids.values()]
        told = told_of(things, KINDS[kind].name, [name.lstrip("@") for name in asked])
        # a repetition tells of what the first request made, even if that is not there any more
        back = frozenset() if self._is_repeated(answer) else self.removed.keys()
        new = [made_id for made_id in told if made_id not in self.made or made_id in back]
        for made_id in new:
            self.keep(Made(kind, made_id, told[made_id], owner, project, number))
        if len(told) < len(asked):
            self.untold.add((kind, owner))
        return len(new) + max(0, len(asked) - len(told))

    def _is_repeated(self, answer: Answer) -> bool:
        """Whether the `Idempotency-Key` of a successful create was used for one before."""
        key = answer.exchange.request.header("idempotency-key")
        repeated = key in self._used
        self._used |= {key} if key else set()
        return repeated

    def find_made(self, kind: str, owner: Key) -> None:
        """Look for what was made and whose id no answer told, be it that it was removed before and is back."""
        for item in self.listed_in_org(kind, owner):
            name, made_id = str(item.get(KINDS[kind].name)), id_of(item)
            known = made_id in self.made and made_id not in self.removed
            if name.lower().startswith(self.marker) and made_id and not known:
                self.keep(Made(kind, made_id, name, owner))

    def _maker(self, kind: str) -> Endpoint:
        return next(e for e in self.sending.operations if e.operation.makes == kind)

    def _remover(self, kind: str) -> Endpoint:
        return next(e for e in self.sending.operations if e.operation.method == "DELETE" and e.operation.target == kind)

    def _project(self, kind: str, owner: Key) -> str:
        return self.sending.project_of(owner) if KINDS[kind].in_project else ""
