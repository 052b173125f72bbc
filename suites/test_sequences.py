"""Sequences: what the contract says of one request holds as well after creations, renames, deletions, repetitions and time.

Each rule looks at one step of a sequence: what was asked, what came back, and what the lists showed before and after it.
The stories are the sequences that servers are known to stumble over; more of them are drawn where requests are free.
"""

from goatcheck.conduct import evidence
from goatcheck.conduct.moment import rule
from goatcheck.conduct.sequences import ROOM, Troupe, play_all
from goatcheck.drawing.sequences import Cast, add, create, delete, elsewhere, gone, rename, repeat, wait

# What must hold


@rule("402.limit.enforced")
def the_cap_holds_whatever_came_and_went(moment):
    """With room a create is not refused for the cap, without room nothing more exists after it; the refusal tells the count."""
    if moment.cap is None or not moment.asks_for_new_names or moment.step.do != "create":
        return
    answer = moment.answer
    if answer.succeeded:
        answer.must(
            ok=moment.after.count <= max(moment.cap, moment.before.count),
            message=f"{moment.after.count} exist, and the cap is {moment.cap}",
            expected=f"at most {moment.cap}",
            got=str(moment.after.count),
        )
    if moment.fits:
        answer.must_not_be("402", why=f"{moment.before.count} of {moment.cap} existed, so there was room")
    elif answer.is_("402") or (moment.fits is False and not moment.returning):
        answer.must_be("402.limit", current=moment.before.count, max=moment.cap)


@rule("402.limit.no-effect")
def a_create_beyond_the_cap_leaves_nothing_behind(moment):
    """Neither new creators nor removed ones come with a refusal, single or bulk."""
    if moment.own and moment.answer.is_("402.limit"):
        moment.must_change_nothing()


@rule("403.scope.write")
def who_may_only_read_never_writes(moment):
    """Without the scope a write is refused, whatever was done before to what it aims at."""
    if moment.powerless and moment.step.do in {"rename", "delete"} and not moment.gone:
        moment.answer.must_be("403.scope", required="write")


@rule("403.no-effect")
def a_write_without_the_scope_changes_nothing(moment):
    """What the refused write aimed at is as it was."""
    if moment.powerless and moment.answer.is_("403"):
        moment.must_change_nothing()


@rule("404.absent")
def what_was_deleted_is_not_found(moment):
    """A campaign or payout method that was deleted is an id that nothing has. A removed creator may come back: that is open."""
    if moment.own and moment.gone and moment.step.do in {"rename", "delete"} and moment.step.kind != "creator":
        moment.answer.must_be("404")


@rule("404.foreign")
def a_stranger_finds_nothing_whatever_became_of_it(moment):
    """Another org's thing is not found, be it new, renamed or deleted, and no list shows it."""
    if moment.stranger and moment.step.do in {"rename", "delete"}:
        moment.answer.must_be("404")
    if moment.stranger or moment.shown:
        moment.answer.must(
            ok=not moment.shown,
            message="a list shows what belongs to another org",
            expected="nothing of another org",
            got=", ".join(moment.shown),
        )


@rule("404.foreign-no-effect")
def a_stranger_changes_nothing(moment):
    """Its owner finds the thing as it was."""
    if moment.stranger:
        moment.must_change_nothing()


@rule("409.duplicate")
def a_handle_is_there_once_by_whatever_way_it_came(moment):
    """A handle that something else bears, by creation, rename or return, is refused; and it is never there twice."""
    if moment.step.kind != "creator" or not moment.asks_for_new_names:
        return
    if moment.taken and len(moment.names) == 1 and (moment.cap is None or moment.step.do == "rename"):
        moment.answer.must_be("409")
    moment.answer.must(
        ok=not moment.twice,
        message=f"{', '.join(moment.twice)} is there more than once",
        expected="once",
        got="more than once",
    )


@rule("409.idempotency.replay")
def a_repetition_gets_the_first_answer_whatever_happened_since(moment):
    """The same key, route and body again: the first response again, and nothing comes of it, even if the first thing is gone."""
    if moment.step.do != "repeat":
        return
    first, again = moment.first, moment.answer
    again.must(
        ok=(again.status, again.data) == (first.status, first.data),
        message="the repeated request did not get the first answer again",
        expected=f"{first.status} and {first.data!r}",
        got=f"{again.status} and {again.data!r}",
    )
    again.must(
        ok=not moment.change,
        message=f"the repeated request was carried out: {moment.change}",
        expected="nothing changed",
        got=moment.change,
    )


@rule("409.idempotency.route")
def a_used_key_stays_with_its_route(moment):
    """A key that succeeded on one route is refused on another, also later and when what it made is gone."""
    if moment.step.do == "elsewhere":
        moment.answer.must_be("409")


@rule("409.no-effect")
def a_conflict_changes_nothing(moment):
    """After a 409 everything is as it was, and nothing that was asked for is there, in part or whole."""
    if moment.own and moment.answer.is_("409"):
        moment.must_change_nothing()


@rule("410.removed")
def a_removed_route_is_gone_for_whatever_id(moment):
    """New, renamed or deleted: the removed route says 410."""
    if moment.step.do == "gone":
        moment.answer.must_be("410")


