
"use strict";
(() => {
  // Texts of rollouts reach the page by textContent only: they are never markup.
  const el = id => document.getElementById(id);
  const rows = JSON.parse(el("rows").textContent);
  const about = JSON.parse(el("about").textContent);
  const perPage = 100;
  const state = { q: "", which: "", low: "", high: "", open: "", sort: "n", down: false, page: 0 };
  const prompts = new Map();
  const mates = new Map();
  for (const r of rows) {
    if (r.g < 0) continue;
    if (r.q) prompts.set(r.g, r.q);
    if (!mates.has(r.g)) mates.set(r.g, []);
    mates.get(r.g).push(r);
  }
  const promptOf = r => r.q || prompts.get(r.g) || [];
  const make = (tag, text, name) => {
    const e = document.createElement(tag);
    if (text !== undefined) e.textContent = text;
    if (name) e.className = name;
    return e;
  };
  const number = x => String(Math.round(x * 1e4) / 1e4);
  const time = s => !s ? "" : s >= 1 ? number(Math.round(s * 100) / 100) + " s" : s >= 1e-3 ? Number((s * 1e3).toPrecision(3)) + " ms" : Number((s * 1e6).toPrecision(3)) + " µs";
  const passes = r => r.s !== null && r.s >= about.threshold - 1e-9 * Math.max(1, Math.abs(about.threshold));
  const least = rows.reduce((m, r) => r.s === null ? m : Math.min(m, r.s), 0);
  const scoreClass = r => r.s === null ? "half" : passes(r) ? "good" : r.s > least ? "half" : "bad-score";
  const scoreText = r => r.s === null ? r.e || "ungraded" : number(r.s);

  const hay = new Map();
  const haystack = r => {
    let h = hay.get(r.n);
    if (h === undefined) {
      h = [r.i, r.p, r.f, r.r, r.w, (r.b || "") + (r.k || "") + (r.a || ""), r.x, ...promptOf(r).map(t => t.t)].join("\n").toLowerCase();
      hay.set(r.n, h);
    }
    return h;
  };
  const kinds = { pass: passes, fail: r => r.s !== null && !passes(r), part: r => r.s !== null && !passes(r) && r.s > least, ungraded: r => r.s === null };
  let shown = rows;
  function filter() {
    const words = state.q.toLowerCase().split(/\s+/).filter(w => w);
    const low = state.low === "" ? -Infinity : Number(state.low);
    const high = state.high === "" ? Infinity : Number(state.high);
    const bounded = state.low !== "" || state.high !== "";
    shown = rows.filter(r =>
      (!kinds[state.which] || kinds[state.which](r)) &&
      (!bounded || r.s !== null && r.s >= low && r.s <= high) &&
      words.every(w => haystack(r).includes(w)));
    const of = r => r[state.sort] ?? (typeof rows[0]?.[state.sort] === "number" || state.sort === "s" || state.sort === "t" ? -Infinity : "");
    shown.sort((a, b) => {
      const x = of(a), y = of(b);
      const c = x < y ? -1 : x > y ? 1 : a.n - b.n;
      return state.down ? -c : c;
    });
  }
  function draw() {
    const pages = Math.max(1, Math.ceil(shown.length / perPage));
    state.page = Math.min(Math.max(state.page, 0), pages - 1);
    const body = make("tbody");
    for (const r of shown.slice(state.page * perPage, (state.page + 1) * perPage)) {
      const tr = make("tr");
      tr.tabIndex = 0;
      tr.dataset.n = r.n;
      const cell = (text, name) => {
        const td = make("td", undefined, name);
        td.append(make("div", text));
        tr.append(td);
        return td;
      };
      cell(r.n, "n");
      cell(r.i || r.p);
      cell(scoreText(r), "n " + scoreClass(r));
      cell(r.f || "");
      cell(r.r || r.w || "");
      cell(r.l, "n");
      cell(time(r.t), "n");
      body.append(tr);
    }
    el("table").tBodies[0].replaceWith(body);
    for (const th of el("table").tHead.rows[0].cells) {
      const on = th.firstElementChild.dataset.sort === state.sort;
      th.setAttribute("aria-sort", !on ? "none" : state.down ? "descending" : "ascending");
    }
    el("count").textContent = shown.length + " of " + rows.length;
    el("page").textContent = "page " + (state.page + 1) + " of " + pages;
    el("back").disabled = state.page === 0;
    el("more").disabled = state.page === pages - 1;
    el("pages").hidden = pages === 1;
  }
  function remember() {
    const h = new URLSearchParams();
    for (const k of ["q", "which", "low", "high", "open"]) if (state[k] !== "") h.set(k, state[k]);
    if (state.sort !== "n" || state.down) h.set("sort", (state.down ? "-" : "") + state.sort);
    history.replaceState(null, "", "#" + h);
  }
  function refresh() { filter(); draw(); remember(); }

  function section(title, text) {
    const pre = make("pre", text);
    el("detail-body").append(make("h3", title), pre);
    return pre;
  }
  function open(r) {
    state.open = String(r.n);
    const body = el("detail-body");
    body.replaceChildren();
    el("detail-title").textContent = r.i || r.p;
    const head = make("p");
    head.append(make("b", scoreText(r), scoreClass(r)), " · " + r.p + " · " + r.l + " characters" + (r.t ? " · " + time(r.t) : ""));
    body.append(head);
    if (r.w) section("ungraded: " + r.e, r.w);
    if (r.r) section("reason", r.r);
    if (r.f) section("found", r.f);
    if (r.m) {
      const t = make("table");
      for (const [i, v] of r.m) {
        const tr = t.insertRow();
        tr.append(make("td", about.names[i]), make("td", number(v), "n"));
      }
      body.append(make("h3", "parts"), t);
    }
    for (const t of promptOf(r)) section("prompt, " + t.r, t.t);
    const answer = section("answer", r.b || "");
    if (r.k) answer.append(make("mark", r.k));
    answer.append(r.a || "");
    if (r.x) section("reference", r.x);
    if (r.c) body.append(make("p", "Long texts are cut here ([…]): rft grade --show shows them in full.", "note"));
    const group = (mates.get(r.g) || []).filter(m => m !== r);
    if (group.length > 0) {
      const p = make("p", undefined, "mates");
      for (const m of group.slice(0, 64)) {
        const b = make("button", scoreText(m) + "  " + (m.i || m.p), scoreClass(m));
        b.type = "button";
        b.addEventListener("click", () => open(m));
        p.append(b);
      }
      body.append(make("h3", "the same prompt"), p);
    }
    const at = shown.indexOf(r);
    el("previous").disabled = at < 1;
    el("next").disabled = at < 0 || at === shown.length - 1;
    el("previous").onclick = () => open(shown[at - 1]);
    el("next").onclick = () => open(shown[at + 1]);
    if (!el("detail").open) el("detail").showModal();
    body.scrollTop = 0;
    remember();
  }

  for (const [id, key] of [["q", "q"], ["which", "which"], ["low", "low"], ["high", "high"]]) {
    el(id).addEventListener("input", e => { state[key] = e.target.value; state.page = 0; refresh(); });
  }
  el("filter").addEventListener("submit", e => e.preventDefault());
  el("filter").addEventListener("reset", () => { Object.assign(state, { q: "", which: "", low: "", high: "", page: 0 }); refresh(); });
  el("back").addEventListener("click", () => { state.page--; draw(); });
  el("more").addEventListener("click", () => { state.page++; draw(); });
  el("table").tHead.addEventListener("click", e => {
    const key = e.target.dataset.sort;
    if (!key) return;
    state.down = state.sort === key ? !state.down : false;
    state.sort = key;
    refresh();
  });
  const rowOf = e => { const tr = e.target.closest("tbody tr"); return tr && rows[tr.dataset.n - rows[0].n]; };
  el("table").addEventListener("click", e => { const r = rowOf(e); if (r) open(r); });
  el("table").addEventListener("keydown", e => { const r = e.key === "Enter" && rowOf(e); if (r) open(r); });
  el("close").addEventListener("click", () => el("detail").close());
  el("detail").addEventListener("close", () => { state.open = ""; remember(); });
  el("detail").addEventListener("click", e => { if (e.target === el("detail")) el("detail").close(); });
  for (const bar of document.querySelectorAll(".pick")) {
    bar.addEventListener("click", () => {
      state.low = el("low").value = bar.dataset.low;
      // A bar's upper bound belongs to the next one.
      const high = Number(bar.dataset.high);
      state.high = el("high").value = bar.dataset.last ? high : high - Math.max(Math.abs(high), 1) * 1e-9;
      state.page = 0;
      refresh();
      el("filter").scrollIntoView({ block: "start" });
    });
  }
  el("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  const given = new URLSearchParams(location.hash.slice(1));
  for (const k of ["q", "which", "low", "high"]) if (given.has(k)) el(k).value = state[k] = given.get(k);
  if (given.has("theme")) document.documentElement.dataset.theme = given.get("theme");
  const sort = given.get("sort") || "n";
  state.down = sort.startsWith("-");
  state.sort = sort.replace(/^-/, "");
  const wanted = given.get("open");
  filter();
  draw();
  const r = wanted && rows.find(r => String(r.n) === wanted);
  if (r) open(r);
})();
