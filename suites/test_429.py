"""429: a key has its minute and an org its day; neither is cut short, passed, or shared with others."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice

from goatcheck.conduct import KINDS, Answer, requirement
from goatcheck.errors import Inconclusive, NotExercised

ALLOWED = 60
"""So many requests a minute a key may send; with the next the limit may begin."""

AT_THE_LATEST = 75
"""By this request of a burst the limit must have begun."""

AT_ONCE = {"fresh": True, "limited": True, "at_once": True}
"""How to send what has to meet a spent minute."""

TRIES = 5
"""So often a write of the limited key is tried, until it is refused."""

DAY = 86_400.0
MINUTE = 60.0
LONGEST = 600.0
"""Seconds that are waited for at the most, where waiting takes time."""

FEW_WRITES = slice(4, 6)
"""Where in a burst two writes at nothing are sent, where requests are free: they take a place each, as reads do."""

SHORTLY = 4.0
"""Seconds: so soon after a burst not even a limiter that gives back bit by bit has room for as many requests as are tried."""

BEFORE_THE_END = 0.5
"""Seconds: so near the end of a wait nothing is left of it in whole seconds."""

IN_TIME = 55.0
"""Seconds: a burst that took longer may have met two windows and says nothing."""


@dataclass(frozen=True)
class Spent:
    """A key's minute, spent in one burst; what other keys of its org, and writes of its own, got meanwhile."""

    burst: list[Answer]
    neighbours: list[Answer]
    writes: list[Answer]

    @property
    def limited(self):
        """The answers of the burst that are 429, in the order in which they came."""
        return sorted((a for a in self.burst if a.is_("429")), key=lambda answer: answer.exchange.received)

    def is_full(self, at):
        """Whether the whole minute was used, and the limit had begun, so shortly before an answer that nothing has come free since."""
        if not self.limited or len(self.burst) - len(self.limited) < ALLOWED:
            return False
        began, ended = (f(a.exchange.sent for a in which) for f, which in ((min, self.burst), (max, self.limited)))
        return at.exchange.received < min(began + MINUTE, ended + SHORTLY)


def a_spent_minute(api, burst):
    """A burst on a rested key, then at once requests of other keys of its org, and writes of the limited key."""
    asked, writes = asked_meanwhile(api, burst), limited_writes(api, burst)
    ids = api.known_ids(api.key("reader") or burst) if api.thorough else {}
    for key in dict.fromkeys([burst, *(key for _, key in asked[1:])]):
        api.rest(key, MINUTE + 1)
    drafts = [*islice(many_reads(api, ids), AT_THE_LATEST)]
    if "write" in burst.scopes:
        # few, for whether the window counts what is not found is open
        drafts[FEW_WRITES] = (
            api.further([e.valid() for e in api.writes if e.operation.path_parameters])[:2] or drafts[FEW_WRITES]
        )
    burst_of = [partial(api.send, draft, burst, burst=True, cause="burst") for draft in drafts]
    answers = api.together(burst_of)
    in_order = sorted(answer.exchange.received for answer in answers)
    if in_order[ALLOWED] - min(answer.exchange.sent for answer in answers) > IN_TIME:
        raise Inconclusive(f"{ALLOWED + 1} requests took longer than {IN_TIME:g} s: the target is too slow for a burst")
    tried = [until_refused(write) for write in writes]
    for endpoint in api.further(api.reads):
        # what each of them says of the limit, the observed checks judge
        api.send(endpoint.valid(ids), burst, cause="limited read", **AT_ONCE)
    return Spent(answers, [a_neighbour_s_answer(api, *each) for each in asked], tried)


def many_reads(api, ids):
    """Reads without end, for a key has one window whatever it asks for: two in turn; where requests are free every second one is
    any read there is, sent as if from another address and by another client.
    """
    first, second = (api.endpoint(operation).valid() for operation in ("GET /projects", "GET /payout-methods"))
    paged = [endpoint.valid(ids, limit=n) for n in (1, 2, 3) for endpoint in api.reads if endpoint.takes("limit")]
    others = api.further([*(endpoint.valid(ids) for endpoint in api.reads), *paged])
    for number, other in enumerate(cycle(others or [second])):
        fields = (("X-Forwarded-For", f"203.0.113.{number % 256}"), ("User-Agent", f"goat/{number}"))
        yield first
        yield other.with_headers(*api.further(fields))


def asked_meanwhile(api, burst):
    """What other keys of the org ask while the burst's is limited: a small request; where requests are free a list and a write
    at nothing too.
    """
    others = [k for k in api.profile.keys if k.org == burst.org and k.state == "active" and not k.burst]
    asked = [(_readable(api, key), key) for key in others[:1]]
    for operation, scope in api.further([("GET /creators", "read"), ("DELETE /creators/{id}", "write")]):
        asked += [(api.endpoint(operation).valid(), key) for key in others if scope in key.scopes][:1]
    return asked


def a_neighbour_s_answer(api, draft, key):
    """What another key gets meanwhile; asked twice where it is limited, which others may have brought about."""
    for _ in range(2):
        answer = api.send(draft, key, cause="neighbour", **AT_ONCE)
        if not answer.is_("429"):
            break
    return answer


