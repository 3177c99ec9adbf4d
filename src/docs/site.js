// SPDX-License-Identifier: BSL-1.0
// Search over the index that was written beside the pages, and the switch between dark and light.
(function () {
  "use strict";
  const root = document.documentElement, base = root.dataset.base;
  const toggle = document.getElementById("theme");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  toggle.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch (e) { /* without storage it holds for this page */ }
  });

  // The list of pages is folded where it would stand before the page.
  if (matchMedia("(max-width: 60rem)").matches) document.querySelector("nav.side details").open = false;

  const box = document.getElementById("search"), list = document.getElementById("results");
  let loading = null;
  const load = () => loading = loading || new Promise((done) => {
    if (window.searchIndex) return done(window.searchIndex);
    const script = document.createElement("script"); // a file: fetch() is refused where pages are opened from a disk
    script.src = base + "search-index.js";
    script.onload = () => done(window.searchIndex);
    document.head.append(script);
  });

  // The rank of an entry [title, kind, address, text]; 0 where a word is missing. A sentence of a mistake is found by its
  // words, whatever its numbers, and comes after what has one of them as its name, but first where it is given; in a text a word is found
  // without its ending, too.
  const stem = (word) => word.length > 5 ? word.replace(/(?:ions?|ing|ed|es?|s)$/, "") : word;
  function rank(entry, words) {
    const title = entry[0].toLowerCase(), text = entry[3].toLowerCase(), sentence = entry[1] === "mistake";
    let sum = sentence && words.length > 2 && title.includes(words.join(" ")) ? 50 : 0;
    for (const word of words) {
      const last = title.split("::").pop();
      if (sentence && title.includes(word)) sum += 2;
      else if (title === word || last === word) sum += 100;
      else if (last.startsWith(word)) sum += 50;
      else if (title.includes(word)) sum += 25;
      else if (text.includes(word)) sum += 2;
      else if (sentence && /^[\d.,\[\]]+$/.test(word)) continue;
      else if (title.includes(stem(word)) || text.includes(stem(word))) sum += 1;
      else return 0;
    }
    if (/^(op|set|program|kernel)::/.test(title)) sum -= 10; // what users name comes first
    return sum === 0 ? 0 : Math.max(sum - title.length / 1000, 1e-3);
  }
  async function search() {
    const words = box.value.toLowerCase().replace(/\b(?:pm|paramorph)::|\btorch\./g, "").replace(/\bnn\./g, "nn ").split(/\s+/).filter(Boolean);
    if (!words.length) { list.hidden = true; return; }
    const index = await load();
    const found = index.map((e) => [rank(e, words), e]).filter((x) => x[0] > 0).sort((a, b) => b[0] - a[0]).slice(0, 30);
    list.replaceChildren(...found.map(([, e]) => {
      const item = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
      link.href = base + e[2];
      link.textContent = e[0];
      const alike = e[1] !== "mistake" && found.filter(([, other]) => other[0] === e[0] && other[1] === e[1]).length > 1;
      kind.textContent = alike ? e[1] + ", " + e[2].replace(/^reference\/|\.html.*/g, "") : e[1]; // which of several
      kind.className = "kind";
      link.append(kind);
      item.append(link);
      return item;
    }));
    if (!found.length) {
      const item = document.createElement("li");
      item.textContent = "Nothing has these words.";
      list.append(item);
    }
    list.hidden = false;
  }
  box.addEventListener("focus", load, { once: true });
  box.addEventListener("input", search);
  box.addEventListener("keydown", (e) => {
    const first = list.querySelector("a");
    if (e.key === "Enter" && first) first.click();
    if (e.key === "Escape") list.hidden = true;
    if (e.key === "ArrowDown" && first) { e.preventDefault(); first.focus(); }
  });
  list.addEventListener("keydown", (e) => {
    const item = document.activeElement.closest("li");
    const to = e.key === "ArrowDown" ? item.nextElementSibling : e.key === "ArrowUp" ? item.previousElementSibling : null;
    if (to && to.querySelector("a")) { e.preventDefault(); to.querySelector("a").focus(); }
    if (e.key === "Escape") { list.hidden = true; box.focus(); }
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && document.activeElement !== box) { e.preventDefault(); box.focus(); }
  });
  document.addEventListener("click", (e) => { if (!e.target.closest(".search")) list.hidden = true; });
})();
