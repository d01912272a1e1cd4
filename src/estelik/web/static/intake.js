// Keys of the intake that are not printed keys: what they do depends on where one is.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const press = (id) => { const one = $(id); if (one) one.click(); };

  // What is typed goes to the desk in its order, one request after the other: what was kept is out of the
  // line at once, so that one types on, and comes back if nobody acknowledged it.
  const line = $("line");
  const form = $("keep");
  const queue = [];
  let busy = null;
  // Signed out while she told: the page stays, nothing that is typed is lost, and what was on its way is sent
  // again once the passphrase was given.
  const again = $("again");
  let out = false;
  const signed = again ? new EventTarget() : null;
  document.addEventListener("htmx:before:response", (event) => {
    const { hx } = event.detail.ctx;
    if (hx && hx.redirect === "/intake/cleared") document.body.hidden = true;
    if (!again || !hx || hx.redirect !== "/sign-in") return;
    event.preventDefault();
    ask();
  });
  const ask = () => {
    out = true;
    again.hidden = false;
    listed();
  };
  // What has left the line and was not acknowledged stands where the passphrase is asked for.
  let sent = null;
  const listed = () => {
    const lines = [sent, ...queue].filter((one) => one && one.path === "/intake/keep");
    $("again-lines").replaceChildren(...lines.map(({ values }) => {
      const item = document.createElement("li");
      item.dir = "auto";
      const small = Object.keys(values).filter((name) => name.startsWith("c-")).map((name) => values[name]);
      item.textContent = [values.line, ...small, values.say || ""].filter((one) => one.trim()).join(" ");
      return item;
    }));
  };
  // Nor is the page left for another without a question: only a lock asks nothing.
  addEventListener("beforeunload", (event) => { if (out && !document.body.hidden) event.preventDefault(); });
  if (again) {
    again.addEventListener("submit", async (event) => {
      event.preventDefault();
      const given = new URLSearchParams(new FormData(again));
      $("again-passphrase").value = "";
      const answer = await fetch("/sign-in", { method: "POST", body: given }).catch(() => null);
      const status = answer ? answer.status : 0;
      unread(answer);
      $("again-not").hidden = status !== 422;
      $("again-wait").hidden = status !== 429;
      if (status !== 200) { $("again-passphrase").focus(); return; }
      out = false;
      again.hidden = true;
      if (line) line.focus();
      signed.dispatchEvent(new Event("in"));
    });
  }
  // A page that nobody looks at need not come to its end: what is half read holds a connection.
  const unread = (answer) => { if (answer && answer.body) answer.body.cancel(); };
  const signedIn = () => new Promise((go) => signed.addEventListener("in", go, { once: true }));
  const asked = async (path, values) => {
    const staging = $("staging");
    for (;;) {
      staging.replaceChildren();
      try {
        await htmx.ajax("POST", path, { target: "#staging", swap: "innerHTML", values });
      } catch { /* what did not come is missing below */ }
      if (!out) break;
      await signedIn();
    }
    const parts = [...staging.querySelectorAll("[data-part]")];
    for (const part of parts) {
      const place = $(`part-${part.dataset.part}`);
      if (place) place.replaceChildren(...part.childNodes);
    }
    staging.replaceChildren();
    return parts.map((part) => part.dataset.part);
  };
  const work = async () => {
    while (queue.length) {
      const one = queue.shift();
      sent = one;
      const came = await asked(one.path, one.values);
      sent = null;
      if (one.then) one.then(came);
    }
    busy = null;
  };
  const send = (one) => {
    queue.push(one);
    if (out) listed();
    busy = busy || work();
  };
  const filled = (by) => Object.fromEntries(new FormData(form, by));
  let waiting = 0;
  const typed = () => {
    waiting = 0;
    for (let at = queue.length - 1; at >= 0; at -= 1) if (queue[at].path === "/intake/line") queue.splice(at, 1);
    send({ path: "/intake/line", values: filled() });
  };
  if (form) {
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(typed, 300); });
    const keep = (values) => {
      clearTimeout(waiting);
      waiting = 0;
      const small = document.querySelector(".small-fields");
      if (!values.line.trim() && !small && !values.say) return;
      if (!small) line.value = "";
      if (out) $("again-passphrase").focus(); else line.focus();
      send({
        path: "/intake/keep",
        values,
        then: (came) => {
          if (came.includes("kept")) {
            if (small) { $("fields").replaceChildren(); line.value = ""; line.focus(); }
          } else {
            if (!line.value) line.value = values.line;
            if (!came.length) $("part-back").replaceChildren($("unanswered").content.cloneNode(true));
          }
        },
      });
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = filled(event.submitter && event.submitter.name ? event.submitter : undefined);
      const back = document.querySelector("#part-back [data-read]");
      if (back && back.dataset.line === values.line && !values.say) values.read = back.dataset.read;
      keep(values);
    });
    // Another reading than the one that is read back is kept where it is pressed, and by nothing else.
    document.addEventListener("click", (event) => {
      const other = event.target.closest ? event.target.closest("[data-pick]") : null;
      if (other) keep({ ...filled(), pick: other.dataset.pick });
    });
    // Whoever goes to another page takes along what is on its way.
    document.addEventListener("click", (event) => {
      const link = event.target.closest ? event.target.closest("a[href]") : null;
      if (!link || link.getAttribute("href").startsWith("#") || (!busy && !waiting)) return;
      event.preventDefault();
      if (waiting) { clearTimeout(waiting); typed(); }
      const go = () => (busy ? busy.then(go) : location.assign(link.href));
      go();
    });
  }

  // So does whoever takes up another line, corrects one, pastes an account, or says what she allows: what was
  // typed last is put down before; and whoever was signed out meanwhile is asked for the passphrase first.
  const sure = new WeakSet();
  let going = false;
  const sureOf = async (other, by) => {
    if (waiting) {
      clearTimeout(waiting);
      typed();
    }
    while (busy) await busy;
    const there = await fetch("/intake/cleared", { redirect: "manual" }).catch(() => null);
    unread(there);
    if (there && there.type === "opaqueredirect") {
      ask();
      again.scrollIntoView({ block: "nearest" });
      $("again-passphrase").focus();
      await signedIn();
    }
    going = false;
    sure.add(other);
    other.requestSubmit(by);
  };
  document.addEventListener("submit", (event) => {
    const other = event.target;
    if (!again || other === form || ["leave", "lock", "again"].includes(other.id)) return;
    if (sure.delete(other)) return;
    event.preventDefault();
    // One act after the other: the page goes away with the first.
    if (going) return;
    going = true;
    sureOf(other, event.submitter);
  });

  // The line: Tab to the small fields, up to earlier lines, Esc leaves it.
  if (line) {
    line.setSelectionRange(line.value.length, line.value.length);
    line.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Tab" && !event.shiftKey && !document.querySelector(".small-fields")) {
        event.preventDefault();
        press("small");
      } else if (event.key === "ArrowUp") {
        event.preventDefault();
        earlier(-1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        press("leaving");
      }
    });
    $("small").addEventListener("click", () => {
      clearTimeout(waiting);
      htmx.ajax("POST", "/intake/fields", { target: "#fields", swap: "innerHTML", values: filled() });
    });
    const up = $("up");
    if (up) up.addEventListener("click", () => earlier(-1));
  }
  // Earlier lines: those of today from the last up, then those of earlier visits.
  const all = () => {
    const today = [...document.querySelectorAll(".lines .earlier")].filter((one) => !one.closest(".visit"));
    const before = [...document.querySelectorAll(".visit .earlier")];
    return [...today.reverse(), ...before];
  };
  const earlier = (by) => {
    const lines = all();
    const at = lines.indexOf(document.activeElement);
    const to = at - by;
    if (to < 0) { if (line) line.focus(); return; }
    const one = lines[Math.min(to, lines.length - 1)];
    if (!one) return;
    const hidden = one.closest("details");
    if (hidden) hidden.open = true;
    one.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (!event.target.classList || !event.target.classList.contains("earlier")) return;
    if (event.key === "ArrowUp") { event.preventDefault(); earlier(-1); }
    if (event.key === "ArrowDown") { event.preventDefault(); earlier(1); }
    if (event.key === "Escape" && line) { event.preventDefault(); line.focus(); }
  });
  // What was asked for comes into focus when it is there.
  document.addEventListener("htmx:after:swap", () => {
    const asked = document.querySelector(".small-fields");
    if (asked && !asked.dataset.seen) {
      asked.dataset.seen = "1";
      const first = asked.querySelector("input");
      if (first && document.activeElement === line) first.focus();
    }
    const pasted = $("pasted");
    if (pasted && !pasted.dataset.seen) {
      pasted.dataset.seen = "1";
      pasted.focus();
    }
  });

  // Suggestions: down to them, Enter or a click fills the field and goes on to the next.
  document.addEventListener("click", (event) => {
    const one = event.target.closest ? event.target.closest("[data-fill]") : null;
    if (!one) return;
    const field = $(one.dataset.fill);
    field.value = one.dataset.value;
    one.closest(".found").replaceChildren();
    const next = { source: "about", about: "language" }[one.dataset.fill];
    ($(next) || $("day")).focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const field = event.target.closest ? event.target.closest(".field") : null;
    const found = field ? [...field.querySelectorAll("[data-fill]")] : [];
    if (!found.length || event.target.tagName === "SELECT") return;
    event.preventDefault();
    const at = found.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
    if (at < 0) field.querySelector("input").focus();
    else found[Math.min(at, found.length - 1)].focus();
  });

  // A passage that is not a sentence: mark it, press M.
  {
    const place = (node, offset) => {
      const one = (node.nodeType === 1 ? node : node.parentElement).closest(".sentence");
      if (!one) return null;
      const before = document.createRange();
      before.setStart(one, 0);
      before.setEnd(node, offset);
      return Number(one.dataset.start) + [...before.toString()].length;
    };
    document.addEventListener("keydown", (event) => {
      if (event.code !== "KeyM" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      const chosen = getSelection();
      if (!$("passages") || !chosen.rangeCount || chosen.isCollapsed) return;
      const range = chosen.getRangeAt(0);
      const first = place(range.startContainer, range.startOffset);
      const last = place(range.endContainer, range.endOffset);
      if (first === null || last === null || first >= last) return;
      event.preventDefault();
      const field = $("passage");
      field.disabled = false;
      field.value = `${first}-${last}`;
      $("passages").requestSubmit();
    });
  }
})();
