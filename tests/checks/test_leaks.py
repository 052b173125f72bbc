"""What gives the inside away, and what only looks as if it did."""

import gc
import json
import time
import tracemalloc

import pytest

from goatcheck.checks.leak_signs import SIGNS

LEAKS = {
    "python": 'Traceback (most recent call last):\n  File "/usr/lib/x.py", line 1',
    "python-frame": 'in File "app/routes.py", line 31, in create',
    "node": "TypeError: x is undefined\n    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)",
    "node-plain": "    at file:///app/server.mjs:10:11",
    "node-inner": "at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "node-anonymous": "at new Promise (<anonymous>)",
    "node-windows": "at C:\\work\\api\\index.js:3:9",
    "java": "at com.goat.api.CreatorController.list(CreatorController.java:42)",
    "java-native": "at java.lang.Thread.run(Native Method)",
    "java-exception": "java.lang.NullPointerException: null",
    "spring": "org.springframework.dao.DataIntegrityViolationException",
    "kotlin": "at com.goat.ApiKt.main(Api.kt:3)",
    "go": "goroutine 17 [running]:\nmain.main()",
    "go-panic": "panic: runtime error: index out of range [3] with length 3",
    "go-file": "/build/internal/handler.go:118 +0x1d",
    "php": "PHP Fatal error:  Uncaught Exception in /var/www/html/index.php:12",
    "php-trace": "Stack trace:\n#0 {main}",
    "php-line": "Undefined index in index.php on line 12",
    "ruby": "app/controllers/creators_controller.rb:15:in `show'",
    "dotnet": "at Goat.Api.Creators.Get(Guid id) in D:\\a\\Creators.cs:line 27",
    "dotnet-exception": "System.NullReferenceException: Object reference not set",
    "dotnet-inner": "--- End of inner exception stack trace ---",
    "rust": "thread 'main' panicked at src/main.rs:4:5",
    "path-home": "could not open /home/deploy/api/config.yaml",
    "path-source": "failed in /srv/api/dist/routes.js",
    "path-relative": "failed in src/routes/creators.ts:42",
    "path-etc": "no permission to read /etc/passwd",
    "path-packages": "see node_modules/pg/lib",
    "path-windows": "C:\\inetpub\\wwwroot\\api.dll is missing",
    "sqlstate": "SQLSTATE[23000]: Integrity constraint violation",
    "postgres": 'relation "creators" does not exist',
    "postgres-column": 'column "foo" does not exist',
    "postgres-type": 'invalid input syntax for type uuid: "x"',
    "postgres-unique": 'duplicate key value violates unique constraint "creators_handle_key"',
    "mysql": "You have an error in your SQL syntax; check the manual",
    "mysql-code": "ER_DUP_ENTRY: Duplicate entry",
    "sqlite": "SQLITE_CONSTRAINT: UNIQUE failed",
    "sqlite-python": "sqlite3.IntegrityError",
    "oracle": "ORA-00942: table or view does not exist",
    "prisma": "PrismaClientKnownRequestError",
    "mongo": "E11000 duplicate key error",
    "sqlalchemy": "(psycopg2.errors.UniqueViolation)",
    "sql-select": "SELECT id, name FROM creators WHERE org = $1",
    "sql-insert": "INSERT INTO creators (id) VALUES ($1)",
    "sql-update": "UPDATE creators SET name = $1",
    "sql-delete": "DELETE FROM creators WHERE id = $1",
    "sql-lower": "select * from creators where id = $1",
    "sql-lower-insert": "insert into creators (id) values ($1)",
    "environment": "DATABASE_URL=postgres://goat:secret@db/goat",
    "environment-code": "process.env.STRIPE_KEY is not set",
    "environment-python": "KeyError in os.environ",
    "environment-aws": "AKIAIOSFODNN7EXAMPLE was refused",
    "environment-node": "NODE_ENV=production",
    "address": "upstream 10.0.3.17 timed out",
    "address-port": "connect to 192.168.1.20:5432 failed",
    "address-172": "no route to 172.20.0.3",
    "loopback": "connect to 127.0.0.1:6379 failed",
    "localhost": "upstream localhost:3000 is down",
    "internal": "db-1.prod.internal is unreachable",
    "internal-single": "could not resolve redis.internal",
    "cluster": "creators.default.svc.cluster.local",
    "unresolved": "getaddrinfo ENOTFOUND postgres",
    "environment-secret": "JWT_SECRET: hunter2",
    "environment-unset": "Missing STRIPE_KEY environment variable",
    "environment-path": "LD_LIBRARY_PATH=/x",
    "dotnet-entities": "An error occurred while saving the entity changes. See the inner exception for details.",
    "dotnet-framework": "Microsoft.EntityFrameworkCore.DbUpdateException: no",
    "path-etc-folder": "open /etc/trackagoat/limits.yaml: permission denied",
    "path-enoent": "ENOENT: no such file or directory, open 'gone.html'",
    "path-eacces": "EACCES: permission denied, mkdir '/data'",
    "sqlite-unique": "UNIQUE constraint failed: creators.project_id, creators.handle",
    "sqlite-null": "NOT NULL constraint failed: campaigns.name",
    "prisma-unique": "Unique constraint failed on the fields: (`project_id`,`handle`)",
    "prisma-foreign": "Foreign key constraint failed on the field: `creators_project_fk`",
    "mssql": "Violation of UNIQUE KEY constraint 'UQ_creators'.",
    "mssql-object": "Cannot insert duplicate key in object 'dbo.creators'.",
    "mysql-duplicate": "Duplicate entry 'goat-1' for key 'creators.uq_handle'",
    "mongoose": 'Cast to ObjectId failed for value "abc" (type string) at path "_id"',
    "go-sql": "sql: no rows in result set",
    "hibernate": "could not execute statement [n/a]; constraint [uk_creators_handle]",
    "sqlx": "error returned from database: duplicate key value",
    "unresolved-again": "getaddrinfo EAI_AGAIN postgres-primary",
    "dialled": "dial tcp db-primary:5432: connect: connection refused",
    "dialled-socket": "dial unix /run/db.sock: connect",
    "address-six": "connect to [fd00:ec2::23]:6379 failed",
    "address-six-link": "no route to fe80::1",
    "loopback-six": "connect to [::1]:5432 failed",
    "service": "upstream http://plan-svc.prod.svc:8080/v1/limits said no",
}

