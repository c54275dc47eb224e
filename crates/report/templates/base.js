// The page reads without this. It adds the theme, printing with the folded parts open, and the order of tables.
const root = document.documentElement;
const store = {
  get: () => { try { return localStorage.getItem("holdfast-theme"); } catch { return null; } },
  set: (theme) => { try { localStorage.setItem("holdfast-theme", theme); } catch { /* a file may have no storage */ } },
};
const chosen = store.get();
if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
document.querySelectorAll(".tools, .filters, .scripted").forEach((part) => { part.hidden = false; });
document.getElementById("theme").addEventListener("click", () => {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  store.set(root.dataset.theme);
});
document.getElementById("print").addEventListener("click", () => print());
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(".more:not([open]), .block:not([open])")];
  opened.forEach((part) => { part.open = true; });
});
addEventListener("afterprint", () => { opened.forEach((part) => { part.open = false; }); });

// Rows of a table that a field searches, with the text that it looks in.
const searchable = (table) => [...table.tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLocaleLowerCase() }));
const wordsOf = (field) => field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);

const collator = new Intl.Collator(root.lang, { numeric: true });
document.querySelectorAll("table.sortable").forEach((table) => {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  table.querySelectorAll("th[data-sort]").forEach((head) => {
    const key = head.dataset.sort;
    const isNumber = "number" in head.dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const [first, second] = head.dataset.number === "rising" || !isNumber ? ["ascending", "descending"] : ["descending", "ascending"];
      const way = head.getAttribute("aria-sort") === first ? second : first;
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", way);
      const sign = way === "ascending" ? 1 : -1;
      rows.sort((a, b) => {
        const [x, y] = [a.dataset[key], b.dataset[key]];
        // A row without a value stays at the end either way.
        if (x === "" || y === "") return (x === "") - (y === "");
        return sign * (isNumber ? x - y : collator.compare(x, y));
      });
      body.append(...rows);
    });
  });
});