@rule("500.never", twice=True)
def no_sequence_makes_the_server_fail(moment):
    """No sequence of requests ends in a 500."""
    moment.answer.must_not_be("500", why="the request made the server fail")


# What is played

STORIES = (
    # a new name is taken, the old one's place is no secret door
    (create("a"), rename("a", "b"), create("b")),
    (create("a"), create("b"), rename("b", "a"), create("b"), create("a")),
    # what came back is there, once
    (create("a"), delete("a"), create("a"), create("a"), create("b"), rename("b", "a")),
    (create("a"), delete("a"), create("b"), rename("b", "a")),
    # in one request, twice, or with one that is there
    (create("a", "a"), create("a")),
    (create("a"), create("a", "b"), create("b")),
    # an idempotency key outlives what it made
    (create("a", under="k"), delete("a"), repeat("k"), elsewhere("k", "c")),
    (create("a", under="k"), rename("a", "b"), repeat("k")),
    (create("a"), delete("a"), create("a", under="k"), repeat("k"), elsewhere("k", "b")),
    (create("a", kind="campaign", under="k"), rename("a", "b", kind="campaign"), repeat("k", kind="campaign")),
    (create("a", kind="campaign", under="k"), wait(6), repeat("k"), elsewhere("k", "b", "payout_method")),
    # what has members, or is one, can be deleted
    (
        create("a"),
        create("b", kind="campaign"),
        create("c", kind="campaign"),
        add("b", "a"),
        add("c", "a"),
        delete("b", kind="campaign"),
        delete("a"),
    ),
    # gone routes are gone for new things too
    (create("a"), gone("a"), delete("a"), gone("a")),
    (create("a", kind="campaign"), gone("a", kind="campaign"), rename("a", "b", kind="campaign"), gone("b", kind="campaign")),
    # deleted means not found, and its idempotency key is not forgotten
    (
        create("a", kind="campaign", under="k"),
        delete("a", kind="campaign"),
        delete("a", kind="campaign"),
        repeat("k", kind="campaign"),
    ),
    (create("a", kind="payout_method"), delete("a", kind="payout_method"), rename("a", "b", kind="payout_method")),
    # strangers, in every state of things
    (
        create("a", by="foreign"),
        create("b"),
        rename("a", "c", by="foreign"),
        rename("c", "d", by="full", of="foreign"),
        delete("b"),
        delete("c", by="full", of="foreign"),
        delete("c", by="foreign"),
        delete("c", by="full", of="foreign"),
    ),
    # those who may only read
    (create("a"), rename("a", "b"), delete("b", by="reader", of="full"), rename("b", "c", by="reader", of="full")),
    # full with two: what comes back counts, what goes twice counts once, what is refused does not come
    (create("a", "b", by="capped"), create("c", by="capped")),
    (create("a", by="capped"), create("b", by="capped"), delete("a", by="capped"), create("c", by="capped"), create("a", by="capped")),
    (create("a", by="capped"), delete("a", by="capped"), create("b", by="capped"), create("a", "c", by="capped"), create("c", by="capped")),
    (
        create("a", by="capped"),
        delete("a", by="capped"),
        delete("a", by="capped"),
        create("b", by="capped"),
        create("c", by="capped"),
        create("d", by="capped"),
    ),
    (
        create("a", by="capped", under="k"),
        rename("a", "b", by="capped"),
        create("c", by="capped"),
        repeat("k", by="capped"),
        delete("b", by="capped"),
        create("d", by="capped"),
        create("e", by="capped"),
    ),
)  # fmt: skip

BRIEF = (
    # the life of one thing: renamed, in the way of another, deleted, and its idempotency key all the while
    (
        create("a", under="k"),
        gone("a"),
        rename("a", "b"),
        repeat("k"),
        create("b"),
        delete("b"),
        repeat("k"),
        elsewhere("k", "d", "campaign"),
        delete("b"),
    ),
    # a stranger in every state of things, after deletions of its own
    (
        create("a", by="foreign"),
        rename("a", "c", by="foreign"),
        rename("c", "d", by="full", of="foreign"),
        delete("c", by="foreign"),
        delete("c", by="full", of="foreign"),
    ),
    # deleted means not found, for whatever is asked
    (create("a", kind="payout_method"), delete("a", kind="payout_method"), rename("a", "b", kind="payout_method")),
    STORIES[-2],
)

CASTS = (
    Cast(("full", "foreign"), ("creator",), strangers=("full", "foreign"), readers=("reader",), clock=True),
    Cast(("capped",), ("creator",), strangers=("full",), room=ROOM),
    Cast(("full",), ("campaign", "payout_method"), strangers=("foreign",), readers=("reader",)),
)

RULES = tuple(value for value in list(globals().values()) if hasattr(value, "claim"))


@evidence("sequences", "402.limit.enforced", "402.limit.no-effect", "404.absent", "404.foreign", "404.foreign-no-effect",
          "409.duplicate", "409.idempotency.replay", "409.idempotency.route", "409.no-effect", "410.removed")  # fmt: skip
def what_came_before_changes_no_rule(api):
    """Whatever was created, renamed, deleted or repeated before, every step is answered as the contract has it."""
    play_all(api, Troupe(RULES, STORIES, BRIEF, CASTS))
