// Keys: what a page prints on a control (data-key) presses it. F9 locks from anywhere, also from within a field.
(() => {
  "use strict";
  // Also while letters are being composed, with Shift or Ctrl held, and before anything else hears of it.
  const urgent = (event) => {
    if (event.key !== "F9" && event.code !== "F9") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // Held down it is one press: the door that comes up is not locked again.
    if (!event.repeat) lock();
  };
  const pressed = (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const field = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (field && event.key.length === 1) return;
    // By the place on the keyboard: another script writes another letter there.
    const place = /^(?:Key|Digit)(.)$/.exec(event.code);
    const key = place ? place[1] : event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const control = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (control && !control.disabled) {
      event.preventDefault();
      control.click();
    }
  };
  const blank = () => {
    document.body.hidden = true;
    document.title = "Estelik";
  };
  // What stands on the screen goes first, in every window; then the keys. The lock is heard by a process that
  // has nothing else to do, at a port of its own; where it does not answer, the desk itself is asked.
  const body = document.body;
  const others = new BroadcastChannel("estelik");
  let locking = false;
  const lock = () => {
    if (locking) return;
    locking = true;
    blank();
    others.postMessage("locked");
    const how = { method: "POST", mode: "no-cors", credentials: "include", keepalive: true };
    const asked = (where) => fetch(where, { ...how, signal: AbortSignal.timeout(3000) });
    asked(document.body.dataset.lock).catch(() => asked("/lock")).catch(() => {}).finally(() => {
      location.replace("/sign-in");
    });
  };
  // Windows tell each other: in none stays anything that was locked, or of anybody else once a visitor is here.
  others.addEventListener("message", (event) => {
    if (event.data === "locked") {
      blank();
      location.replace("/sign-in");
    } else if (event.data === "visited" && !document.body.classList.contains("visited") && $bar()) {
      blank();
      location.replace("/intake");
    } else if (event.data.telling !== undefined && body.classList.contains("visited")
      && body.dataset.telling !== event.data.telling) {
      // It stands there since a visit that was ended, or before another: somebody else sits there by now.
      blank();
      location.replace("/intake/cleared");
    }
  });
  const $bar = () => document.querySelector(".bar nav");
  if (document.body.classList.contains("visited")) others.postMessage("visited");
  if (body.dataset.telling !== undefined) others.postMessage({ telling: body.dataset.telling });
  addEventListener("keydown", urgent, true);
  document.addEventListener("keydown", pressed);
  document.addEventListener("submit", (event) => {
    if (event.target.id === "lock") {
      event.preventDefault();
      lock();
    }
  });
  // What is offered is marked: what is typed stands in its place, and Enter takes it as it is.
  for (const one of document.querySelectorAll("[data-offered]")) { one.focus(); one.select(); }
  // A page that is gone back to is asked for again: what was locked since is not shown from memory.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
