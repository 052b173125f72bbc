"""What can go wrong that is not a finding.

GoatcheckError
 ├─ UsageError      exit 2: wrong usage, unreadable or invalid profile, unknown id
 ├─ Unusable        exit 5: the target can't be judged at all
 ├─ NotExercised    a requirement could not be tried; the reason says what is missing
 ├─ Inconclusive    something else got in the way (an unrelated 429, a 503, a failed set-up)
 ├─ TargetGone      no connection, no answer in time, an answer that is no HTTP
 └─ GeneratorError  goatcheck drew a request that can't be sent: our fault, never a finding
"""


class GoatcheckError(Exception):
    """The root of all that goatcheck raises on purpose; the text is written for people."""


class UsageError(GoatcheckError):
    """Wrong usage: says what was given, what was expected and what to do next."""


class Unusable(GoatcheckError):
    """The target as a whole can't be judged: unreachable, or no such API."""


class NotExercised(GoatcheckError):
    """A requirement could not be tried; the text is the reason that the report shows."""


class Inconclusive(GoatcheckError):
    """Something unrelated got in the way of trying a requirement; the text says what."""


class TargetGone(GoatcheckError):
    """The target gave no HTTP answer.

    `cause_kind` is connect (refused, unknown host, TLS), timeout, reset, or protocol (it answered, but that was no HTTP).
    """

    def __init__(self, text: str = "", cause_kind: str = "connect") -> None:
        super().__init__(text)
        self.cause_kind = cause_kind


class GeneratorError(GoatcheckError):
    """goatcheck made a request that its own client can't send."""
