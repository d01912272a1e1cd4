// Keys: what a page prints on a control (data-key) presses it. F9 locks from anywhere, also from within a field.
(() => {
  "use strict";
  const pressed = (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "F9") {
      event.preventDefault();
      lock();
      return;
    }
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
  // What stands on the screen goes first; then the keys.
  const lock = () => {
    document.body.hidden = true;
    document.title = "Estelik";
    fetch("/lock", { method: "POST", redirect: "manual", keepalive: true }).catch(() => {}).finally(() => {
      setTimeout(() => location.replace("/sign-in"), 300);
    });
  };
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
