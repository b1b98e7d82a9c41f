// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).

const AT_ONCE = 2; // files on their way; the server classifies as many as it has cores
const PATIENCE = 8; // times that a busy server is asked again
const SOUND = /\.(wav|mp3|flac|m4a|aac|ogg|opus|oga|amr|awb|3gp|webm|mp4|mkv|mka|mov|caf|wma|aiff?|au|gsm)$/i;

const root = element.querySelector(".as-batch");
let rows = []; // {file, name, state: waiting|running|done|failed, answer, error, truth, line}
let active = 0;
let is_stopped = true;

// The column on the left.
const left = document.querySelector("#batch-files .as-recording");
const drop = make("div", "as-drop", left);
const invitation = make("p", "as-invitation", drop);
const buttons = make("div", "as-buttons", drop);
const picker = make("input", "as-files-picker", drop);
const folder_picker = make("input", "as-folder-picker", drop);
const choose = make_button("", buttons, () => picker.click());
const choose_folder = make_button("", buttons, () => folder_picker.click());
const chosen = make("div", "as-chosen", left);
const count = make("p", "as-title", chosen);
const clear = make_button("as-quiet", chosen, () => {
  review.stop();
  rows = [];
  is_stopped = true;
  render();
  choose.focus();
});
for (const each of [picker, folder_picker]) {
  each.type = "file";
  each.multiple = true;
  each.hidden = true;
  each.onchange = () => {
    add([...each.files].map((file) => [file.webkitRelativePath || file.name, file]));
    each.value = "";
  };
}
folder_picker.webkitdirectory = true;

// The column on the right.
const start = make_button("as-primary", root, () => (is_stopped ? run() : stop()));
const bar = make("progress", "as-progress", root);
const status = make("p", "as-small", root);
const empty = make("div", "as-panel as-empty", root);
const empty_title = make("h3", "", empty);
const empty_text = make("p", "", empty);
const review = make_review(root, () => rows, (row) => render_row(row));
const frame = make("div", "as-table", root);
const table = make("table", "", frame);
const head = make("tr", "", make("thead", "", table));
const body = make("tbody", "", table);
const foot = make("div", "as-row as-copies", root);
const links = ["xlsx", "csv"].map((format) => make_button("as-quiet", foot, () => save(format)));
const check = make_button("as-quiet as-check", foot, () => review.start());
const note = make("p", "as-note", root);
start.id = "batch-start";
status.setAttribute("role", "status");
note.setAttribute("role", "alert");
frame.setAttribute("role", "region");
frame.tabIndex = 0;

const HEADS = ["recording", "label", "probability", "verdict", "runner_up"];
const LESS = ["probability", "runner_up"]; // left out where there is less room

const add = (files) => {
  const known = new Set(rows.map(({ name }) => name));
  for (const [name, file] of files) {
    if (known.has(name) || name.split("/").at(-1).startsWith(".")) continue;
    known.add(name);
    rows.push({ file, name, state: "waiting", line: null });
  }
  render();
};

const dropped = async (entry, path = "") => {
  const name = `${path}${entry.name}`;
  if (entry.isFile) return [[name, await new Promise((take, fail) => entry.file(take, fail))]];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((take, fail) => reader.readEntries(take, fail));
    if (!some.length) return found;
    for (const each of some) found.push(...(await dropped(each, `${name}/`)));
  }
};

drop.ondragover = (event) => {
  event.preventDefault();
  drop.classList.add("as-over");
};
drop.ondragleave = () => drop.classList.remove("as-over");
drop.ondrop = async (event) => {
  event.preventDefault();
  drop.classList.remove("as-over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry());
  for (const entry of entries.filter(Boolean)) {
    const files = await dropped(entry);
    // A folder may hold anything; a file that was dropped by itself is meant.
    add(entry.isFile ? files : files.filter(([name]) => SOUND.test(name)));
  }
};

const labels_now = () => document.querySelector("#labels textarea").value;

const run = () => {
  const labels = labels_now();
  review.stop();
  // Other labels are another question: all is asked again.
  for (const row of rows) {
    if (row.state === "failed" || row.labels !== labels) row.state = "waiting";
  }
  is_stopped = false;
  for (let each = active; each < AT_ONCE; each++) work(labels);
  render();
};

const stop = () => {
  is_stopped = true;
  render();
};

const work = async (labels) => {
  active += 1;
  for (;;) {
    const row = is_stopped ? null : rows.find(({ state }) => state === "waiting");
    if (!row) break;
    row.state = "running";
    row.labels = labels;
    render_row(row);
    Object.assign(row, await ask(row, labels));
    render_row(row);
    render_status();
  }
  active -= 1;
  if (active === 0) is_stopped = true;
  render_status();
};

const failed = (error) => ({ state: "failed", error, answer: null });

const ask = async ({ file, name }, labels) => {
  if (file.size > props.max_upload) {
    return failed(filled(props.words.too_large, Math.floor(props.max_upload / 1048576)));
  }
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    const form = new FormData();
    form.append("file", file, name);
    form.append("labels", labels);
    try {
      const response = await fetch("v1/classify", {
        method: "POST",
        headers: { "accept-language": document.documentElement.lang },
        body: form,
      });
      const answer = await response.json();
      if (response.ok) return { state: "done", answer, error: null };
      if (![429, 503].includes(response.status)) return failed(answer.detail.split("\n")[0]);
      const pause = Number(response.headers.get("retry-after")) || 1;
      await new Promise((wake) => setTimeout(wake, Math.min(pause, 60) * 1000));
    } catch {
      is_stopped = true; // there is no server: what follows would fail as well
      return failed(props.words.no_answer);
    }
  }
  return failed(props.words.no_answer);
};

