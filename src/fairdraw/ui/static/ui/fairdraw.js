// Small comforts. Every page works without this file: links are links and forms are forms.

const announce = (text) => {
  const place = document.getElementById("announce");
  if (place) place.textContent = text;
};

// 复制: the button is hidden until this runs; the clipboard is missing on http, so select and copy there.
const copy = async (button) => {
  const text = button.dataset.copy;
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    const range = document.createRange();
    range.selectNodeContents(button.previousElementSibling);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    document.execCommand("copy");
  }
  const word = button.querySelector("span");
  const before = word.textContent;
  word.textContent = "已复制";
  announce(`已复制 ${text}`);
  setTimeout(() => { word.textContent = before; }, 2000);
};

const enhance = (root) => {
  root.querySelectorAll("button[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  root.querySelectorAll("button[data-print][hidden]").forEach((button) => { button.hidden = false; });
  root.querySelectorAll("[data-all][hidden]").forEach((box) => { box.hidden = false; });
  const summary = root.querySelector("[data-focus]");
  if (summary) summary.focus();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
  if (event.target.closest("button[data-print]")) window.print();
});

// 全选: <label data-all="name" hidden><input type="checkbox"> ticks every box of that name in the form.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-all]");
  if (all) {
    const form = event.target.form || document;
    form.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`).forEach((box) => { box.checked = event.target.checked; });
  }
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// One press, one submission; a form with data-confirm asks first.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  setTimeout(() => form.removeAttribute("aria-busy"), 10000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
});

// A file dragged over a drop field.
["dragenter", "dragover", "dragleave", "drop"].forEach((kind) => {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest && event.target.closest(".drop");
    if (place) place.classList.toggle("over", kind === "dragenter" || kind === "dragover");
  });
});

// A refused reason opened in a table closes with Escape.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.refused[open]").forEach((box) => { box.open = false; });
});

document.addEventListener("htmx:afterSwap", (event) => {
  enhance(event.target.parentElement || document);
  const total = document.querySelector(".pager-total");
  if (total) announce(total.textContent);
});

enhance(document);
