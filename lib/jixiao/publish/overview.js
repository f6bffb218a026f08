"use strict";
(() => {
  const rows = JSON.parse(document.getElementById("data").textContent);
  const [UNIT, NAME, YEAR, KEY, TITLE, STATE, STATED, RECOMPUTED, ON_100, DIFFERENCE, GRADE, HIGH, MEDIUM, LOW, RUN, FORMATS, REASON] = Array(17).keys();
  const COLUMNS = [NAME, YEAR, TITLE, STATE, STATED, RECOMPUTED, ON_100, DIFFERENCE, GRADE, HIGH, MEDIUM, LOW];
  const TEXTS = new Set([NAME, TITLE]);
  const ORDER = { [STATE]: ["failed", "absent", "done"], [GRADE]: ["优", "良", "中", "差"] };
  const WORDS = { done: "完成", failed: "失败", absent: "没有运行" };
  const TONES = { done: "t-good", failed: "t-bad", absent: "t-muted" };
  const PAGE = 100;
  const $ = (id) => document.getElementById(id);
  const haystack = rows.map((row) => [UNIT, NAME, YEAR, KEY, TITLE, GRADE, REASON].map((i) => row[i] ?? "").join(" ").toLowerCase());
  const ranks = new Map();
  let found = rows.map((_, i) => i), column = null, down = false, page = 0;

  function make(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children.map(String));
    return node;
  }

  function rankOf(name) {
    if (!ranks.has(name)) {
      const collator = new Intl.Collator("zh-CN", { numeric: true });
      const values = [...new Set(rows.map((row) => row[name]))].filter((value) => value !== null);
      if (ORDER[name]) values.sort((a, b) => ORDER[name].indexOf(a) - ORDER[name].indexOf(b));
      else if (TEXTS.has(name)) values.sort(collator.compare);
      else values.sort((a, b) => Number(a) - Number(b));
      ranks.set(name, new Map(values.map((value, i) => [value, i])));
    }
    return ranks.get(name);
  }

  function search() {
    const words = $("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const year = $("year").value, state = $("state").value, grade = $("grade").value, serious = $("serious").checked;
    found = [];
    rows.forEach((row, i) => {
      if (year && String(row[YEAR]) !== year) return;
      if (state && row[STATE] !== state) return;
      if (grade && row[GRADE] !== grade) return;
      if (serious && !row[HIGH]) return;
      if (words.every((word) => haystack[i].includes(word))) found.push(i);
    });
    if (column !== null) {
      const rank = rankOf(column), sign = down ? -1 : 1;
      const place = (i) => rank.get(rows[i][column]);
      found.sort((a, b) => {
        const x = place(a), y = place(b);
        if (x === y) return a - b;
        if (x === undefined) return 1; // what is not there comes last either way
        if (y === undefined) return -1;
        return sign * (x - y);
      });
    }
    page = 0;
    show();
  }

  function link(row, name, word) {
    const node = make("a", "", word);
    node.href = [row[UNIT], row[YEAR], row[KEY], row[RUN], `report.${name}`].map(encodeURIComponent).join("/");
    node.setAttribute("aria-label", `${row[NAME]} ${row[YEAR]} ${row[TITLE]} ${word}`);
    return node;
  }

  function draw(row) {
    const line = document.createElement("tr");
    const head = make("th", "", row[NAME]);
    head.scope = "row";
    if (row[UNIT] !== row[NAME]) head.append(make("span", "place", row[UNIT]));
    const state = make("td", "");
    state.append(make("span", TONES[row[STATE]], WORDS[row[STATE]]));
    if (row[REASON]) state.append(make("span", "reason", row[REASON]));
    const number = (i, tone) => make("td", row[i] && tone ? `r ${tone}` : "r", row[i] ?? "—");
    const links = make("td", "");
    if (row[RUN]) {
      for (const [name, word] of [["html", "网页"], ["pdf", "PDF"]]) if (row[FORMATS].includes(name)) links.append(link(row, name, word), " ");
    }
    const apart = Math.abs(Number(row[DIFFERENCE])) >= 5 ? "t-bad" : "";
    line.append(
      head, make("td", "", row[YEAR]), make("td", "", row[TITLE]), state,
      number(STATED), number(RECOMPUTED), number(ON_100), number(DIFFERENCE, apart), make("td", "c", row[GRADE] ?? "—"),
      number(HIGH, "t-high t-strong"), number(MEDIUM, "t-medium"), number(LOW, "t-low"), links,
    );
    return line;
  }

  function show() {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(Math.max(page, 0), pages - 1);
    const first = page * PAGE, shown = found.slice(first, first + PAGE);
    $("rows").tBodies[0].replaceChildren(...shown.map((i) => draw(rows[i])));
    $("count").textContent = found.length
      ? `找到 ${found.length} 行，显示第 ${first + 1}–${first + shown.length} 行` : "没有符合的，请换一个条件";
    $("page").textContent = `第 ${page + 1} / ${pages} 页`;
    $("pages").hidden = pages === 1;
    $("first").disabled = $("previous").disabled = page === 0;
    $("next").disabled = $("last").disabled = page === pages - 1;
  }

  const heads = [...$("rows").tHead.rows[0].cells];
  COLUMNS.forEach((name, i) => {
    const button = make("button", "", heads[i].textContent);
    button.type = "button";
    heads[i].replaceChildren(button);
    button.addEventListener("click", () => {
      down = column === name ? !down : !TEXTS.has(name) && name !== STATE && name !== YEAR && name !== GRADE;
      column = name;
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      heads[i].setAttribute("aria-sort", down ? "descending" : "ascending");
      search();
    });
  });
  for (const id of ["words", "year", "state", "grade", "serious"]) $(id).addEventListener("input", search);
  $("search-all").addEventListener("submit", (event) => event.preventDefault());
  const turn = { first: () => 0, previous: () => page - 1, next: () => page + 1, last: () => Infinity };
  for (const [id, to] of Object.entries(turn)) $(id).addEventListener("click", () => { page = to(); show(); });
  $("search-all").hidden = false;
  search();
})();
