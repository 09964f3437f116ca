// The page on which texts are graded: what was clicked is kept in this browser, and saved as a file for the grader.
"use strict";
(() => {
  const key = "woozle-essays:" + location.pathname;
  const fields = [...document.querySelectorAll("fieldset[data-criterion]")];
  const save = document.getElementById("save");
  if (!save) return;

  const markOf = (field) => {
    const text = field.closest("section.essay").dataset;
    const chosen = field.querySelector("input[type=radio]:checked");
    return {
      student: text.student, assignment: text.assignment, item: text.item, criterion: field.dataset.criterion,
      most: field.dataset.most, points: chosen ? chosen.value : "", comment: field.querySelector(".comment").value,
      text: text.digest,
    };
  };
  const marks = () => fields.map(markOf);
  const nameOf = (mark) => [mark.student, mark.assignment, mark.item, mark.criterion, mark.text].join("\n");

  const told = () => {
    const open = marks().filter((mark) => mark.points === "").length;
    document.getElementById("left").textContent = open ? open + " of " + fields.length + " criteria still need points." : "All criteria have points.";
  };

  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(key)) || {}; } catch { kept = {}; }
  for (const field of fields) {
    const before = kept[nameOf(markOf(field))];
    if (!before) continue;
    for (const input of field.querySelectorAll("input[type=radio]")) if (input.value === before.points) input.checked = true;
    if (before.comment) field.querySelector(".comment").value = before.comment;
  }
  document.addEventListener("input", (event) => {
    if (!event.target.closest("fieldset[data-criterion]")) return;
    const all = Object.fromEntries(marks().map((mark) => [nameOf(mark), mark]));
    try { localStorage.setItem(key, JSON.stringify(all)); } catch { /* a browser that keeps nothing: saving still works */ }
    told();
  });
  save.addEventListener("click", () => {
    const text = JSON.stringify({ marks: marks().filter((mark) => mark.points !== "" || mark.comment) }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "application/json" }));
    link.download = "essays.json";
    link.click();
  });
  told();
})();
