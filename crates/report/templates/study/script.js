// Search of the table of variables.
const variables = document.getElementById("all-variables");
if (variables) {
  const rows = searchable(variables);
  const search = document.getElementById("find-variable");
  search.addEventListener("input", () => {
    const words = wordsOf(search);
    for (const { row, text } of rows) row.hidden = !words.every((word) => text.includes(word));
    document.getElementById("no-variable").hidden = rows.some(({ row }) => !row.hidden);
  });
}
