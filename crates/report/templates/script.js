// The page reads without this. It adds the theme, printing with the folded parts open, and search, filters and order of the list.
(() => {
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

  const table = document.querySelector(".people");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, text: row.textContent.toLocaleLowerCase() }));
  const search = document.getElementById("search");
  const group = document.getElementById("group");
  const filter = () => {
    const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const band = document.querySelector("input[name=band]:checked").value;
    let shown = 0;
    for (const { row, text } of rows) {
      const fits = (!band || row.dataset.band === band) && (!group || !group.value || row.dataset.group === group.value)
        && words.every((word) => text.includes(word));
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    document.getElementById("shown").textContent = shown;
    document.getElementById("nothing").hidden = shown > 0;
  };
  const form = document.querySelector(".filters");
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();

  const order = new Intl.Collator(root.lang);
  table.querySelectorAll("th[data-sort]").forEach((head) => {
    const key = head.dataset.sort;
    const isNumber = key === "risk" || key === "worth";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const first = isNumber ? "descending" : "ascending";
      const second = isNumber ? "ascending" : "descending";
      const way = head.getAttribute("aria-sort") === first ? second : first;
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", way);
      const sign = way === "ascending" ? 1 : -1;
      rows.sort((a, b) => {
        const [x, y] = [a.row.dataset[key], b.row.dataset[key]];
        // A row without a value stays at the end either way.
        if (x === "" || y === "") return (x === "") - (y === "");
        return sign * (isNumber ? x - y : order.compare(x, y));
      });
      body.append(...rows.map(({ row }) => row));
    });
  });
})();