HARMLESS = [
    "No such resource",
    "Missing API key: set the TRACKAGOAT_API_KEY environment variable",
    "Missing API key: export TRACKAGOAT_API_KEY=<your key>",
    "Look at line 3 of the documents",
    "Error at /creators: line too long",
    "Rate limit exceeded, try again at 12:30:15",
    "See https://docs.trackagoat.com/api/errors.html#402",
    "See https://www.trackagoat.com/home/docs/errors.js for more",
    "See docs.trackagoat.com/src/errors/limits.js",
    "Please select a project from the list, then update it",
    "SELECT is no creator handle",
    "Delete the creator from where you created it",
    "Constraint: name must not be empty",
    "The column name is required",
    "limit: must be between 1 and 100",
    "Limit reached: max_creators_per_org",
    "This action requires the 'write' scope. Granted: [read]",
    "/meta/0/name must be a string",
    "/home must be a string",
    "Version 10.2 is not supported",
    "The API runs at version 2.10.0.1",
    "Date must be like 2026-06-01T10:00:00Z",
    "Code error.internal, ask support",
    "internal_error",
    "Use local time",
    "An exception was made for your org",
    "Don't panic: the goat is at (home)",
    "Invalid value for API_KEY",
    "INVALID_API_KEY: the key is not known",
    "IDEMPOTENCY_KEY: used on another route",
    "USER_NOT_FOUND",
    "Unexpected token < in JSON at position 0",
    "JSON is broken at line 1 column 5 (char 4)",
    "The request timed out",
    "Host www.local.example is not served here",
    "/creators?limit=5 is fine",
    "Expected one of: creator, video, campaign",
    "handle may hold letters, digits, '.', '_' and '-'",
    "Ratio 3/4/5 and and/or is fine",
    "Write to support@goat.example/home/x",
    "A unique constraint failed: the handle is taken",
    "Duplicate entry for key goat",
    "Duplicate entry 'goat-1' in creators",
    "Violation of the key constraint",
    "You cannot insert duplicate keys",
    "Cast to the right type",
    "No rows in result set",
    "We could not execute the query",
    "could not execute statement",
    "The database returned nothing; an error returned from the database is told here",
    "An error occurred while saving the changes",
    "Microsoft is no creator",
    "ENOENT is no campaign",
    "Dial the tcp port",
    "Bring a dial in",
    "Use :: between parts, or a::b",
    "fd00 is a hex number, as is fc12: see below",
    "Times such as 10:00:00 or fade::away",
    "A file named x.svc, or goat.svc:",
]


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize("place", ["error", "meta", "name", "body"])
def test_the_inside_is_found_wherever_it_shows(judge, text, place):
    case = {
        "error": {"error": f"Oops: {text}"},
        "meta": {"meta": {"details": [{"message": text}]}},
        "name": {"meta": {text: 1}},
        "body": {"raw": f"<pre>{text}</pre>".encode(), "content_type": ("Content-Type", "text/html")},
    }[place]
    (problem,) = judge(status=500, **case)["error.no-leak"].problems
    assert problem.got
    assert problem.where.startswith({"error": "/error", "meta": "/meta/details/0", "name": "/meta", "body": ""}[place])


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_for_people_is_no_leak(judge, text):
    judgements = judge(error=text, meta={"hint": text, "more": [text, 5, None]})
    assert judgements["error.no-leak"].problems == ()


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_what_the_request_said_may_be_repeated(judge, text):
    body = json.dumps({"tiktok_handle": text}).encode()
    judgements = judge(method="POST", path="/projects/p/creators", body=body, error=f"Not a handle: {text}!")
    assert judgements["error.no-leak"].problems == ()


