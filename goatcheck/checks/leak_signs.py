r"""The signs by which the inside of a service is recognised in an error: patterns, held as data.

Each is narrow enough that a sentence written for people does not fit it: "at" and "line" alone are English, ``at x (/srv/a.js:1:2)``
is not. `hints` are plain substrings of which any match holds one: they spare most texts the pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """One kind of leak: its name for people, the pattern, and substrings of which every match contains one."""

    name: str
    pattern: re.Pattern[str]
    hints: tuple[str, ...]


def _sign(name: str, hints: tuple[str, ...], *alternatives: str) -> Sign:
    return Sign(name, re.compile("|".join(alternatives), re.MULTILINE), hints)


_SOURCE = r"(?:py|pyc|js|mjs|cjs|jsx|ts|tsx|rb|php|go|java|kt|scala|cs|rs|ex)\b"
_OUTSIDE_URL = r"(?<![\w/:.@+-])"
_WORD_START = r"(?<![\w./-])"
_CONDITION = r"where [\w\"`.]+ ?(?:[=<>]|!=|like\b|in ?\(|is (?:not )?null\b)"
"""A condition of SQL in small letters: "select videos from projects where you are a member" is English."""

SIGNS: tuple[Sign, ...] = (
    _sign(
        "a stack trace of Python",
        ("Traceback", 'File "'),
        r"Traceback \(most recent call last\)",
        r'File "[^"\n]{1,300}", line \d+',
    ),
    _sign(
        "a stack trace of JavaScript",
        ("at ",),
        r"\bat (?:async )?(?:[^\s()][^\n()]{0,200} )?\(?(?:file://|node:|webpack|[A-Za-z]:\\|/)[^\s()]{1,300}:\d+:\d+\)?",
        r"\bat (?:async |new )?[\w$.<>]{1,200} \(<anonymous>\)",
    ),
    _sign(
        "a stack trace of Java",
        (".java:", ".kt:", ".scala:", "Unknown Source", "Native Method", "Exception"),
        r"\bat [\w$.]{1,200}(?:<init>)?\((?:[\w$]+\.(?:java|kt|scala):\d+|Unknown Source|Native Method)\)",
        rf"{_WORD_START}(?:java|javax|jakarta|kotlin|org|com|io)\.[\w.$]{{1,200}}?Exception\b",
        r'Exception in thread "',
    ),
    _sign(
        "a stack trace of Go",
        ("goroutine ", "panic: ", ".go:"),
        r"\bgoroutine \d+ \[\w+",
        r"\bpanic: runtime error",
        rf"{_WORD_START}[\w./-]+\.go:\d+",
    ),
    _sign(
        "a stack trace of PHP",
        ("Stack trace:", ".php", "PHP "),
        r"Stack trace:\s*#0 ",
        r"\.php(?:\(\d+\)|:\d+| on line \d+)",
        r"\bPHP (?:Fatal|Parse|Warning|Notice)\b",
    ),
    _sign("a stack trace of Ruby", (".rb:",), rf"{_WORD_START}[\w./-]+\.rb:\d+"),
    _sign(
        "a stack trace of .NET",
        (":line ", "System.", "inner exception", "Microsoft.", "the entity changes"),
        r"\bat [^\n()]{1,200}\([^\n()]{0,300}\) in [^\n]{1,300}:line \d+",
        rf"{_WORD_START}System\.[\w.]{{0,200}}?Exception\b",
        r"--- End of inner exception stack trace ---",
        rf"{_WORD_START}Microsoft\.(?:AspNetCore|Data|EntityFrameworkCore|Extensions)\.\w+",
        r"An error occurred while saving the entity changes",
    ),
    _sign("a stack trace of Rust", ("panicked at",), r"thread '[^'\n]{0,100}' panicked at"),
    _sign(
        "a source path",
        ("/", "\\", "ENOENT: ", "EACCES: ", "EPERM: ", "EISDIR: ", "ENOTDIR: "),
        rf"{_OUTSIDE_URL}/(?:home|Users|usr|var|srv|opt|root|tmp)/[\w.@+-]+/[\w./@+-]+",
        rf"{_OUTSIDE_URL}/(?:[\w.@+-]+/)+[\w.@+-]+\.{_SOURCE}",
        rf"{_OUTSIDE_URL}(?:[\w.@+-]+/)+[\w.@+-]+\.{_SOURCE}:\d+",
        r"/etc/(?:passwd|shadow|hosts|ssl|nginx|(?:[\w.-]{1,60}/){0,5}[\w.-]{1,60}\.(?:conf|cfg|ya?ml|ini))\b",
        r"\b(?:node_modules|site-packages|dist-packages|vendor/bundle)/",
        r"\b[A-Za-z]:\\(?:[\w .-]+\\)+[\w .-]+",
        r"\b(?:ENOENT|EACCES|EPERM|EISDIR|ENOTDIR): [a-z]",
    ),
    _sign(
        "an error of a database",
        (
            "SQL",
            "sql",
            "ORA-",
            "PG::",
            "psycopg",
            "ER_",
            "constraint",
            "relation ",
            "column ",
            "invalid input syntax",
            "syntax error at or near",
            "Prisma",
            "prisma",
            "E11000",
            "deadlock detected",
            "Sequelize",
            "ActiveRecord",
            "Mongo",
            "Cast to ",
            "Duplicate entry ",
            "could not execute ",
            "returned from database",
            "insert duplicate key",
        ),
        r"\bSQLSTATE\b",
        r"\bSQLITE_[A-Z]+\b",
        r"\bsqlite3?\.\w*Error\b",
        r"\bORA-\d{5}\b",
        r"\bPG::\w+",
        r"\bpsycopg\d?\b",
        r"\bsqlalchemy\.\w+",
        r"\bER_(?:ACCESS|BAD|CON|DATA|DUP|LOCK|NO|PARSE|ROW|TRUNCATED)_[A-Z_]+\b",
        r"error in your SQL syntax",
        r"\b(?:UNIQUE|NOT NULL|CHECK|FOREIGN KEY|PRIMARY KEY) constraint failed\b",
        r"\b(?:Unique|Foreign key|Null) constraint (?:failed|violated|violation) on the (?:fields?|constraint)\b",
        r"Violation of (?:UNIQUE|PRIMARY) KEY constraint|Cannot insert duplicate key in object",
        r"Duplicate entry '[^'\n]{0,300}' for key\b",
        r"Cast to \w{1,40} failed for value",
        r"\bsql: (?:no rows in result set|database is closed|Scan error|transaction has already been)",
        r"could not execute (?:statement|query|batch) ?[\[;]",
        r"error returned from database: ",
        r"violates (?:unique|foreign key|not-null|check|exclusion) constraint",
        r'\b(?:relation|column) "?[\w.]+"? (?:of relation "?\w+"? )?does not exist',
        r"invalid input syntax for (?:type )?\w+",
        r"syntax error at or near",
        r"\bPrismaClient\w*|Invalid `prisma\.",
        r"\bE11000 duplicate key",
        r"\bdeadlock detected\b",
        r"\bSequelize\w*Error\b|\bActiveRecord::\w+|\bMongo(?:Server|Network|DB)?Error\b",
    ),
    _sign(
        "an SQL statement",
        ("SELECT", "INSERT", "UPDATE", "DELETE", "select ", "insert ", "update ", "delete "),
        r"\bSELECT\s[^\n]{1,300}?\sFROM\s+[\w\"`.\[]+",
        r"\bINSERT\s+INTO\s+[\w\"`.\[]+",
        r"\bUPDATE\s+[\w\"`.\[\]]+\s+SET\s",
        r"\bDELETE\s+FROM\s+[\w\"`.\[]+",
        r"\bselect (?:\*|[\w\"`.]+(?:, ?[\w\"`.]+)*) from [\w\"`.]+ "
        rf"(?:{_CONDITION}|limit \d|order by\b|inner join\b|left join\b)",
        r"\binsert into [\w\"`.]+ ?\(",
        r"\bupdate [\w\"`.]+ set [\w\"`.]+ ?=",
        rf"\bdelete from [\w\"`.]+ {_CONDITION}",
    ),
    _sign(
        "an environment variable",
        ("=", "_ENV", "_URL", "AWS_", "DB_", "SECRET", "PASSWORD", "environ", "process.env", "://", "AKIA"),
        r"\b(?:DATABASE_URL|REDIS_URL|NODE_ENV|AWS_[A-Z_]+|DB_[A-Z_]+|[A-Z]+_SECRET|SECRET_KEY|PGPASSWORD)\s?[=:]\s?\S",
        r"\b(?!TRACKAGOAT_)(?:[A-Z][A-Z0-9]*_){1,9}(?:URL|URI|DSN|PASSWORD|PASSWD|KEY|TOKEN|HOST|PATH|HOME)=\S",
        r"\benvironment variable (?!TRACKAGOAT_)[A-Z_]{3,}|\b(?!TRACKAGOAT_)[A-Z]+_[A-Z_]+ environment variable\b",
        r"\bprocess\.env\b",
        r"\bos\.environ\b",
        r"\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?)(?:\+\w+)?://\S",
        r"\bAKIA[0-9A-Z]{16}\b",
    ),
    _sign(
        "an internal host",
        (
            "10.",
            "192.168.",
            "172.",
            "127.",
            "localhost",
            ".internal",
            ".local",
            ".lan",
            ".corp",
            ".intranet",
            "ECONN",
            "ENOTFOUND",
            "EHOSTUNREACH",
            "ETIMEDOUT",
            "EAI_AGAIN",
            "dial ",
            "::",
            ".svc",
        ),
        r"(?<![\w.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|127(?:\.\d{1,3}){3})(?!\w|\.\d)",
        r"\blocalhost:\d+\b",
        r"(?<![\w.-])(?!(?:errors?|codes?|server|api|exceptions?|messages?|types?|status)\.)"
        r"(?:[A-Za-z0-9][\w-]*\.)+(?:internal|local|lan|corp|intranet)(?!\.?[\w-])",
        r"\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|EAI_AGAIN) [\w.:-]+",
        r"\bdial (?:tcp|udp|unix)[46]? [\w.:/@\[-]+",
        r"(?<![\w:.])(?:f[cd][0-9a-f]{2}|fe80)(?::[0-9a-f]{1,4}){0,6}::(?:[0-9a-f]{1,4}\b)?|\[::1\]:\d+",
        r"(?<![\w.-])[A-Za-z0-9][\w-]{0,62}\.[\w-]{1,63}\.svc(?:\.[\w-]+|:\d+)",
    ),
)
"""Every sign that is looked for."""