def limited_writes(api, burst):
    """Writes for the limited key to send: a create; where creates are free other creates, and a rename and a deletion of each kind."""
    in_project = burst.org == "main" and "project" in api.profile.fixtures
    if not (api.profile.writes and "write" in burst.scopes and in_project):
        return []
    make = partial(api.workshop.create, owner=burst, creates=0, **AT_ONCE)
    writes = [partial(make, "creator", cause="limited write")]
    owner = api.key("full")
    with suppress(Inconclusive):
        if api.creates_freely and owner is not None:
            for endpoint in (e for e in api.writes if e.operation.target in KINDS and not e.operation.makes):
                kind = endpoint.operation.target
                if endpoint.operation.template.endswith("}"):
                    aimed = api.workshop.attempt(endpoint, owner, {kind: api.workshop.make(kind, owner).id})
                    writes.append(partial(api.send, aimed, burst, cause="limited write", **AT_ONCE))
            writes += [partial(make, kind, cause="limited write") for kind in ("campaign", "payout_method")]
            writes.append(partial(api.workshop.create_bulk, 2, burst, cause="limited write", **AT_ONCE))
    return writes


def until_refused(write):
    """What a write is answered that the spent minute refuses; a limit that wavers may let some pass before."""
    for _ in range(TRIES):
        answer = write()
        if not answer.succeeded:
            break
    return answer


def after_the_wait(api, last, send):
    """What is answered after a wait as long as the last answer told; one further wait is allowed."""
    for _ in range(2):
        api.wait(retry_after(api, last) + 1)
        last = send()
        if not last.is_("429"):
            break
    return last


def a_waited_minute(api, burst):
    """What the limited key is answered once it has waited as long as it was told."""
    spent = api.once(a_spent_minute, burst)
    last = [*spent.limited, *(write for write in spent.writes if write.is_("429"))][-1]
    read = partial(api.send, _readable(api, burst), burst, cause="after the wait", **AT_ONCE)
    for _ in api.further(range(2)) if api.profile.clock else ():
        # what is told of the last second, the observed checks judge
        api.wait(max(0.0, retry_after(api, last) - BEFORE_THE_END))
        answer = read(cause="before the wait is over")
        if not answer.is_("429"):
            return answer
        last = answer
    return after_the_wait(api, last, read)


def the_write_again(api, burst):
    """What the create that was limited is answered after the wait, where creates are free; else None."""
    api.once(a_waited_minute, burst)
    writes = api.once(a_spent_minute, burst).writes
    if not (api.creates_freely and writes):
        return None
    name = writes[0].exchange.request.document.value["tiktok_handle"]
    write = partial(api.workshop.create, "creator", burst, name=name, cause="write after the wait", **AT_ONCE)
    answer = write()
    return after_the_wait(api, answer, write) if answer.is_("429") else answer


@requirement("429.window.enforced", phase="window")
def a_burst_is_limited(api, burst):
    """Of 75 requests sent at once the last ones at least are refused, with the window variant."""
    spent = api.once(a_spent_minute, burst)
    for answer in spent.limited:
        answer.must_be("429.window")
    if not spent.limited:
        spent.burst[-1].must(
            ok=False,
            message=f"{AT_THE_LATEST} requests within a minute, and none was limited",
            expected="429",
            got="none",
        )
    for write in (write for write in spent.writes[:1] if spent.is_full(write)):
        write.must(
            ok=not write.succeeded,
            message=f"the key's minute is spent, and {TRIES} writes in a row were carried out",
            expected="429",
            got=write.summary,
        )


@requirement("429.window.allowance", phase="window")
def the_whole_minute_may_be_used(api, burst):
    """The first 60 requests of a fresh minute are not limited."""
    spent = api.once(a_spent_minute, burst)
    served = len(spent.burst) - len(spent.limited)
    for answer in spent.limited[:1] or spent.burst[:1]:
        answer.must(
            ok=served >= ALLOWED,
            message=f"only {served} of a fresh minute's requests were served",
            expected=f"{ALLOWED} served",
            got=f"{served} served",
        )


@requirement("429.window.per-key", phase="window")
def one_key_s_minute_is_not_another_s(api, burst):
    """While one key is limited another key of its org is served."""
    spent = api.once(a_spent_minute, burst)
    _must_be_limited(spent)
    if not spent.neighbours:
        raise NotExercised("the profile has no second active key of the burst key's org")
    for neighbour in spent.neighbours:
        neighbour.must_not_be("429", why="another key of the org was limited with it")


