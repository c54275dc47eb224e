// Search and filters of the list of people.
const people = document.querySelector(".people");
if (people) {
  const rows = searchable(people);
  const group = document.getElementById("group");
  const filter = () => {
    const words = wordsOf(document.getElementById("search"));
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
}
