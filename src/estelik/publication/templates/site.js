// Reads a page in another language: puts the values that stand in it into the sentences of that language.
// Nothing is kept in the browser: the language stands behind the # of the address, and goes along with links.
"use strict";
(() => {
  const page = document.documentElement;
  const base = page.dataset.root, own = page.dataset.language;
  const strings = {}, waiting = {}, places = new WeakMap();
  let now = own;

  const load = (file) => waiting[file] ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = base + file;
    script.onload = done;
    script.onerror = () => { delete waiting[file]; failed(); };
    document.head.append(script);
  });
  const estelik = window.estelik = { load, strings: (tag, found) => { strings[tag] = found; }, say: () => {} };

  const tags = () => new Set([...document.querySelectorAll(".tongues [data-language]")].map((one) => one.dataset.language));

  function asked() {
    let text = location.hash.slice(1);
    // What was cut off in the middle of a letter stands as it is.
    try { text = decodeURIComponent(text); } catch {}
    const dot = text.indexOf(".");
    const head = dot < 0 ? text : text.slice(0, dot);
    if (tags().has(head)) return [head, dot < 0 ? "" : text.slice(dot + 1)];
    // A link within the page: the language stays, and is put before it.
    if (text && now !== own) history.replaceState(null, "", `#${now}.${text}`);
    return [text ? now : own, text];
  }

  function set(element, found) {
    let form = found.messages[element.dataset.m];
    if (form === undefined) return;
    if (Array.isArray(form)) form = form[Number(found.plural(Number(element.dataset.n)))] ?? form[0];
    if (!places.has(element)) {
      const values = {};
      for (const child of element.children) if (child.dataset.v) values[child.dataset.v] = child;
      places.set(element, values);
    }
    const values = places.get(element), seen = new Set();
    const parts = form.split(/%\((\w+)\)s/).map((part, at) => {
      if (at % 2 === 0) return part.replaceAll("%%", "%");
      const value = values[part];
      if (!value) return "";
      if (!seen.has(part)) { seen.add(part); return value; }
      return value.cloneNode(true);
    });
    element.replaceChildren(...parts);
    if (found.drafted.includes(element.dataset.m)) element.dataset.draft = ""; else delete element.dataset.draft;
  }

  function capital(element, tag) {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
      if (!text.data) continue;
      if (!text.parentElement.closest("bdi")) {
        const first = String.fromCodePoint(text.data.codePointAt(0));
        text.data = first.toLocaleUpperCase(tag) + text.data.slice(first.length);
      }
      return;
    }
  }

  estelik.say = (within) => {
    const found = strings[now];
    if (!found) return;
    // The inner ones first, so that what is set twice is set as it is read.
    for (const one of [...within.querySelectorAll("[data-m]")].reverse()) set(one, found);
    for (const one of within.querySelectorAll("[data-d]")) {
      one.textContent = one.dataset.d.replace(/\B(?=(\d{3})+$)/g, found.group);
    }
    for (const one of within.querySelectorAll("[data-c]")) capital(one, now);
    links(within);
  };

  function links(within) {
    for (const link of within.querySelectorAll("a[href]:not(.address, [data-language], [href^='#'])")) {
      link.dataset.href ??= link.getAttribute("href");
      const [file, anchor] = link.dataset.href.split("#");
      const behind = now === own ? anchor ?? "" : now + (anchor ? "." + anchor : "");
      link.setAttribute("href", file + (behind ? "#" + behind : ""));
    }
  }

  async function read() {
    const [tag, anchor] = asked();
    if (tag !== now || strings[tag]) {
      await load(`strings/${tag}.js`);
      now = tag;
      page.lang = tag;
      page.dir = strings[tag].direction;
      document.querySelector("[data-drafted]").hidden = strings[tag].drafted.length === 0;
      estelik.say(document);
    }
    for (const one of document.querySelectorAll(".tongues [data-language]")) {
      if (one.dataset.language === tag) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current");
    }
    for (const one of document.querySelectorAll(".found")) one.classList.remove("found");
    const target = anchor && document.getElementById(anchor);
    if (target) { target.classList.add("found"); target.scrollIntoView(); target.focus({ preventScroll: true }); }
    page.dataset.read = tag;
  }

  addEventListener("hashchange", read);
  for (const one of document.querySelectorAll("[data-print]")) {
    one.hidden = false;
    one.addEventListener("click", () => print());
  }
  read();
})();
