"""The mock as an ASGI application: every request goes to the world as it came, none is answered by the framework."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from goatcheck.mock.door import knock, wire_headers
from goatcheck.model.world import World


def app(world: World) -> Starlette:
    """The application that serves a world under /api/v1 and its clock under /_clock."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        # in a thread, so that concurrent requests meet in the world as they would on a real server
        response = await run_in_threadpool(knock, world, scope["method"], target, scope["headers"], body)
        await send({"type": "http.response.start", "status": response.status, "headers": wire_headers(response)})
        await send({"type": "http.response.body", "body": response.body})

    application = Starlette()
    # no routes: what fits none goes to the router's default, past its own 404, 405 and slash redirects
    application.router.default = answer
    return application
