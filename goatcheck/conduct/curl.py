"""A request as one line to paste into a shell. Keys stand as variables such as `$KEY_READER`."""

from __future__ import annotations

import re
import shlex

from goatcheck.exchange import KEY_MARK, Request

_NEXT_DIGIT = "| tr 0-9a-fg-zA-Z 1-9a-f0"
_CHANGES = {
    "upper": "${KEY^^}",
    "cut": "${KEY%?}",
    "bare": "${KEY:4}",
    "start": "${KEY:0:${#KEY}/5}",
    "middle": f'${{KEY:0:${{#KEY}}/2}}$(printf %s "${{KEY:${{#KEY}}/2:1}}" {_NEXT_DIGIT})${{KEY:${{#KEY}}/2+1}}',
    "last": f'${{KEY%?}}$(printf %s "${{KEY: -1}}" {_NEXT_DIGIT})',
    "basic": '$(printf %s: "${KEY}" | base64 | tr -d "\\n")',
}
"""What the client does to a key, as bash does it to the variable KEY."""
_PLAIN = re.compile(rb"[ -~]*")
_ODD = re.compile(rb"[^ -~]|['\\%]")
_SAFE = re.compile(r"[ #%-\[\]-_a-~]*")
"""What means nothing to a shell between double quotes: no quote, dollar, backtick, backslash or exclamation mark."""
_WITH_BODY = {"POST", "PUT", "PATCH"}


def as_curl(request: Request, base_url: str) -> str:
    """The curl command, for bash or zsh, that sends the request as the client does (default header fields aside)."""
    words = ["curl", "-sS", "-i", "--path-as-is", "-g"]
    given = {name.lower() for name, _ in request.headers}
    body = request.body if request.body is not None or request.method not in _WITH_BODY else b""
    words += ["--head"] if request.method == "HEAD" else ["-X", _word(request.method)]
    for name, value in request.headers:
        words += ["-H", _field(name, value)]
    for name in ("Accept", "Content-Type"):  # curl would add its own
        if name.lower() not in given and (body is not None or name == "Accept"):
            words += ["-H", f"{name}:"]
    words.append(_word(base_url.rstrip("/") + request.target))
    if body is None:
        return " ".join(words)
    if b"\0" in body:
        # No word of a shell holds a zero byte, so the body comes through a pipe.
        return f"printf '{_octal(body)}' | {' '.join(words)} --data-binary @-"
    return f"{' '.join(words)} --data-raw {_bytes(body)}"


def variable(name: str) -> str:
    """The shell variable that holds the key of that name."""
    return "KEY_" + re.sub(r"\W", "_", name, flags=re.ASCII).upper()


def _field(name: str, value: str) -> str:
    """A header field as curl takes it: an empty value is written with a semicolon."""
    if not value:
        return _word(f"{name};")
    text = f"{name}: {value}"
    literal, keys, end = [], [], 0
    for mark in KEY_MARK.finditer(text):
        literal.append(text[end : mark.start()])
        follows = text[mark.end() : mark.end() + 1]
        keys.append(_expansion(mark[1], mark[2], braces=follows.isalnum() or follows == "_"))
        end = mark.end()
    literal.append(text[end:])
    if keys and all(_SAFE.fullmatch(part) for part in literal):
        return '"' + "".join(part + key for part, key in zip(literal, [*keys, ""], strict=True)) + '"'
    quoted = [_word(part) if part else "" for part in literal]
    return "".join(part + (key and f'"{key}"') for part, key in zip(quoted, [*keys, ""], strict=True))


def _expansion(name: str, change: str | None, *, braces: bool) -> str:
    """The shell's expansion of a key's variable, changed as the mark says."""
    if change:
        return _CHANGES.get(change, "${KEY}").replace("KEY", variable(name))
    return f"${{{variable(name)}}}" if braces else f"${variable(name)}"


def _word(text: str) -> str:
    """Text as one word of the shell; header text is latin-1."""
    return _bytes(text.encode("latin-1", "backslashreplace"))


def _bytes(data: bytes) -> str:
    """Bytes (none of them zero) as one word of the shell."""
    if _PLAIN.fullmatch(data):
        return shlex.quote(data.decode("ascii"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\n"
    if text.isprintable():
        return shlex.quote(text)
    return "$'" + _ODD.sub(lambda odd: f"\\x{odd[0][0]:02x}".encode(), data).decode("ascii") + "'"


def _octal(data: bytes) -> str:
    """Bytes as printf's format has them."""
    return _ODD.sub(lambda odd: f"\\{odd[0][0]:03o}".encode(), data).decode("ascii")
