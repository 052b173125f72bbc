
// The report reads as well without this: it filters, copies, opens what a link leads to, and opens what is printed.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const requirements = all(".requirement");
  const fields = { status: one("filter-status"), level: one("filter-level"), outcome: one("filter-outcome") };
  const text = one("filter-text");
  const count = one("filter-count");
  const texts = new Map();

  function textOf(requirement) {
    if (!texts.has(requirement)) texts.set(requirement, requirement.textContent.toLowerCase());
    return texts.get(requirement);
  }

  function filter() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const it of requirements) {
      const fits = Object.entries(fields).every(([name, field]) => !field.value || it.dataset[name] === field.value);
      it.hidden = !(fits && words.every((word) => textOf(it).includes(word)));
      shown += !it.hidden;
    }
    for (const group of all(".group, .part")) group.hidden = !group.querySelector(".requirement:not([hidden])");
    count.textContent = `${shown} of ${requirements.length}`;
  }

  function show(values) {
    text.value = "";
    for (const [name, field] of Object.entries(fields)) field.value = values[name] || "";
    filter();
  }

  function openTarget() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const target = id && one(id);
    if (!target) return;
    if (target.closest("[hidden]")) show({});
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
    const summary = target.querySelector(":scope > summary");
    if (summary) summary.focus({ preventScroll: true });
  }

  async function copy(button) {
    const source = button.closest("figure").querySelector("pre");
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      if (!document.execCommand("copy")) {
        button.textContent = "Selected: press Ctrl+C";
        return;
      }
      getSelection().removeAllRanges();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }

  for (const field of Object.values(fields)) field.addEventListener("change", filter);
  text.addEventListener("input", filter);
  text.addEventListener("keydown", (event) => { if (event.key === "Escape") show({}); });
  one("filter-reset").addEventListener("click", () => show({}));
  one("open-all").addEventListener("click", ({ currentTarget: button }) => {
    const open = button.getAttribute("aria-pressed") !== "true";
    for (const it of requirements) it.open = open;
    button.setAttribute("aria-pressed", String(open));
  });
  for (const link of all("a[data-status]")) link.addEventListener("click", () => show(link.dataset));
  for (const button of all(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all(".fail, .warn, .error, .fail .finding, .warn .finding").filter((it) => it.tagName === "DETAILS" && !it.open);
    for (const it of closed) it.open = true;
  });
  addEventListener("afterprint", () => { for (const it of closed) it.open = false; });

  document.querySelector(".filter").hidden = false;
  filter();
  addEventListener("hashchange", openTarget);
  addEventListener("load", openTarget);
})();