const save = async (format) => {
  const finished = rows.filter(({ state }) => state === "done" || state === "failed");
  const sent = finished.map(({ name, answer, error }) => ({
    recording: name,
    error,
    answer: answer && { ...answer, scores: answer.scores.slice(0, 2) },
  }));
  note.textContent = "";
  try {
    await save_from("page/table", { format, rows: sent }, `anysound.${format}`);
  } catch {
    note.textContent = props.words.no_table;
  }
};

const render = () => {
  const { words } = props;
  invitation.textContent = words.drop;
  choose.textContent = words.choose;
  choose_folder.textContent = words.folder;
  clear.textContent = words.clear;
  count.textContent = filled(words.chosen, rows.length);
  chosen.hidden = rows.length === 0;
  empty_title.textContent = words.empty_title;
  empty_text.textContent = words.empty;
  empty.hidden = rows.length > 0;
  frame.hidden = rows.length === 0;
  frame.setAttribute("aria-label", words.recording);
  bar.setAttribute("aria-label", words.progress);
  links[0].textContent = words.xlsx;
  links[1].textContent = words.csv;
  head.replaceChildren();
  for (const each of HEADS) {
    make("th", LESS.includes(each) ? "as-less" : "", head, words[each]).scope = "col";
  }
  body.replaceChildren();
  for (const row of rows) {
    row.line = make("tr", "", body);
    render_row(row);
  }
  render_status();
};

const render_row = ({ line, name, state, answer, error, truth }) => {
  if (!line?.isConnected) return;
  const { words } = props;
  line.replaceChildren();
  make("td", "as-file", line, name);
  if (state === "failed") {
    const cell = make("td", "as-error", line, error);
    cell.colSpan = HEADS.length - 1;
    return;
  }
  if (state !== "done") {
    const cell = make("td", "as-pending", line, words[state]);
    cell.colSpan = HEADS.length - 1;
    return;
  }
  const heard = make("td", "as-strong", line, answer.label);
  if (truth !== undefined) {
    const said = truth === NONE ? words.none_of_these : truth;
    make("p", "as-small", heard, filled(words.said, said));
  }
  make("td", "as-number as-less", line, percent(answer.probability));
  make("span", "as-badge", make("td", `as-${answer.verdict}`, line), words[answer.verdict]);
  const second = answer.scores[1];
  make("td", "as-quiet-text as-less", line, second ? `${second.label} ${percent(second.probability)}` : "");
};

const render_status = () => {
  const { words } = props;
  const finished = rows.filter(({ state }) => state === "done" || state === "failed");
  const fails = finished.filter(({ state }) => state === "failed").length;
  const is_begun = finished.length > 0 || !is_stopped;
  start.disabled = rows.length === 0 || (is_stopped && active > 0);
  const again = finished.length > 0 && finished.length < rows.length;
  start.textContent = !is_stopped ? words.stop : again ? words.go_on : words.start;
  bar.hidden = status.hidden = !is_begun;
  bar.max = rows.length || 1;
  bar.value = finished.length;
  const said = filled(words.done, finished.length, rows.length);
  status.textContent = fails ? `${said} · ${filled(words.failed, fails)}` : said;
  foot.hidden = finished.length === 0;
  check.hidden = !is_stopped || review.count() === 0;
  check.textContent = filled(words.check, review.count());
};

const render_all = () => {
  render();
  review.render();
};
watch("words", render_all);
render_all();
