"""A report full of hostile text: no script of it runs, nothing is fetched, nothing is told to anybody."""

import re

import pytest

ALARMS = "for (const name of ['alert', 'confirm', 'prompt', 'open']) window[name] = () => { window.alarmed = name; }"


@pytest.mark.parametrize("scripts", [True, False])
def test_no_script_runs_and_nothing_is_fetched(opened, scripts):
    page = opened("hostile", setup=ALARMS, java_script_enabled=scripts)
    if scripts:
        page.click("#open-all")
        page.fill("#filter-text", "<img src=https://evil.example/x>")
        page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
        assert page.evaluate("window.alarmed") is None
        assert page.evaluate("[document.scripts.length, document.images.length]") == [1, 0]
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert page.requests == [page.url]
    assert page.said == []


def test_hostile_text_is_shown_as_text(opened):
    page = opened("hostile")
    text = page.locator("#finding-400\\.code-1 > summary").inner_text()
    assert "</script></style></pre></details><script>alert(1)</script><img src=https://evil.example/x" in text
    assert "\\x1b[31mred" in text
    assert "\\u202eevil" in text


def test_the_policy_stops_what_escaping_would_let_through(opened):
    page = opened("hostile", setup=ALARMS)
    reached = []
    page.context.route("https://**", lambda route: (reached.append(route.request.url), route.fulfill(body="")))
    page.evaluate("""() => {
        window.stopped = [];
        document.addEventListener("securitypolicyviolation", (event) => window.stopped.push(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "window.alarmed = 'script'";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend",
            '<img src="https://evil.example/x" onerror="window.alarmed = 1"><p style="color: red" onclick="alarmed = 2">x</p>'
            + '<form action="https://evil.example/"></form><iframe src="https://evil.example/"></iframe>');
        document.querySelector("body > p:last-of-type").click();
        fetch("https://evil.example/").catch(() => {});
    }""")
    page.wait_for_function("window.stopped.includes('img-src') && window.stopped.includes('connect-src')")
    stopped = set(page.evaluate("window.stopped"))
    assert {"script-src-elem", "script-src-attr", "style-src-attr", "img-src", "connect-src", "frame-src"} <= stopped
    assert page.evaluate("window.alarmed") is None
    assert reached == []


@pytest.mark.parametrize("name", ["clean", "faulty"])
def test_no_key_stands_in_the_page_of_a_run(opened, name):
    page = opened(name)
    assert not re.search(r"tga_[0-9a-f]{8}", page.content())
    assert page.requests == [page.url]
    assert page.said == []
