// The coding desk: it shows what Python tells and says what the coder did. No state of its own but where the cursor is.
const KEYS = [
  ["/", "search"], ["Enter, n", "next document that is not coded"], ["↑ ↓", "document before, after (in the list)"],
  ["s b m y v", "a field of the form; then ← → or a number"], ["1 to 9", "a detail of this case"], ["t", "the text"],
  ["← → Shift", "in the text: move by words, select"], ["w", "the selected words are the wording"],
  ["c", "name a document that it relies on"], ["a x z", "accept, reject, defer the proposal that is marked"],
  ["p", "mark the next proposal"], ["d", "the date"], ["u, Ctrl+Z", "undo"], ["r, Ctrl+Shift+Z", "redo"],
  ["Esc", "leave a field"], ["?", "these keys"],
];
const SIGNS = { coded: ["●", "coded"], draft: ["◐", "half coded"], open: ["○", "not coded"], undated: ["!", "no date"] };

function make(tag, facts = {}, ...inner) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...inner.filter((part) => part !== null && part !== undefined));
  return node;
}

function render({ model, el }) {
  const here = { document: null, from: 0, to: 0, words: [], proposal: 0, search: "", fresh: null, id: Math.random().toString(36).slice(2) };
  const say = (what, told = {}) => model.send({ do: what, ...told });
  const head = make("div", { class: "wz-head" });
  const list = make("nav", { class: "wz-list", "aria-label": "documents" });
  const text = make("section", { class: "wz-text", "aria-label": "text" });
  const form = make("section", { class: "wz-form", "aria-label": "codes" });
  const tree = make("div", { class: "wz-tree" });
  const said = make("div", { class: "wz-said", role: "status", "aria-live": "polite" });
  const root = make("div", { class: "wz-desk", tabindex: "-1", "data-lm-suppress-shortcuts": "true" },
    head, make("div", { class: "wz-body" }, list, text, form), tree);
  el.replaceChildren(root);

  function keepFocus(draw) {
    const active = document.activeElement, inside = root.contains(active);
    const held = inside ? active.getAttribute("data-at") : null;
    const typed = inside && active.matches("input") && active.value !== active.defaultValue ? active.value : null;
    const caret = inside && active.matches("input[type=text], input[type=search], textarea") ? [active.selectionStart, active.selectionEnd] : null;
    const shown = here.document;
    // The notebook takes the focus when the node that has it goes away: the desk holds it meanwhile.
    here.drawing = true;
    if (inside && active !== root) root.focus({ preventScroll: true });
    draw();
    const again = held ? root.querySelector(`[data-at="${CSS.escape(held)}"]`) : null;
    again?.focus({ preventScroll: true });
    // What is being typed is not lost when something else arrives.
    if (typed !== null && again?.matches("input") && again !== active && shown === here.document) again.value = typed;
    if (caret && again !== active && shown === here.document) again?.setSelectionRange?.(...caret);
    here.drawing = false;
  }

  function drawHead() {
    const of = model.get("overview");
    head.replaceChildren(
      make("h2", {}, `Coding desk · ${of.case}`),
      make("progress", { max: of.documents.length || 1, value: of.coded, "aria-label": "documents coded" }),
      make("span", {}, `${of.coded} of ${of.documents.length} coded · coder: ${of.coder}${of.second ? " (second coding)" : ""}`),
      said,
      make("button", { "data-at": "undo", disabled: !of.undo, onclick: () => say("undo") }, "Undo"),
      make("button", { "data-at": "redo", disabled: !of.redo, onclick: () => say("redo") }, "Redo"),
      make("button", { "data-at": "help", onclick: help }, "Keys ?"),
    );
  }

  const box = make("input", { type: "search", "data-at": "search", "aria-label": "search documents",
    oninput: (event) => { here.search = event.target.value.toLowerCase(); drawItems(); } });
  const items = make("ul");
  list.append(box, items);

  // Thousands of names are drawn when the documents change, and not with each form.
  const names = make("datalist", { id: `wz-${here.id}-names` });
  root.append(names);
  function drawNames() {
    const all = model.get("overview").documents, now = all.map((one) => `${one.label} ${one.when} ${one.title}`).join("\n");
    if (here.names === now) return;
    here.names = now;
    names.replaceChildren(...all.slice(0, 3000).map((one) => make("option", { value: one.label }, `${one.when} ${one.title}`)));
  }

  function visible() {
    return model.get("overview").documents.filter((one) =>
      !here.search || `${one.label} ${one.title} ${one.outlet} ${one.when}`.toLowerCase().includes(here.search));
  }
  function drawItems() {
    const of = model.get("overview"), shown = model.get("shown"), found = visible();
    box.placeholder = `Search ${of.documents.length} documents …`;
    const most = 400, at = found.findIndex((one) => one.id === shown.id);
    const from = Math.max(0, Math.min(at - most / 2, found.length - most));
    items.replaceChildren(...found.slice(from, from + most).map((one) => {
      const [sign, means] = SIGNS[one.state];
      return make("li", {}, make("button", {
        "data-at": `doc-${one.id}`, "aria-current": one.id === shown.id ? "true" : null, onclick: () => select(one.id),
      }, make("span", { "aria-hidden": "true" }, sign), one.label,
      make("small", {}, `${one.when} · ${means}`)));
    }));
  }
  function select(id, version = "1") { here.proposal = 0; here.fresh = null; say("select", { document: id, version }); }

  function drawText() {
    const of = model.get("shown");
    if (here.document !== of.id) { here.document = of.id; here.from = here.to = 0; here.words = []; here.fresh = null; }
    const facts = of.facts;
    const safe = /^https?:\/\//.test(facts.url);
    const meta = make("p", { class: "meta" }, [of.outlet, of.when, of.dated ? `date from ${of.dated}` : "", facts.author].filter(Boolean).join(" · "), safe ? " · " : "",
      safe ? make("a", { href: facts.url, target: "_blank", rel: "noreferrer noopener", "data-at": "page" }, "its page") : null,
      of.text ? ` · text: ${of.text_place}, read and never copied into the case` : "");
    const words = make("div", { class: "wz-words", tabindex: "0", role: "group", "data-at": "text", lang: facts.language || null, dir: "auto",
      "aria-label": "the text; arrow keys move, Shift selects, w makes a wording" });
    here.words = [];
    let last = 0;
    for (const match of of.text.matchAll(/\S+/gu)) {
      words.append(of.text.slice(last, match.index));
      const span = make("span", { "data-i": here.words.length }, match[0]);
      here.words.push({ start: match.index, end: match.index + match[0].length, span });
      words.append(span);
      last = match.index + match[0].length;
    }
    words.append(of.text.slice(last));
    if (!of.text) words.append("We have no text of this document. Open its page if a link is shown above, and type the wording at the right.");
    text.replaceChildren(make("h3", { dir: "auto" }, facts.title || of.label), meta, words,
      make("p", { class: "wz-keys" }, "Select words, press a key: ", make("kbd", {}, "w"), " wording, ", make("kbd", {}, "1"), "–",
        make("kbd", {}, "9"), " details. Place and hash are kept, and at most 25 words."));
    words.addEventListener("mouseup", () => {
      const chosen = getSelection();
      if (!chosen.rangeCount || chosen.isCollapsed) return;
      const ends = [chosen.anchorNode, chosen.focusNode].map((node) => Number(node.parentElement?.dataset?.i));
      if (ends.some(Number.isNaN)) return;
      here.from = Math.min(...ends); here.to = Math.max(...ends) + 1;
      mark();
    });
    mark();
  }
  function mark() {
    const places = Object.values(model.get("shown").places);
    here.words.forEach((word, i) => {
      word.span.className = [
        i >= here.from && i < here.to ? "sel" : "",
        i === Math.max(here.from, here.to - 1) ? "cursor" : "",
        places.some(([start, end]) => word.start >= start && word.end <= end) ? "kept" : "",
      ].join(" ").trim();
    });
  }
  function selected() {
    if (here.to <= here.from) return null;
    return { start: here.words[here.from].start, end: here.words[here.to - 1].end };
  }

  function pills(field, value) {
    const group = make("div", { class: "wz-pills", role: "radiogroup", "aria-label": field.title });
    const at = field.terms.findIndex((one) => one.term === value);
    field.terms.forEach((one, i) => group.append(make("button", {
      role: "radio", "aria-checked": String(one.term === value), title: one.means, "data-at": `${field.name}-${one.term}`,
      tabindex: (at < 0 ? i === 0 : i === at) ? "0" : "-1", onclick: () => say("code", { field: field.name, value: one.term }),
    }, one.title)));
    group.addEventListener("keydown", (event) => {
      const all = [...group.children], now = all.indexOf(document.activeElement);
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); event.stopPropagation(); all[(now + step + all.length) % all.length].focus(); }
      else if (/^[1-9]$/.test(event.key) && all[event.key - 1]) { event.stopPropagation(); all[event.key - 1].focus(); all[event.key - 1].click(); }
    });
    return make("fieldset", { class: "wz-field" }, make("legend", {}, field.title + (field.needed ? " *" : ""), make("kbd", {}, field.key)), group);
  }
  // A field tells what was typed on Enter and when it is left, and never twice.
  function told(input, tell) {
    let last = input.value;
    const commit = () => { if (!here.drawing && input.value !== last) { last = input.value; tell(input.value.trim()); } };
    input.addEventListener("change", commit);
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); commit(); } });
    return input;
  }
  function titleOf(terms, term) { return terms.find((one) => one.term === term)?.title ?? term; }
  function words(field, value) {
    const id = `wz-${here.id}-${field.name}`;
    const input = told(make("input", { type: "text", id, list: `${id}-l`, "data-at": field.name, value: titleOf(field.terms, value) }), (words) => {
      const low = words.toLowerCase(), one = field.terms.find((of) => of.term === low || of.title.toLowerCase() === low);
      if (!words || one || !field.terms.length) say("code", { field: field.name, value: words ? (one ? one.term : words) : "" });
      else { here.fresh = { field: field.name, told: words }; keepFocus(drawForm); root.querySelector('[data-at="means"]')?.focus(); }
    });
    return make("div", { class: "wz-field" }, make("label", { for: id }, field.title, field.key ? make("kbd", {}, field.key) : null), input,
      make("datalist", { id: `${id}-l` }, ...field.terms.map((one) => make("option", { value: one.title }, one.means))),
      here.fresh?.field === field.name ? newTerm(field) : null);
  }
  function newTerm(field) {
    const term = here.fresh.told.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
    // What is typed here is kept beside the node: the form is drawn anew when something else arrives.
    const means = make("input", { type: "text", "data-at": "means", value: here.fresh.means ?? "", placeholder: "what it means, in a sentence",
      "aria-label": `what “${here.fresh.told}” means`, oninput: () => { here.fresh.means = means.value; } });
    const kind = field.name !== "said_by" ? null : make("select", { "data-at": "class", "aria-label": "what kind of speaker", onchange: () => { here.fresh.kind = kind.value; } },
      make("option", { value: "" }, "what kind of speaker …"),
      ...model.get("terms").source_class.map((one) => make("option", { value: one.term, selected: one.term === here.fresh.kind }, one.title)));
    const done = () => {
      if (kind && !kind.value) { note({ text: "Say what kind of speaker that is.", bad: true }); kind.focus(); return; }
      const title = here.fresh.told;
      here.fresh = null;
      say("term", { vocabulary: field.vocabulary, term, title, description: means.value, field: field.name, class: kind?.value ?? "" });
    };
    means.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.stopPropagation(); done(); } });
    return make("div", { class: "wz-new" }, `“${here.fresh.told}” is new. `, means, kind, make("button", { "data-at": "add-term", onclick: done }, "Add it"), " ",
      make("button", { onclick: () => { here.fresh = null; drawForm(); } }, "No"));
  }

  function drawForm() {
    const of = model.get("shown"), terms = model.get("terms"), all = model.get("overview").documents;
    const part = [];
    part.push(make("div", { class: "wz-field" },
      make("label", { for: `wz-${here.id}-date` }, "Date", make("kbd", {}, "d")),
      told(make("input", { type: "text", id: `wz-${here.id}-date`, "data-at": "published", value: of.facts.published,
        placeholder: "2024, 2024-06, 2024-06-24T21:02+09:00" }), (value) => say("document", { field: "published", value }))));
    for (const field of terms.fields) {
      const value = of.codes[field.name] ?? "";
      part.push(field.form === "pills" ? pills(field, value) : words(field, value));
    }
    const second = model.get("overview").second; // a second coding is of codes alone
    for (const [name, title] of second ? [["note", "Note"]] : [["wording", "Wording"], ["translation", "In English"], ["note", "Note"]]) {
      if (name === "translation" && !(of.codes.wording && of.facts.language && of.facts.language !== "en")) continue;
      const id = `wz-${here.id}-${name}`;
      part.push(make("div", { class: "wz-field" }, make("label", { for: id }, title, name === "wording" ? make("kbd", {}, "w") : null),
        told(make("input", { type: "text", id, dir: "auto", "data-at": name, value: of.codes[name] ?? "" }), (value) => say("code", { field: name, value }))));
    }
    if (!second) part.push(make("div", { class: "wz-field" }, make("label", { for: `wz-${here.id}-cite` }, "Relies on", make("kbd", {}, "c")), ...sources(of), cite(of, all)));
    part.push(make("div", { class: "wz-field" }, ...of.versions.map((one) => make("button", { "data-at": `version-${one}`, "aria-pressed": String(one === of.version),
      onclick: () => select(of.id, one) }, `version ${one}`)), make("button", { "data-at": "version-more",
      onclick: () => select(of.id, String(Math.max(...of.versions.map(Number)) + 1)) }, "+ another version")));
    form.replaceChildren(...part);
  }
  function sources(of) {
    const coded = of.cited.map((one) => make("div", { class: "wz-source" },
      make("span", { class: "act" }, make("button", { "aria-label": `${one.label}: remove`, "data-at": `un-${one.id}`, onclick: () => say("uncite", { cited: one.id, relation: one.relation }) }, "✗")),
      make("b", {}, one.label), ` · ${titleOf(model.get("terms").relation, one.relation)}`, make("br"), one.evidence,
      one.reviewer ? ` (accepted by ${one.reviewer})` : ""));
    const proposed = of.proposals.map((one, i) => make("div", { class: `wz-source proposed${i === here.proposal ? " now" : ""}` },
      make("span", { class: "act" }, ...[["accept", "✓ a"], ["reject", "✗ x"], ["defer", "… z"]].map(([decision, sign]) => make("button", {
        "aria-label": `${one.label}: ${decision}`, "data-at": `${decision}-${one.cited}`, onclick: () => say("decide", { cited: one.cited, decision }) }, sign))),
      make("b", {}, one.label), one.probability === null ? "" : ` · ${one.probability.toFixed(2)}`, make("br"), `proposed: ${one.reason}`));
    return [...coded, ...proposed];
  }
  function cite(of, all) {
    const id = `wz-${here.id}-cite`;
    const relation = make("select", { "data-at": "relation", "aria-label": "how it relies on it" }, ...model.get("terms").relation.map((one) =>
      make("option", { value: one.term, selected: one.term === (here.relation ?? "cites") }, one.title)));
    relation.addEventListener("change", () => { here.relation = relation.value; });
    const input = make("input", { type: "text", id, list: names.id, "data-at": "cite", placeholder: "or type a name …" });
    const go = () => {
      const told = input.value.trim().toLowerCase();
      if (!told) return;
      const by = all.filter((one) => one.id !== of.id);
      const found = by.filter((one) => one.id === told || one.label.toLowerCase() === told || one.title.toLowerCase() === told);
      const near = found.length ? found : by.filter((one) => `${one.label} ${one.title} ${one.id}`.toLowerCase().includes(told));
      if (near.length === 1) { input.value = ""; say("cite", { cited: near[0].id, relation: relation.value }); }
      else note({ text: near.length ? `${near.length} documents fit “${input.value}”. Type more of the name.` : `No document is called “${input.value}”.`, bad: true });
    };
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); go(); } });
    return make("div", {}, input, relation);
  }

  function drawTree() {
    const of = model.get("overview"), now = model.get("shown").id;
    const touched = new Set(of.edges.flat());
    let some = of.documents.filter((one) => one.at !== null && (touched.has(one.id) || one.id === now));
    if (some.length > 300) some = some.filter((one) => one.id === now || of.edges.some(([a, b]) => (a === now && b === one.id) || (b === now && a === one.id)));
    if (!some.length) { tree.replaceChildren(make("span", { class: "wz-keys" }, "The tree grows here, once a document relies on another.")); return; }
    const low = Math.min(...some.map((one) => one.at)), high = Math.max(...some.map((one) => one.at)) || low + 1;
    const place = new Map(), parent = new Map();
    for (const [a, b] of of.edges) if (!parent.has(b)) parent.set(b, a);
    let row = 0;
    const ids = new Set(some.map((one) => one.id)), by = new Map(some.map((one) => [one.id, one]));
    const below = new Map();
    for (const one of some) { const up = parent.get(one.id); if (up && ids.has(up)) below.set(up, [...(below.get(up) ?? []), one.id]); }
    const put = (id, seen = new Set()) => { if (place.has(id) || seen.has(id)) return; seen.add(id);
      place.set(id, { x: 20 + 640 * (by.get(id).at - low) / (high - low || 1), y: 14 + 22 * row++ }); (below.get(id) ?? []).forEach((next) => put(next, seen)); };
    some.filter((one) => !ids.has(parent.get(one.id))).forEach((one) => put(one.id));
    some.forEach((one) => put(one.id));
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("width", 1000); svg.setAttribute("height", 14 + 22 * row); svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `Tree of ${some.length} documents and who relies on whom, from left to right in time`);
    const add = (tag, facts, words) => { const node = document.createElementNS(space, tag); for (const [name, value] of Object.entries(facts)) node.setAttribute(name, value); if (words) node.textContent = words; svg.append(node); };
    for (const [a, b] of of.edges) { const one = place.get(a), other = place.get(b); if (one && other) add("path", { d: `M${one.x},${one.y}V${other.y}H${other.x}`, fill: "none", stroke: parent.get(b) === a ? "#7d8591" : "#c9ced6" }); }
    for (const [id, at] of place) { const state = by.get(id).state;
      add("circle", { cx: at.x, cy: at.y, r: 5, fill: id === now ? "#fff" : state === "coded" ? "#2c6aa0" : "#fff", stroke: id === now ? "#a3261c" : "#2c6aa0", "stroke-width": id === now ? 2.5 : 1.5 });
      add("text", { x: at.x + 10, y: at.y + 4, "font-size": 12, "font-weight": id === now ? 700 : 400, fill: "currentColor" }, by.get(id).label + (id === now ? " (you are here)" : "")); }
    tree.replaceChildren(svg);
  }

  function note(told) { said.textContent = told.text ?? ""; said.classList.toggle("bad", Boolean(told.bad)); }
  function help() {
    const close = make("button", { onclick: () => { panel.remove(); root.focus(); } }, "Close");
    const panel = make("div", { class: "wz-help", role: "dialog", "aria-label": "keys" }, make("h3", {}, "Keys"),
      make("dl", {}, ...KEYS.flatMap(([key, means]) => [make("dt", {}, key), make("dd", {}, means)])), close);
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close.click(); event.stopPropagation(); });
    root.append(panel); close.focus();
  }

  function next(step, open) {
    const all = visible(), at = all.findIndex((one) => one.id === model.get("shown").id);
    if (!open) { const one = all[at + step]; if (one) select(one.id); return; }
    const after = [...all.slice(at + 1), ...all.slice(0, at)].find((one) => one.state !== "coded");
    if (after) select(after.id); else note({ text: "No other document in the list is left to code." });
  }
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 }[event.key];
    if (!step || !here.words.length) return false;
    const last = here.words.length;
    if (event.shiftKey) {
      if (here.to <= here.from) here.to = here.from + 1;
      here.to = Math.max(here.from + 1, Math.min(last, here.to + step));
    } else { const at = Math.max(0, Math.min(last - 1, (here.to > here.from ? here.to - 1 : here.from) + step)); here.from = at; here.to = at + 1; }
    mark();
    here.words[Math.min(here.to, last) - 1].span.scrollIntoView({ block: "nearest" });
    return true;
  }
  const to = (at) => { const node = root.querySelector(at); node?.focus(); return Boolean(node); };

  root.addEventListener("keydown", (event) => {
    const target = event.target, typing = target.matches("input, select, textarea");
    const control = event.ctrlKey || event.metaKey;
    if (!control) event.stopPropagation(); // else “a” in a list would insert a cell above the desk
    if (event.key === "Escape") { if (typing) target.blur(); root.focus({ preventScroll: true }); event.stopPropagation(); return; }
    if (control && event.key.toLowerCase() === "z" && !typing) { event.preventDefault(); say(event.shiftKey ? "redo" : "undo"); return; }
    if (typing || control || event.altKey) return;
    const used = () => { event.preventDefault(); event.stopPropagation(); };
    if (target.dataset.at === "text" && move(event)) return used();
    if (target.closest(".wz-list") || target === root) {
      if (event.key === "ArrowDown") { used(); return next(1); }
      if (event.key === "ArrowUp") { used(); return next(-1); }
    }
    const fields = model.get("terms").fields, of = model.get("shown");
    const field = fields.find((one) => one.key === event.key), chosen = selected();
    if (field && /^[1-9]$/.test(event.key) && target.dataset.at === "text" && chosen) { used(); return say("word", { field: `${field.name}_wording`, ...chosen }); }
    if (field) { used(); return to(field.form === "pills" ? `[data-at^="${field.name}-"][tabindex="0"]` : `[data-at="${field.name}"]`); }
    const proposal = of.proposals[here.proposal];
    const keys = {
      "/": () => to('[data-at="search"]'), n: () => next(1, true), Enter: () => (target.tagName === "BUTTON" ? null : next(1, true)),
      t: () => to('[data-at="text"]'), c: () => to('[data-at="cite"]'), d: () => to('[data-at="published"]'),
      w: () => (chosen ? say("word", { field: "wording", ...chosen }) : to('[data-at="wording"]')),
      a: () => proposal && say("decide", { cited: proposal.cited, decision: "accept" }),
      x: () => proposal && say("decide", { cited: proposal.cited, decision: "reject" }),
      z: () => proposal && say("decide", { cited: proposal.cited, decision: "defer" }),
      p: () => { here.proposal = of.proposals.length ? (here.proposal + 1) % of.proposals.length : 0; keepFocus(drawForm); },
      u: () => say("undo"), r: () => say("redo"), "?": help,
    };
    if (keys[event.key]) { if (event.key !== "Enter" || target.tagName !== "BUTTON") used(); keys[event.key](); }
  });

  const drawShown = () => keepFocus(() => { drawText(); drawForm(); drawItems(); drawTree(); items.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" }); });
  const drawAll = () => keepFocus(() => { drawHead(); drawItems(); drawNames(); drawTree(); });
  model.on("change:overview", drawAll);
  model.on("change:shown", drawShown);
  model.on("change:terms", drawShown);
  model.on("change:note", () => note(model.get("note")));
  drawAll(); drawShown();
  return () => { model.off("change:overview", drawAll); model.off("change:shown", drawShown); };
}
export default { render };
