// Searches in any script: folds the words that were typed as the index was folded, loads the parts that can
// have them, and ranks what is like them. Asks no server.
"use strict";
(() => {
  const { load, say } = window.estelik;
  const form = document.querySelector(".search"), box = form.querySelector("input");
  const results = document.querySelector(".results"), none = document.querySelector("[data-none]");
  const parts = {}, blocks = {};
  const MOST = 20, LEAST = 0.55;
  let tables, characters = {}, last = "";

  Object.assign(window.estelik, {
    tables: (found) => { tables = found; },
    characters: (found) => { for (const [said, letters] of Object.entries(found)) for (const one of letters) characters[one] = said; },
    part: (number, found) => { parts[number] = found; },
    block: (number, found) => { blocks[number] = found; },
  });

  function roman(word) {
    let out = "";
    for (const letter of word.normalize("NFKC").toLowerCase()) {
      const other = tables.letters[letter] ?? characters[letter];
      if (other !== undefined) { out += other; continue; }
      const bare = letter.normalize("NFD")[0];
      out += tables.letters[bare] ?? (/[a-z0-9]/.test(bare) ? bare : "");
    }
    return out;
  }

  function skeleton(word) {
    for (const [pair, one] of tables.pairs) word = word.replaceAll(pair, one);
    let out = "";
    for (const letter of word) {
      const one = tables.classes[letter] ?? "";
      if (one !== out.slice(-1)) out += one;
    }
    return out;
  }

  // How many letters differ (Levenshtein).
  function far(one, other) {
    let row = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let left = 0; left < one.length; left++) {
      const next = [left + 1];
      for (let right = 0; right < other.length; right++) {
        next.push(Math.min(row[right] + (one[left] !== other[right]), row[right + 1] + 1, next[right] + 1));
      }
      row = next;
    }
    return row[other.length];
  }

  const numbers = (text) => {
    let at = 0;
    return text ? text.split(".").map((one) => (at += parseInt(one, 36))) : [];
  };

  function like(asked, word) {
    if (asked === word) return 1;
    if (word.startsWith(asked)) return 0.75 + 0.2 * asked.length / word.length;
    return 0.9 * (1 - far(asked, word) / Math.max(asked.length, word.length));
  }

  // The parts that can have a word with this skeleton.
  function within(bones) {
    return tables.parts
      .map((name, number) => [name, number])
      .filter(([name]) => {
        const bare = name.replace("$", "");
        if (bare !== name && Math.abs(bones.length - bare.length) > 1) return bare.startsWith(bones);
        return bones.startsWith(bare) || bare.startsWith(bones);
      })
      .map(([, number]) => number);
  }

  async function find(text) {
    await load("search/tables.js");
    if (/\p{Script=Han}/u.test(text)) await load("search/characters.js");
    const words = text.replace(/['’‘ʼʻ`]/g, "").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    const sought = words.map((word) => roman(word)).filter((asked) => asked).map((asked) => {
      const bones = skeleton(asked);
      return { asked, bones, wanted: within(bones) };
    });
    // All at once: a disk or a network answers several as soon as one.
    await Promise.all([...new Set(sought.flatMap((one) => one.wanted))].map((number) => load(`search/p${number}.js`)));
    const scores = new Map();
    for (const { asked, bones, wanted } of sought) {
      const best = new Map();
      for (const number of wanted) {
        for (const [other, entries] of Object.entries(parts[number] ?? {})) {
          if (Math.abs(other.length - bones.length) > 1 && !other.startsWith(bones)) continue;
          if (other !== bones && !other.startsWith(bones) && far(other, bones) > 1) continue;
          for (const [found, named, told] of entries) {
            const score = like(asked, found);
            if (score < LEAST) continue;
            for (const one of numbers(named)) best.set(one, Math.max(best.get(one) ?? 0, score));
            for (const one of numbers(told)) best.set(one, Math.max(best.get(one) ?? 0, 0.6 * score));
          }
        }
      }
      for (const [one, score] of best) scores.set(one, (scores.get(one) ?? 0) + score);
    }
    return [...scores].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, MOST).map(([one]) => one);
  }

  async function show() {
    const text = box.value.trim();
    if (text === last) return;
    last = text;
    const found = text ? await find(text) : [];
    if (text !== last) return;
    const lines = [];
    for (const one of found) {
      const number = Math.floor(one / tables.block);
      await load(`search/b${number}.js`);
      if (text !== last) return;
      const [id, name, others, more] = blocks[number][one % tables.block];
      const line = document.createElement("li"), link = document.createElement("a"), bdi = document.createElement("bdi");
      bdi.textContent = name;
      link.href = `e/${id}.html`;
      link.append(bdi);
      const note = document.createElement("span");
      note.className = "note";
      for (const word of [...others, ...more]) {
        const run = document.createElement("bdi");
        run.textContent = word;
        note.append(...(note.childNodes.length ? [" · "] : []), run);
      }
      line.append(link, note);
      lines.push(line);
      if (lines.length === 1) { results.replaceChildren(line); results.dataset.first = text; }
    }
    results.replaceChildren(...lines);
    none.hidden = !text || lines.length > 0;
    say(results.parentElement);
    results.dataset.found = text;
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  let timer;
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 40); });
})();
