"use strict";
// Each figure holds its picture, and its specification as data; where scripts run, the live chart replaces the picture.
// Vega is compressed in the page; the page's policy allows the script by its hash once it is unpacked.
const root = document.documentElement;
root.classList.add("scripts");
const unpack = (spec, beside) => {
  for (const [name, packed] of Object.entries(spec.datasets ?? {})) {
    const data = packed ?? beside.datasets[name];
    if (Array.isArray(data)) continue;
    const row = (values) => Object.fromEntries(data.columns.map((column, place) => [column, values[place]]));
    spec.datasets[name] = data.rows.map(row);
  }
  return spec;
};
const inflate = (base64) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
};
const draw = async (figure) => {
  const beside = JSON.parse(figure.querySelector("script.wide").textContent);
  const show = async (kind) => {
    const data = figure.querySelector(`script.${kind}`);
    if (!data) return false;
    const place = figure.querySelector(`div.live.${kind}`);
    const options = { ast: true, actions: false, renderer: "svg", mode: "vega-lite", defaultStyle: false,
                      tooltip: { theme: "woozle" } };
    await window.vegaEmbed(place, unpack(JSON.parse(data.textContent), beside), options);
    // The picture's words stand beside the chart once; its marks are no list for screen readers.
    place.querySelector("svg")?.setAttribute("aria-hidden", "true");
    place.hidden = false;
    return true;
  };
  const wide = await show("wide");
  figure.classList.toggle("has-narrow", await show("narrow"));
  if (wide) figure.classList.add("drawn");
};
const vega = document.getElementById("vega");
if (vega && "DecompressionStream" in window) {
  inflate(vega.textContent).then(async (code) => {
    const script = document.createElement("script");
    script.textContent = code;
    document.head.append(script);
    for (const figure of document.querySelectorAll("figure.chart")) await draw(figure);
    fit();
    hint();
    root.classList.add("all-drawn");
  });
}
// Tables as CSV, made from the page itself, so that it works wherever the page lies.
const guarded = (text) => (/^[=+\-@\t\r＝＋－＠]/.test(text) && !/^[+-]?\d[\d,. ]*%?$/.test(text) ? `'${text}` : text);
const quoted = (text) => (/[",\n\r]/.test(text) || (text === "" ) ? `"${text.replaceAll('"', '""')}"` : text);
const value = (cell) => [...cell.childNodes].filter((node) => node.nodeName !== "I").map((node) => node.textContent).join("");
const toCsv = (table) => {
  const lines = [...table.rows].map((row) => {
    const cells = [...row.cells].map((cell) => guarded(value(cell)));
    return cells.map((text) => (text === "" && cells.length > 1 ? "" : quoted(text))).join(",");
  });
  return `${lines.join("\n")}\n`;
};
const save = (name, text, type) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.csv");
  if (link) {
    event.preventDefault();
    save(link.dataset.name, toCsv(document.getElementById(link.dataset.table)), "text/csv");
  }
});
// What a link points to may lie in something folded.
const unfold = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let place = target; place; place = place.parentElement) if (place.tagName === "DETAILS") place.open = true;
  if (target) target.scrollIntoView();
};
addEventListener("hashchange", unfold);
unfold();
// On paper nothing is folded but the code.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open]):not(.code)")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => { for (const details of opened) details.open = false; });
if (innerWidth < 1100) for (const details of document.querySelectorAll("nav.contents details")) details.removeAttribute("open");
const codes = document.getElementById("codes");
if (codes && document.querySelector("details.code")) {
  codes.hidden = false;
  codes.addEventListener("click", () => {
    const open = codes.textContent.startsWith("show");
    for (const details of document.querySelectorAll("details.code")) details.open = open;
    codes.textContent = open ? "hide all code" : "show all code";
  });
}
// What scrolls sideways says so, at every width.
// A chart that would lose much of its width is shown as a phone shows it; one that loses a little is scrolled.
const fit = () => {
  for (const figure of document.querySelectorAll("figure.chart.has-narrow")) {
    const frame = figure.querySelector(".frame"), svg = figure.querySelector("div.wide svg");
    figure.classList.remove("narrowed");  // what room there is without it
    figure.classList.toggle("narrowed", 0.83 * (svg?.viewBox.baseVal?.width || 0) > frame.clientWidth);
  }
};
const hint = () => {
  for (const frame of document.querySelectorAll(".scroll, figure.chart .frame")) {
    const wide = frame.scrollWidth > frame.clientWidth + 2;
    const note = frame.previousElementSibling?.classList.contains("wide-hint") ? frame.previousElementSibling : null;
    if (wide && !note) frame.insertAdjacentHTML("beforebegin", '<p class="wide-hint">wider than the page: scroll sideways →</p>');
    if (!wide && note) note.remove();
  }
};
addEventListener("resize", fit);
addEventListener("resize", hint);
addEventListener("load", () => setTimeout(hint, 300));
const theme = document.getElementById("theme");
const keep = (chosen) => {  // for the other pages too, where the browser lets a page remember
  root.dataset.theme = chosen;
  try { localStorage.setItem("woozle-theme", chosen); } catch { /* not here */ }
};
try { root.dataset.theme = localStorage.getItem("woozle-theme") ?? ""; } catch { /* not here */ }
if (!root.dataset.theme) delete root.dataset.theme;
if (theme) {
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const say = () => { theme.textContent = dark() ? "light" : "dark"; theme.setAttribute("aria-label", `show in ${dark() ? "light" : "dark"} colours`); };
  theme.hidden = false;
  theme.addEventListener("click", () => { keep(dark() ? "light" : "dark"); say(); });
  say();
}
