// A case to be explored: the tree as of a moment, filters, search, and the document one clicks. Needs no kernel.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const ROW = 18, TOP = 26, STEP = 650;
  const SHAPES = {
    circle: "M5,0A5,5,0,1,1,-5,0A5,5,0,1,1,5,0Z", square: "M-4.4,-4.4H4.4V4.4H-4.4Z", diamond: "M0,-6.4L5,0L0,6.4L-5,0Z",
    "triangle-up": "M0,-5.4L5.2,4.4H-5.2Z", "triangle-down": "M0,5.4L5.2,-4.4H-5.2Z", "triangle-right": "M5.4,0L-4.4,5.2V-5.2Z",
    cross: "M-5,-1.8H-1.8V-5H1.8V-1.8H5V1.8H1.8V5H-1.8V1.8H-5Z",
  };

  const element = (name, attributes = {}, text = "") => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  };
  const drawn = (name, attributes = {}, text = "") => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  };

  function start(host) {
    const data = JSON.parse(host.querySelector("script[type='application/json']").textContent);
    const docs = data.documents;
    const number = new Map(docs.map((doc, place) => [doc.id, place]));
    const state = { step: data.moments.length - 1, chosen: number.get(data.start) ?? -1, only: {}, search: "", hover: -1 };

    // Controls. JupyterLab takes keys unless it is told not to.
    host.dataset.lmSuppressShortcuts = "true";
    host.addEventListener("keydown", (event) => event.stopPropagation());
    const controls = element("div", { class: "controls" });
    const play = element("button", { type: "button", "aria-label": "play the spread from its start" }, "▶");
    const slider = element("input", { type: "range", min: 0, max: data.moments.length - 1, step: 1, "aria-label": "as of" });
    const date = element("output", { "aria-live": "off" });
    const time = element("div", { class: "time" });
    time.append(play, slider, date);
    controls.append(time);
    const choices = element("div", { class: "choices" });
    const search = element("input", { type: "search", placeholder: "search names, titles and words", "aria-label": "search" });
    choices.append(search);
    const menus = Object.entries(data.filters).map(([name, { title, options }]) => {
      const label = element("label", {}, `${title} `);
      const menu = element("select");
      menu.append(element("option", { value: "" }, "any"));
      for (const option of options) menu.append(element("option", { value: option }, option));
      menu.addEventListener("change", () => { state.only[name] = menu.value; draw(); });
      label.append(menu);
      choices.append(label);
      return menu;
    });
    const reset = element("button", { type: "button", class: "reset" }, "show all");
    choices.append(reset);
    controls.append(choices);
    const count = element("p", { class: "count", "aria-live": "polite" });
    const svg = drawn("svg", { class: "tree", width: data.width, role: "group", "aria-label": data.title });
    const legend = element("ul", { class: "legend" });
    for (const { says, colour, shape } of data.legend) {
      const sign = drawn("svg", { width: 12, height: 12, viewBox: "-7 -7 14 14", "aria-hidden": "true" });
      sign.append(drawn("path", { d: SHAPES[shape], fill: colour }));
      const item = element("li");
      item.append(sign, says);
      legend.append(item);
    }
    legend.append(element("li", { class: "hint" }, "hollow: we did not see the page · dashed: we inferred or doubt the link · a bar: when it may have been published"));
    const card = element("div", { class: "card", "aria-live": "polite" });
    const tree = element("div", { class: "frame" });
    tree.append(svg);
    const both = element("div", { class: "both" });
    both.append(tree, card);
    host.querySelector(".still")?.remove();
    host.append(controls, count, both, legend);

    const isOut = (doc) => doc.from <= data.moments[state.step];
    const says = (doc) => (doc.search ??= [doc.label, doc.outlet, doc.title, doc.words, doc.translation].join(" ").toLowerCase());
    const passes = (doc) => Object.entries(state.only).every(([name, value]) => !value || doc[name] === value)
      && (!state.search || says(doc).includes(state.search));
    const path = (place) => {
      const found = [];
      for (let at = place; at !== undefined && at >= 0 && !found.includes(at); at = docs[at].parent) found.unshift(at);
      return found;
    };

    function draw() {
      const now = data.moments[state.step];
      slider.value = state.step;
      slider.setAttribute("aria-valuetext", data.told[state.step]);
      date.textContent = `as of ${data.told[state.step]}`;
      const kept = docs.filter(passes), shown = kept.filter(isOut);
      const filtered = kept.length < docs.length;
      count.textContent = `${shown.length} of ${docs.length} documents${filtered ? " (your choices hide the others)" : ""}`;
      reset.hidden = !filtered;
      // Rows close up where documents are left out by choice; where one is only not out yet, its place stays free.
      const ys = new Map();
      let y = TOP + ROW * 0.75;
      const headings = [];
      for (const item of data.rows) {
        if (item.heading !== undefined) { headings.push({ text: item.heading, used: false }); continue; }
        const doc = docs[item.document];
        if (!passes(doc)) continue;
        const heading = headings.at(-1);
        if (heading && !heading.used) { y += ROW * 0.6; heading.used = true; heading.y = y; y += ROW; }
        ys.set(item.document, y);
        y += data.row;
      }
      const height = y + 6;
      svg.setAttribute("height", height);
      svg.setAttribute("viewBox", `0 0 ${data.width} ${height}`);
      const parts = [];
      for (const tick of data.ticks) {
        if (tick.cut) parts.push(drawn("rect", { class: "cut", x: tick.x, y: TOP - 6, width: Math.max(0, tick.x1 - tick.x), height: height - TOP }));
        else {
          parts.push(drawn("line", { class: "day", x1: tick.x, x2: tick.x, y1: TOP - 6, y2: height }));
          parts.push(drawn("text", { class: "tick", x: tick.x + 2, y: TOP - 9 }, tick.label));
        }
      }
      for (const { text, y: at, used } of headings) if (used) parts.push(drawn("text", { class: "heading", x: 0, y: at }, text));
      const visible = (place) => ys.has(place) && isOut(docs[place]);
      const marked = new Set(path(state.hover >= 0 ? state.hover : state.chosen));
      for (const hop of data.hops) {
        if (!visible(hop.citing) || !visible(hop.cited)) continue;
        const on = marked.has(hop.citing) && marked.has(hop.cited);
        const d = `M${hop.x0},${ys.get(hop.cited)}V${ys.get(hop.citing)}H${hop.x1}`;
        parts.push(drawn("path", { class: `hop${on ? " on" : ""}${hop.inferred ? " inferred" : ""}`, d }));
      }
      for (const [place, at] of ys) {
        const doc = docs[place];
        if (!isOut(doc)) continue;
        const row = drawn("g", {
          class: `row${place === state.chosen ? " chosen" : ""}${marked.has(place) ? " on" : ""}${doc.till > now ? " perhaps" : ""}`,
          role: "button", tabindex: 0, "data-document": doc.id, "aria-pressed": String(place === state.chosen),
          "aria-label": `${doc.label}, ${doc.when}: ${doc.says}${doc.till > now ? "; perhaps not out yet" : ""}`,
        });
        row.append(drawn("rect", { class: "band", x: 0, y: at - data.row / 2, width: data.width, height: data.row }));
        if (doc.x1 - doc.x0 > 1) row.append(drawn("line", { class: "span", x1: doc.x0, x2: doc.x1, y1: at, y2: at, stroke: doc.colour }));
        row.append(drawn("path", {
          d: SHAPES[doc.shape], transform: `translate(${doc.x},${at})`, class: doc.hollow ? "hollow" : "",
          fill: doc.hollow ? null : doc.colour, stroke: doc.colour,
        }));
        if (data.row >= 12) row.append(drawn("text", { x: doc.label_x, y: at + 4 }, doc.label));
        row.append(drawn("title", {}, `${doc.label}, ${doc.when}`));
        row.addEventListener("click", (event) => { event.stopPropagation(); choose(place); });
        row.addEventListener("pointerenter", () => hover(place));
        row.addEventListener("keydown", (event) => {
          const places = [...ys.keys()].filter(visible);
          const next = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (event.key === "Enter" || event.key === " ") choose(place);
          else if (next) choose(places[Math.min(places.length - 1, Math.max(0, places.indexOf(place) + next))]);
          else return;
          event.preventDefault();
        });
        parts.push(row);
      }
      if (!shown.length) {
        const words = kept.length ? "Nothing was out yet: move the slider to the right." : "No document matches: choose “show all”.";
        parts.push(drawn("text", { class: "none", x: 4, y: TOP + 24 }, words));
        svg.setAttribute("height", Math.max(height, 80));
      }
      svg.replaceChildren(...parts);
      fill();
    }

    const hover = (place) => {
      if (state.hover === place) return;
      state.hover = place;
      const marked = new Set(path(place >= 0 ? place : state.chosen));
      for (const row of svg.querySelectorAll(".row")) row.classList.toggle("on", marked.has(number.get(row.dataset.document)));
      const lines = data.hops.filter((hop) => svg.querySelector(`[data-document="${CSS.escape(docs[hop.citing].id)}"]`)
        && svg.querySelector(`[data-document="${CSS.escape(docs[hop.cited].id)}"]`));
      svg.querySelectorAll(".hop").forEach((line, at) => {
        line.classList.toggle("on", marked.has(lines[at].citing) && marked.has(lines[at].cited));
      });
    };
    svg.addEventListener("pointerleave", () => hover(-1));

    function choose(place, focus = true) {
      state.chosen = place;
      draw();
      if (place >= 0 && tree.offsetTop + tree.offsetHeight <= card.offsetTop) card.scrollIntoView({ block: "nearest" });  // it stands below
      if (focus && place >= 0) svg.querySelector(`[data-document="${CSS.escape(docs[place].id)}"]`)?.focus({ preventScroll: true });
    }
    svg.addEventListener("click", () => choose(-1));

    function link(place) {
      const made = element("button", { type: "button", class: "go" }, docs[place].label);
      made.addEventListener("click", () => choose(place));
      return made;
    }

    function fill() {
      const doc = docs[state.chosen];
      if (!doc) {
        card.replaceChildren(element("p", { class: "hint" }, "Click a document in the tree to see its words here, how they were seen, its story from the root, and what rests on it. Point at one to see the way to it."));
        return;
      }
      const parts = [element("h3", {}, doc.label)];
      if (!isOut(doc)) parts.push(element("p", { class: "hint" }, "It was not out yet at this moment."));
      else if (doc.till > data.moments[state.step]) parts.push(element("p", { class: "hint" }, "Perhaps it was not out yet at this moment."));
      parts.push(element("p", { class: "about" }, [doc.outlet, doc.place, doc.when].filter(Boolean).join(" · ")));
      if (doc.translation) {
        parts.push(element("blockquote", {}, `“${doc.translation}”`));
        parts.push(element("p", { class: "original", lang: doc.language_code }, doc.words));
      } else if (doc.words) parts.push(element("blockquote", doc.words_lang ? { lang: doc.words_lang } : {}, `“${doc.words}”`));
      parts.push(element("p", { class: "hint" }, [doc.seen, doc.translation ? "our translation" : ""].filter(Boolean).join(" · ")));
      const list = element("dl");
      const add = (name, ...values) => {
        if (!values.length || values[0] === "") return;
        const told = element("dd");
        told.append(...values);
        list.append(element("dt", {}, name), told);
      };
      const linked = (places) => places.flatMap((place, at) => (at ? [", ", link(place)] : [link(place)]));
      add("says", doc.told);
      add("accuracy", doc.accuracy);
      add("title", doc.title);
      add("has it from", ...linked(doc.parents));
      const now = data.moments[state.step];
      const rest = doc.rest.filter((place) => docs[place].from <= now), cut = doc.cut.filter((place) => docs[place].from <= now);
      if (doc.carries) {
        add("rest on it", rest.length ? `${rest.length} by then; ${cut.length} of these have no other coded way` : "none by then");
        add("goes back to", ...linked(doc.roots.filter((place) => place !== state.chosen)));
      }
      parts.push(list);
      if (doc.url) {
        const open = element("p");
        open.append(element("a", { href: doc.url, target: "_blank", rel: "noreferrer noopener" }, "open its page"));
        parts.push(open);
      }
      const steps = path(state.chosen);
      if (doc.carries && steps.length > 1) {
        parts.push(element("h4", {}, "Its story, from the root"));
        const story = element("ol");
        for (const place of steps) {
          const step = element("li");
          step.append(link(place), `: ${docs[place].says}`);
          const words = docs[place].translation || docs[place].words;
          if (words) step.append(element("q", {}, words));
          story.append(step);
        }
        parts.push(story);
      }
      card.replaceChildren(...parts);
    }

    let playing = 0;
    const stop = () => { clearInterval(playing); playing = 0; play.textContent = "▶"; play.setAttribute("aria-label", "play the spread"); };
    play.addEventListener("click", () => {
      if (playing) return stop();
      if (state.step === data.moments.length - 1) state.step = 0;
      play.textContent = "❚❚";
      play.setAttribute("aria-label", "pause");
      draw();
      playing = setInterval(() => {
        if (!host.isConnected || state.step >= data.moments.length - 1) return stop();
        state.step += 1;
        draw();
      }, Math.max(80, Math.min(STEP, 30000 / data.moments.length)));
    });
    slider.addEventListener("input", () => { stop(); state.step = Number(slider.value); draw(); });
    search.addEventListener("input", () => { state.search = search.value.trim().toLowerCase(); draw(); });
    reset.addEventListener("click", () => {
      state.only = {};
      state.search = search.value = "";
      for (const menu of menus) menu.value = "";
      draw();
    });
    draw();
  }

  for (const host of document.querySelectorAll(".woozle-workbench:not([data-live])")) {
    host.dataset.live = "true";
    start(host);
  }
})();
