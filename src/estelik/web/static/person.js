// Person: J and K go from statement to statement; W opens why a date is what it is.
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("table.statements tbody tr")];
  // The keys of the statement that one is at are printed on it, and on no other.
  const at = (row) => {
    document.querySelectorAll("a[data-decide][data-key]").forEach((one) => {
      one.removeAttribute("data-key");
      one.querySelector("kbd").remove();
    });
    const link = row && row.querySelector("a[data-decide]");
    if (!link) return;
    const key = document.createElement("kbd");
    key.textContent = "S";
    link.append(" ", key);
    link.dataset.key = "S";
  };
  let here = null;
  const step = (by) => {
    const all = rows();
    const to = all[here ? all.indexOf(here) + by : by > 0 ? 0 : all.length - 1];
    if (!to) {
      // Beyond the last one, or before the first: where the list goes on.
      const on = document.querySelector(`.said nav.pages a[rel=${by > 0 ? "next" : "prev"}]`);
      if (here && on) on.click();
      return;
    }
    to.querySelector("a.n").focus();
    to.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("table.statements tbody tr");
    if (!row) return;
    here = row;
    at(row);
  });
  document.addEventListener("click", (event) => {
    const by = event.target.closest("[data-step]");
    if (by) step(Number(by.dataset.step));
  });
  const reasons = document.querySelector("details.why > summary");
  if (reasons) {
    const key = document.createElement("kbd");
    key.textContent = "W";
    reasons.append(" ", key);
    reasons.dataset.key = "W";
  }
  // Of a date that has the focus its own reason, otherwise all of them.
  document.addEventListener("keydown", (event) => {
    const date = document.activeElement;
    const place = /^Key(.)$/.exec(event.code);
    if ((place ? place[1] : event.key.toUpperCase()) !== "W" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (date.matches(".events a, .events-list a") && date.hash.includes("-w")) {
      event.preventDefault();
      date.click();
    }
  }, true);
  const why = () => {
    const found = location.hash.includes("-w") && document.getElementById(location.hash.slice(1));
    if (!found) return;
    found.closest("details").open = true;
    found.focus();
    found.scrollIntoView({ block: "nearest" });
  };
  document.querySelectorAll(".state-on").forEach((one) => {
    one.addEventListener("toggle", () => { if (one.open) one.querySelector("#time").focus(); });
  });
  addEventListener("hashchange", why);
  if (location.hash) why();
})();
