/* whobuys: the claim cards by keyboard. Without this file the page is a plain form. */
(() => {
  "use strict";
  const form = document.querySelector("[data-cards]");
  if (!form) return;
  const cards = [...form.querySelectorAll("[data-card][tabindex]")];
  const go = (from, step) => {
    const next = cards[cards.indexOf(from) + step];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
    else if (step > 0) form.querySelector("button[type=submit]").focus();
  };
  const touched = (card) => { card.querySelector("[data-ok]").checked = true; card.classList.add("ticked"); };
  form.addEventListener("change", (event) => {
    const card = event.target.closest("[data-card]");
    if (card) card.classList.toggle("ticked", card.querySelector("[data-ok]").checked);
  });
  form.addEventListener("keydown", (event) => {
    const card = event.target;
    if (!cards.includes(card) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "j") go(card, 1);
    else if (event.key === "ArrowUp" || event.key === "k") go(card, -1);
    else if (event.key === "Enter") { touched(card); go(card, 1); }
    else if (/^[1-3]$/.test(event.key)) {
      const choice = card.querySelectorAll("fieldset.measures")[0]?.querySelectorAll("input[type=radio]")[event.key - 1];
      if (!choice) return;
      choice.closest("details").open = true;
      choice.checked = true;
      touched(card);
    } else return;
    event.preventDefault();
  });
})();
