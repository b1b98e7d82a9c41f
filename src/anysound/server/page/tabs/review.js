// Comes before batch.js: what a person says of the answers that are in doubt, one after the other.

const DOUBT = ["ambiguous", "none"]; // what is asked about first
const NONE = "none"; // as `anysound eval` and `anysound teach` call it

const percent = (share) => `${(100 * share).toFixed(1)}%`;

const make_review = (parent, rows_now, on_said) => {
  let queue = []; // of the table's rows
  let at = 0;
  let url = "";

  const panel = make("section", "as-review", parent);
  const title = make("h3", "as-title", panel);
  const answered = make("p", "as-small", panel);
  const player = make("audio", "as-player", panel);
  const choices = make("div", "as-row as-choices", panel);
  const foot = make("div", "as-row", panel);
  const back = make_button("as-quiet", foot, () => go(at - 1));
  const skip = make_button("as-quiet", foot, () => go(at + 1));
  const save = make_button("as-quiet", foot, () => save_said());
  const close = make_button("as-quiet", foot, () => stop());
  const note = make("p", "as-note", panel);
  panel.hidden = true;
  panel.id = "review";
  panel.setAttribute("role", "region");
  title.setAttribute("role", "status");
  note.setAttribute("role", "alert");
  player.controls = true;
  player.onerror = () => {
    note.textContent = player.currentSrc ? props.words.cant_play : "";
  };

  const doubtful = () =>
    rows_now()
      .filter(({ state, answer }) => state === "done" && DOUBT.includes(answer.verdict))
      .sort(
        ({ answer: one }, { answer: other }) =>
          DOUBT.indexOf(one.verdict) - DOUBT.indexOf(other.verdict) || one.margin - other.margin,
      );

  const start = () => {
    queue = doubtful();
    panel.hidden = false;
    choices.replaceChildren();
    const names = queue[0].answer.scores.map(({ label }) => label).sort();
    for (const name of [...names, NONE]) make_choice(name);
    render();
    go(Math.max(0, queue.findIndex(({ truth }) => truth === undefined)));
    choices.firstChild.focus();
  };

  const stop = () => {
    player.removeAttribute("src");
    URL.revokeObjectURL(url);
    panel.hidden = true;
  };

  const make_choice = (name) => {
    const number = name === NONE ? 0 : choices.childElementCount + 1;
    const choice = make_button("", choices, () => {
      if (at >= queue.length) return;
      queue[at].truth = name;
      on_said(queue[at]);
      go(at + 1);
    });
    choice.dataset.label = name;
    choice.dataset.key = number < 10 ? number : "";
  };

  const go = (place) => {
    at = Math.min(Math.max(0, place), queue.length);
    note.textContent = "";
    URL.revokeObjectURL(url);
    const row = queue[at];
    player.hidden = !row;
    if (row) {
      const [from, until] = row.answer.telling ?? [];
      url = URL.createObjectURL(row.file);
      player.src = from === undefined ? url : `${url}#t=${from},${until}`;
      player.play().catch(() => {}); // a browser may want a click first
    } else {
      player.removeAttribute("src");
    }
    say();
  };

  const say = () => {
    const { words } = props;
    const row = queue[at];
    const said = queue.filter(({ truth }) => truth !== undefined).length;
    title.textContent = row ? `${at + 1} / ${queue.length} · ${row.name}` : words.review_done;
    answered.textContent = row
      ? `${words[row.answer.verdict]}: ${shares(row.answer)}`
      : filled(words.review_count, said, queue.length);
    for (const choice of choices.children) {
      const is_said = row?.truth === choice.dataset.label;
      choice.setAttribute("aria-pressed", is_said);
      choice.disabled = !row;
    }
    back.disabled = at === 0;
    skip.disabled = !row;
    save.disabled = said === 0;
  };

  const shares = ({ scores }) =>
    scores
      .slice(0, 2)
      .map(({ label, probability }) => `${label} ${percent(probability)}`)
      .join(" · ");

  const save_said = async () => {
    const labels = rows_now()
      .filter(({ truth }) => truth !== undefined)
      .map(({ name, truth }) => [name, truth]);
    try {
      await save_from("page/reviewed.csv", { labels }, "anysound.reviewed.csv");
    } catch {
      note.textContent = props.words.no_table;
    }
  };

  panel.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === player) return;
    const choice = [...choices.children].find(({ dataset }) => dataset.key === event.key);
    if (choice && !choice.disabled) choice.click();
    if (event.key === "u") back.click();
    if (event.key === "s") skip.click();
    if (event.key === "p") player.paused ? player.play().catch(() => {}) : player.pause();
  };

  const render = () => {
    const { words } = props;
    panel.setAttribute("aria-label", words.review_title);
    player.setAttribute("aria-label", words.review_player);
    for (const choice of choices.children) {
      const { key, label } = choice.dataset;
      choice.textContent = label === NONE ? words.none_of_these : label;
      if (key) make("kbd", "", choice, key);
    }
    back.textContent = words.back;
    skip.textContent = words.skip;
    save.textContent = words.save_said;
    close.textContent = words.close;
    if (!panel.hidden) say();
  };

  return { start, stop, render, count: () => doubtful().length };
};

const save_from = async (path, sent, name) => {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sent),
  });
  if (!response.ok) throw new Error(response.statusText);
  window.anysound.save(name, await response.blob());
};