@pytest.mark.parametrize(
    "case",
    [
        {"path": "/creators/10.0.0.1"},
        {"path": "/creators/%31%30.0.0.1"},
        {"query": "search=10.0.0.1"},
        {"query": "search=at+10%2E0.0.1"},
        {"sent": (("Host", "10.0.0.1:8080"),)},
        {"body": b"10.0.0.1 and no JSON"},
    ],
)
def test_a_quotation_is_known_from_any_part_of_the_request(judge, case):
    assert judge(error="Nothing at 10.0.0.1", **case)["error.no-leak"].problems == ()
    assert judge(error="Nothing at 10.0.0.2", **case)["error.no-leak"].problems


def test_a_leak_beside_a_quotation_is_found(judge):
    assert (
        judge(query="search=10.0.0.1", error="10.0.0.1 is not 10.0.0.2")["error.no-leak"].problems[0].got
        == '"10.0.0.2"'
    )


def test_a_trace_in_html_is_found_through_its_escapes(judge):
    html = b"<pre>File &quot;app.py&quot;, line 3<br>&nbsp;</pre>"
    assert judge(raw=html, content_type=("Content-Type", "text/html"))["error.no-leak"].problems


@pytest.mark.parametrize("name", ["X-Debug-Exception-File", "x-exception-class", "X-Error-Source"])
@pytest.mark.parametrize("value", ["/var/www/html/src/Controller.php:42", "%2Fvar%2Fwww%2Fhtml%2Fsrc%2FController.php"])
def test_a_field_for_developers_shows_it_too(judge, name, value):
    (problem,) = judge(headers=((name, value),))["error.no-leak"].problems
    assert problem.where == name


@pytest.mark.parametrize("name", ["X-Upstream", "x-backend-server", "X-Served-By", "X-Pod-Name", "X-Node"])
@pytest.mark.parametrize("value", ["api-1.internal.svc.cluster.local:8080", "10.0.3.7:8080", "web.eu.compute.internal"])
def test_a_field_that_tells_who_answered_shows_an_internal_host(judge, name, value):
    (problem,) = judge(headers=((name, value),))["error.no-leak"].problems
    assert (problem.where, problem.message) == (name, "the error shows an internal host")


@pytest.mark.parametrize(
    "field",
    [
        ("X-Served-By", "cache-fra-1"),
        ("X-Upstream-Time", "7"),
        ("Via", "1.1 10.0.0.3"),
        ("X-Debug-Token", "1f3a"),
        ("X-Error-Code", "12"),
    ],
)
def test_another_field_of_a_header_is_not_searched_or_harmless(judge, field):
    assert judge(headers=(field,))["error.no-leak"].problems == ()


def test_successes_may_say_what_they_like(judge):
    assert "error.no-leak" not in judge(status=200, data=["10.0.0.1"], error=None, meta=None)


def test_every_pattern_matches_only_where_one_of_its_hints_stands():
    for text in LEAKS.values():
        for sign in SIGNS:
            for match in sign.pattern.finditer(text):
                assert any(hint in match.group() for hint in sign.hints), (sign.name, match.group())


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a/",
        "/a",
        "+a",
        "-a",
        ".a",
        "a.",
        "1.",
        "_A",
        "A_",
        "at ",
        "at a.",
        "a:",
        "SELECT ",
        "com.",
        "System.",
        "/com.",
        "C:\\a",
        "\\b",
        '"',
        "(",
        " ",
    ],
)
def test_no_text_makes_the_search_slow(judge, unit):
    hints = " ".join(hint for sign in SIGNS for hint in sign.hints)
    began = time.process_time()
    judge(error=f"{unit * (60_000 // len(unit))} {hints}")
    judge(error=f"{unit * (60_000 // len(unit))}{hints}")
    assert time.process_time() - began < 2


def test_long_errors_are_not_remembered(judge):
    judge(error="warmed up")
    tracemalloc.start()
    try:
        for number in range(100):
            judge(error=f"{number} {'goat ' * 20_000}")
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000  # of ten megabytes
