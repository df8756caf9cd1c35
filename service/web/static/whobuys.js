/* whobuys: what forms and links cannot do alone. Without this file every page still works. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const one = (selector, within = document) => within.querySelector(selector);

  /* Files dropped or chosen, sent with their folders' names and a progress bar. */
  const form = one("[data-upload]");
  if (form) {
    const drop = one("[data-drop]", form), chosen = one("[data-chosen]", form);
    let dropped = [];

    const walk = async (entry, path) => {
      if (entry.isFile) {
        const file = await new Promise((yes, no) => entry.file(yes, no));
        return [{ file, name: path + file.name }];
      }
      const reader = entry.createReader(), inside = [];
      for (;;) {
        const batch = await new Promise((yes, no) => reader.readEntries(yes, no));
        if (!batch.length) break;
        inside.push(...batch);
      }
      return (await Promise.all(inside.map((child) => walk(child, path + entry.name + "/")))).flat();
    };
    const picked = () => [...form.querySelectorAll("input[type=file]")].flatMap((input) =>
      [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
    const tell = () => {
      const files = [...dropped, ...picked()];
      const size = files.reduce((sum, { file }) => sum + file.size, 0) / 1048576;
      const shown = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
      chosen.textContent = files.length
        ? chosen.dataset.one.replace("{files}", shown.format(files.length)).replace("{size}", shown.format(size)) : "";
    };

    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", async (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
      const plain = [...event.dataTransfer.files].map((file) => ({ file, name: file.name }));
      dropped.push(...(entries.every(Boolean) ? (await Promise.all(entries.map((e) => walk(e, "")))).flat() : plain));
      tell();
    });
    form.addEventListener("change", tell);

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const files = [...dropped, ...picked()], note = one("textarea", form).value.trim();
      if (!files.length && !note) { chosen.textContent = chosen.dataset.none; one("#files").focus(); return; }
      const body = new FormData();
      for (const { file, name } of files) body.append("files", file, name);
      if (note) body.append("note", note);
      for (const field of ["phone", "email", "day"]) {
        const value = one("#" + field, form).value.trim();
        if (note && value) body.append(field, value);
      }
      const token = one("input[name=csrf]", form);
      if (token) body.append("csrf", token.value);
      const sending = one("[data-sending]"), words = one("p", sending), bar = one("progress", sending);
      const failed = one("[data-failed]"), button = one("button[type=submit]", form);
      sending.hidden = false; failed.hidden = true; button.disabled = true;
      words.textContent = words.dataset.sendingWords;
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (step) => { if (step.lengthComputable) bar.value = 100 * step.loaded / step.total; });
      request.upload.addEventListener("load", () => { words.textContent = words.dataset.readingWords; bar.removeAttribute("value"); });
      request.addEventListener("load", () => {
        if (request.status < 400) { location.assign(request.responseURL); return; }
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        const sentence = page.querySelector(".notice.bad p:last-child, .lead");
        if (sentence) failed.textContent = sentence.textContent;
        sending.hidden = true; failed.hidden = false; button.disabled = false;
      });
      request.addEventListener("error", () => { sending.hidden = true; failed.hidden = false; button.disabled = false; });
      request.open("POST", form.action);
      request.send(body);
    });
  }

  /* A run's progress, as the server tells it; a reload starts from the same place. */
  const run = one("[data-run]");
  if (run && !run.hasAttribute("data-final")) {
    const names = one("[data-state-names]").dataset, title = one("[data-run-title]");
    const show = (state) => {
      one("progress", run).value = state.percent;
      for (const row of run.querySelectorAll("[data-stage]")) {
        const id = row.dataset.stage, done = state.done_stages.includes(id) || state.status === "done";
        const now = !done && id === state.stage;
        row.className = done ? "done" : now ? "now" : "wait";
        one("[data-state-words]", row).textContent = ": " + (done ? names.done : now ? names.now : names.wait);
        one("[data-count]", row).textContent = now && state.total > 1
          ? names.of.replace("{done}", state.done).replace("{total}", state.total) : "";
      }
      const left = one("[data-left]", run), seconds = state.seconds_left;
      if (left) left.textContent = seconds === null ? "" : seconds < 60
        ? names.seconds.replace("{n}", Math.max(10, Math.round(seconds / 10) * 10))
        : names.minutes.replace("{n}", Math.round(seconds / 60));
    };
    const source = new EventSource("/runs/" + encodeURIComponent(run.dataset.run) + "/events");
    source.addEventListener("progress", (event) => {
      const state = JSON.parse(event.data);
      show(state);
      if (!["done", "failed", "cancelled"].includes(state.status)) return;
      source.close();
      if (state.status === "done") {
        title.textContent = title.dataset.done;
        one("[data-run-done]").classList.remove("hidden");
        const next = one("[data-run-done] a");
        if (next) next.focus({ preventScroll: true });
      } else location.reload();
    });
  }

  /* A customer whose segment is being found: the page asks again until it is there, for some minutes. */
  const asked = async (times) => {
    const calls = one("[data-placing]");
    if (!calls || !times) return;
    await new Promise((yes) => setTimeout(yes, 3000));
    const answer = await fetch(location.href).catch(() => null);
    if (answer && answer.ok) {
      const fresh = one("[data-calls]", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (fresh && !fresh.hasAttribute("data-placing")) calls.replaceWith(document.importNode(fresh, true));
    }
    asked(times - 1);
  };
  asked(60);

  /* Copy buttons. */
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(one(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied;
    });
  }
})();
