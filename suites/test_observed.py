"""What is seen on every exchange, whoever sent it: each requirement that needs no request of its own is an item of this module."""

from goatcheck.conduct import observing
from goatcheck.errors import NotExercised


@observing
def every_variant_on_demand(api):
    """Where a target answers on demand, each documented variant is asked for: of a mock on all operations that document it, of
    another target on one; where requests are not free only what the run has not met.
    """
    if api.profile.force is None:
        return
    known = [] if api.thorough or api.profile.kind == "mock" else api.all_answers()
    met = {answer.variant.id for answer in known if answer.variant}
    for variant in (variant for variant in api.contract.variants if variant.id not in met):
        documenting = [e for e in (*api.operations, *api.removed) if variant.id in e.operation.examples]
        for endpoint in documenting if api.demands_everywhere else documenting[:1]:
            try:
                answer = api.force(endpoint, variant)
            except NotExercised as reason:
                api.unforced[variant.id] = str(reason)
            else:
                if not answer.is_(variant.id):
                    api.unforced[variant.id] = f"{variant.id} was asked for, and {answer.summary} that is none came"
