"""Workers in this very process, who are given nothing that could not be sent, and give nothing else back."""

import pickle
from dataclasses import dataclass, field


class Done:
    """What came of a piece of work."""

    def __init__(self, given=None, error=None):
        self.given, self.error = given, error

    def result(self):
        if self.error:
            raise self.error
        return self.given


@dataclass
class Crew:
    """Runs what it is asked for at once; `sent` has all that would travel, `spoil` may raise in the place of the work."""

    spoil: object = lambda _function, _arguments: None
    sent: list = field(default_factory=list)
    asked: int = 0

    def submit(self, function, *arguments):
        self.asked += 1
        function, arguments = self._travelled((function, arguments))
        try:
            self.spoil(function, arguments)
            return Done(self._travelled(function(*arguments)))
        except Exception as error:  # noqa: BLE001 - as a worker, whatever it is
            return Done(error=self._travelled(error))

    def most(self):
        return 3

    def _travelled(self, value):
        self.sent.append(pickle.dumps(value))
        return pickle.loads(self.sent[-1])  # noqa: S301 - our own, of just now
