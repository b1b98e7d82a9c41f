// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).

const KEY = "anysound.label-sets";
const LONGEST_LINK = 8000; // characters that browsers and messengers pass on whole
const LARGEST_FILE = 2 << 20; // bytes of a label file

const root = element.querySelector(".as-sets");
const title = make("h3", "as-sets-title", root);
const kept = make("div", "as-row", root);
const choice = make("select", "as-select", kept);
const remove = make_button("as-quiet", kept, () => forget());
const naming = make("form", "as-row", root);
const name = make("input", "as-lesson-name", naming);
const keep = make_button("as-quiet", naming, null);
const cancel = make_button("as-quiet", naming, () => show_naming(false));
const buttons = make("div", "as-row", root);
const save = make_button("as-quiet", buttons, () => show_naming(true));
const share = make_button("as-quiet", buttons, () => copy_link());
const download = make_button("as-quiet", buttons, () => fetch_file());
const open = make_button("as-quiet", buttons, () => picker.click());
const picker = make("input", "as-set-picker", buttons);
const note = make("p", "as-note", root);
note.setAttribute("role", "status");
name.type = "text";
name.maxLength = 80;
keep.type = "submit";
picker.type = "file";
picker.accept = ".yaml,.yml,.json,.txt";
picker.hidden = naming.hidden = true;

let said = null; // key of the word in the note, and what it is about
let chosen = "";

const field = () => document.querySelector("#labels textarea");

const sets = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

const store = (all) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
};

const say = (key, about = "") => {
  said = key && [key, about];
  render();
};

const show_naming = (is_shown) => {
  naming.hidden = !is_shown;
  buttons.hidden = is_shown;
  if (is_shown) {
    name.value = chosen;
    name.focus();
  } else {
    save.focus();
  }
};

naming.onsubmit = (event) => {
  event.preventDefault();
  const called = name.value.trim();
  if (!called) return;
  const is_kept = store({ ...sets(), [called]: field().value });
  if (is_kept) chosen = called;
  show_naming(false);
  say(is_kept ? "saved" : "cannot_save", called);
};

const forget = () => {
  const { [chosen]: gone, ...rest } = sets();
  store(rest);
  const called = chosen;
  chosen = "";
  say("deleted", called);
  choice.focus();
};

choice.onchange = () => {
  chosen = choice.value;
  if (chosen) window.anysound.write(field(), sets()[chosen] ?? "");
  say(null);
};

const copy_link = () => {
  const link = new URL(location.href);
  link.hash = new URLSearchParams({ labels: field().value });
  if (link.href.length > LONGEST_LINK) return say("too_long");
  window.anysound.copy(link.href);
  say(null);
};

const fetch_file = async () => {
  const response = await fetch("page/labels.yaml", {
    method: "POST",
    headers: { "accept-language": document.documentElement.lang },
    body: new URLSearchParams({ labels: field().value }),
  }).catch(() => null);
  if (!response?.ok) return; // what is wrong with the labels is said above
  window.anysound.save(`${chosen || "labels"}.yaml`, await response.blob());
};

picker.onchange = async () => {
  const [file] = picker.files;
  picker.value = "";
  if (!file) return;
  if (file.size > LARGEST_FILE) return say("too_large");
  const text = await file.text();
  const is_lines = file.name.toLowerCase().endsWith(".txt");
  const lines = text.split(/\r?\n/).filter((line) => line.trim() && !line.trim().startsWith("#"));
  window.anysound.write(field(), is_lines ? lines.join("\n") : text);
  chosen = "";
  say(null);
};

const render = () => {
  const { words } = props;
  const names = Object.keys(sets()).sort();
  title.textContent = words.title;
  choice.setAttribute("aria-label", words.title);
  choice.disabled = !names.length;
  choice.replaceChildren(new Option(names.length ? words.none : words.empty, ""));
  for (const each of names) choice.append(new Option(each, each));
  choice.value = names.includes(chosen) ? chosen : "";
  remove.hidden = !choice.value;
  for (const [button, key] of [
    [save, "save"], [share, "share"], [download, "download"], [open, "open"],
    [keep, "keep"], [cancel, "cancel"], [remove, "delete"],
  ]) {
    button.textContent = words[key];
  }
  name.placeholder = words.name;
  name.setAttribute("aria-label", words.name);
  note.textContent = said ? filled(words[said[0]], said[1]) : "";
  note.hidden = !said;
};

const take_link = () => {
  const labels = new URLSearchParams(location.hash.slice(1)).get("labels");
  if (!labels) return;
  window.anysound.write(field(), labels);
  say("from_link");
};

// Until the page has greeted its user, it would write its own labels over these.
const wait = setInterval(() => {
  if (!document.querySelector("#language input:checked") || !field()) return;
  clearInterval(wait);
  take_link();
}, 100);
addEventListener("hashchange", take_link);
watch("words", render);
render();
