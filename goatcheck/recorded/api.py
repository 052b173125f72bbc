"""Which entries of a recording are the API's, and which operation each one means."""

from __future__ import annotations

from dataclasses import dataclass, replace

from goatcheck.contract import Contract
from goatcheck.exchange import Exchange
from goatcheck.recorded.entry import Entry

BASE_PATH = "/api/v1"
"""Where the API is on its host, unless told otherwise."""


@dataclass(frozen=True)
class Api:
    """An API by where it is: `base_path`, which a gateway's own path may come before, and the `hosts` that have it (none: any)."""

    contract: Contract
    base_path: str = BASE_PATH
    hosts: frozenset[str] = frozenset()

    def path(self, entry: Entry) -> str | None:
        """The path of an entry's request relative to the API's base URL, None for one of another API.

        Where a variable stands for the base URL, only documented paths are taken for the API's.
        """
        path, base = entry.exchange.request.path, self.base_path
        if entry.relative:
            return path
        if self.hosts and entry.origin and entry.origin.partition("://")[2] not in self.hosts:
            return None
        at = f"{path}/".find(f"{base}/")
        if at >= 0:
            return path[at + len(base) :] or "/"
        _, variable, rest = path.partition("}}")
        rest = "/" + rest.lstrip("/")
        return rest if variable and path.lstrip("/").startswith("{{") and self.contract.methods_of(rest) else None

    def exchange(self, entry: Entry) -> Exchange:
        """The exchange of an entry that is the API's, with its path relative to the base URL, and its operation told."""
        exchange = entry.exchange
        request, intent = exchange.request, exchange.intent
        path = self.path(entry) or "/"
        operation = self.contract.operation(request.method, path) or self.contract.removed_route(request.method, path)
        told = operation.id if operation else ""
        if path == request.path and told == intent.operation:
            return exchange
        return replace(exchange, request=replace(request, path=path), intent=replace(intent, operation=told))

    def base_url(self, entry: Entry) -> str:
        """The base URL that an entry was sent below, "" where the recording does not tell."""
        path = entry.exchange.request.path
        return entry.origin + path[: path.find(self.base_path)] + self.base_path if entry.origin else ""