@requirement("429.window.no-effect", phase="window")
def a_limited_write_changes_nothing(api, burst):
    """What rate-limited writes asked for is not done, not even once the key is served again, and may be asked for again."""
    spent = api.once(a_spent_minute, burst)
    _must_be_limited(spent)
    if not spent.writes:
        raise NotExercised(
            f"the key {burst.name} can't write in a project of the profile: give it the scope write, in the org main"
        )
    if not spent.writes[0].is_("429"):
        raise Inconclusive(f"the write of the limited key was answered with {spent.writes[0].summary}")
    witness = api.key("full") or api.key("reader")
    if witness is None:
        raise NotExercised("there is no other key of the org that could look: the profile has neither reader nor full")
    api.once(a_waited_minute, burst)
    there = api.everything(witness)
    for write in spent.writes:
        if write.is_("429"):
            api.must_have_no_effect(write, there)
    again = api.once(the_write_again, burst)
    if again is not None:
        again.must_not_be("409", why="the handle is taken that a limited create asked for")


@requirement("429.window.recovers", phase="window")
def a_limited_key_is_served_again_when_told(api, burst):
    """Once the last `Retry-After` and a second have passed the key is served; one further wait is allowed."""
    _must_be_limited(api.once(a_spent_minute, burst))
    for answer in (api.once(a_waited_minute, burst), api.once(the_write_again, burst)):
        if answer is not None:
            answer.must_not_be("429", why="the key is still limited after two waits")


@requirement("429.daily.enforced", phase="daily")
def a_spent_quota_stops_every_operation(api, spent):
    """A key of an org whose daily quota is used up gets the daily 429 from every operation."""
    day = api.once(today)
    for endpoint in api.refusable:
        if not endpoint.operation.granted_by(spent.scopes):
            continue  # whether the quota or the scope is told is open
        ids = api.readable_ids(endpoint)
        for draft in (endpoint.valid(ids), *api.other_forms(endpoint)):
            answer = past_the_window(api, draft, spent, cause=f"spent {draft.cause}".strip())
            if today(api) != day:
                raise Inconclusive("midnight passed while this was tried, and the quota with it")
            if not answer.must_be("429.daily") and answer.is_("429.window"):
                return  # waiting again for every further operation would take long and show no more


@requirement("429.daily.org-wide", phase="daily")
def a_spent_quota_is_the_whole_org_s(api, spent):
    """Every other key of the org is stopped too."""
    day = today(api)
    for key in api.keys(spent.role):
        if key.org == spent.org and key != spent:
            further = [
                api.endpoint(operation).valid()
                for operation, scope in api.further((("GET /creators", "read"), ("DELETE /creators/{id}", "write")))
                if scope in key.scopes
            ]
            for draft in (_readable(api, key), *further):
                answer = past_the_window(api, draft, key, cause=f"spent:{key.name}")
                if today(api) != day:
                    raise Inconclusive("midnight passed while this was tried, and the quota with it")
                answer.must_be("429.daily")


@requirement("429.daily.resets", phase="reset")
def the_quota_comes_back_at_midnight_utc(api, spent):
    """Just before the next UTC midnight the org is still stopped, just after it is served again."""
    api.wait(0)  # what is known of the target's time may be old
    now = dt.datetime.fromtimestamp(api.now(), dt.UTC)
    if now.date() != api.once(today):
        raise Inconclusive("the day on which the quota was used up is over: a limit made the run wait past midnight")
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    api.wait((midnight - now).total_seconds() - 10)
    before = api.send(_readable(api, spent), spent, fresh=True, limited=True, cause="before midnight")
    if before.is_("429.window"):
        raise Inconclusive(f"the key {spent.name} met its window just before midnight: something else uses it")
    before.must_be("429.daily")
    api.wait(midnight.timestamp() - api.now() + 1)
    # one request only, since the quota may be one: another than before, for a quota may come back on one route alone
    other = api.endpoint("GET /creators").valid() if "read" in spent.scopes else _readable(api, spent)
    after = api.send(other, spent, fresh=True, limited=True, cause="after midnight")
    after.must_not_be("429", why="the day is over, and the quota has not come back")


def past_the_window(api, draft, key, *, cause):
    """What a spent key is answered; where the window stopped it first, what it is answered when that has passed."""
    answer = api.send(draft, key, fresh=True, limited=True, cause=cause)
    if answer.is_("429.window"):
        api.wait(min(retry_after(api, answer), MINUTE) + 1)
        answer = api.send(draft, key, fresh=True, limited=True, cause=cause)
    return answer


def today(api):
    """The target's date (UTC)."""
    return dt.datetime.fromtimestamp(api.now(), dt.UTC).date()


def retry_after(api, answer):
    """What the `Retry-After` header says in seconds; a whole minute where it says nothing of use."""
    value = answer.response.header("retry-after") or ""
    seconds = float(value) if value.isascii() and value.isdigit() else MINUTE
    if seconds > LONGEST and not api.profile.clock:
        raise Inconclusive(f"Retry-After says {seconds:g} s: that is longer than a run waits")
    return min(seconds, DAY)


def _readable(api, key):
    """A request that the key may make when it is not limited: a read, or else a look at nothing."""
    reads = "read" in key.scopes
    return api.endpoint("GET /projects").valid() if reads else api.endpoint("DELETE /creators/{id}").valid()


def _must_be_limited(spent):
    if not spent.limited:
        raise Inconclusive("the burst was not limited, so there is nothing to compare with")
