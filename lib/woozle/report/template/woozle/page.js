"use strict";
// Each figure holds its picture, and its specification as data; where scripts run, the live chart takes the place.
const unpack = (spec, beside) => {
  for (const [name, packed] of Object.entries(spec.datasets ?? {})) {
    const data = packed ?? beside.datasets[name];
    if (Array.isArray(data)) continue;
    const row = (values) => Object.fromEntries(data.columns.map((column, place) => [column, values[place]]));
    spec.datasets[name] = data.rows.map(row);
  }
  return spec;
};
document.querySelectorAll("figure.chart").forEach(async (figure) => {
  const beside = JSON.parse(figure.querySelector("script.wide").textContent);
  const show = async (kind) => {
    const data = figure.querySelector(`script.${kind}`);
    if (!data) return false;
    const place = figure.querySelector(`div.live.${kind}`);
    const options = { ast: true, actions: false, renderer: "svg", mode: "vega-lite", defaultStyle: false,
                      tooltip: { theme: "woozle" } };
    await window.vegaEmbed(place, unpack(JSON.parse(data.textContent), beside), options);
    place.hidden = false;
    return true;
  };
  const wide = await show("wide");
  const narrow = await show("narrow");
  figure.classList.toggle("has-narrow", narrow);
  if (wide) figure.classList.add("drawn");
});
