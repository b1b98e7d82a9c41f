// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).

const PAUSE = 500; // milliseconds without a keystroke
const SHOWN = matchMedia("(max-width: 640px)").matches ? 2 : 4; // until the user asks for more
const NOTHING = { findings: [], labels: [] };

const root = element.querySelector(".as-hints");
const block = document.getElementById("label-hints");
const title = make("p", "as-hints-title", root);
const list = make("ul", "as-findings", root);
const foot = make("div", "as-hints-foot", root);
const heard = make("div", "as-heard", root);
title.setAttribute("role", "status"); // read out when it changes: aria-live polite

let timer = null;
let is_asking = false;
let is_due = false; // something changed while the server was asked
let shown = { question: null, answer: NOTHING };
let wanted = null; // a finding that was accepted while its answer was out of date
let shows_all = false;

const field = () => document.querySelector(`#${props.field} textarea`);

const question_now = () => JSON.stringify([field().value, props.words.language]);

const check_in = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(check, wait);
};

const check = async () => {
  if (is_asking) {
    is_due = true;
    return;
  }
  if (!field() || question_now() === shown.question) return;
  const question = question_now();
  is_asking = true;
  is_due = false;
  const answer = await ask(...JSON.parse(question));
  is_asking = false;
  if (question === question_now()) show(question, answer);
  if (is_due) check_in(0);
};

const ask = async (labels, language) => {
  if (!labels.trim()) return NOTHING;
  try {
    const response = await fetch("v1/labels/check", {
      method: "POST",
      headers: { "accept-language": language },
      body: new URLSearchParams({ labels }), // a FormData would change line ends, and so positions
    });
    const answer = await response.json();
    if (response.ok) return answer;
    return answer.type.endsWith(":bad-labels") ? { ...NOTHING, problem: answer } : NOTHING;
  } catch {
    return NOTHING; // hints are no reason to complain
  }
};

const show = (question, answer) => {
  const is_same = JSON.stringify(answer) === JSON.stringify(shown.answer);
  shown = { question, answer };
  const again = answer.findings.find((finding) => key_of(finding) === wanted);
  wanted = null;
  if (again) {
    write(again);
  } else if (!is_same) {
    shows_all = false;
    render();
  }
};

const key_of = ({ kind, labels }) => JSON.stringify([kind, labels]);

const accept = (finding) => {
  if (question_now() === shown.question) {
    write(finding);
  } else {
    wanted = key_of(finding);
    check_in(0);
  }
};

// The server counts characters, JavaScript counts UTF-16 units: an emoji is two.
const units = (text, characters) => [...text].slice(0, characters).join("").length;

const write = ({ edits }) => {
  const area = field();
  const text = area.value;
  area.focus();
  for (const { start, end, text: put } of [...edits].reverse()) {
    area.setSelectionRange(units(text, start), units(text, end));
    // As if it were typed, so that the browser's undo takes it back.
    if (!document.execCommand("insertText", false, put)) {
      area.setRangeText(put);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  check_in(0);
};

const render = () => {
  const { findings, labels, problem } = shown.answer;
  const translated = labels.filter(({ heard_as }) => heard_as);
  block.classList.toggle("as-nothing", !problem && !findings.length && !translated.length);
  title.classList.toggle("as-bad", Boolean(problem));
  title.textContent = problem ? said_of(problem) : title_of(findings.length);
  list.replaceChildren();
  foot.replaceChildren();
  heard.replaceChildren();
  render_findings([...findings].sort((a, b) => has_rewrite(b) - has_rewrite(a)));
  if (translated.length) render_heard(translated);
};

const has_rewrite = ({ edits }) => edits.length > 0;

const title_of = (count) => (count ? `${props.words.title} · ${count}` : "");

const said_of = ({ detail, position }) => {
  const said = detail.split("\n")[0];
  const [text] = JSON.parse(shown.question);
  const place = [...text].slice(position).join("").split("\n")[0];
  return position !== undefined && place ? `${shortened(place)} – ${said}` : said;
};

const shortened = (text) => ([...text].length > 16 ? `${[...text].slice(0, 15).join("")}…` : text);

const render_findings = (findings) => {
  const explained = new Set();
  for (const finding of shows_all ? findings : findings.slice(0, SHOWN)) {
    render_finding(finding, !explained.has(finding.why));
    explained.add(finding.why);
  }
  if (findings.length > SHOWN) {
    const { more, fewer } = props.words;
    const text = shows_all ? fewer : filled(more, findings.length - SHOWN);
    const toggle = () => {
      shows_all = !shows_all;
      render();
      foot.firstChild.focus();
    };
    const button = make_button("as-quiet", foot, toggle, text);
    button.setAttribute("aria-expanded", String(shows_all));
  }
};

const render_finding = (finding, explains) => {
  const item = make("li", "as-finding", list);
  const what = make("p", "", item);
  for (const label of finding.labels) {
    make("b", "", what, label);
    what.append(" ");
  }
  what.append(finding.what);
  if (explains) make("p", "as-small", item, finding.why);
  if (!has_rewrite(finding)) return;
  const row = make("div", "as-rewrite", item);
  const { text } = finding.edits[0];
  make("span", "", row, text);
  const button = make_button("as-use", row, () => accept(finding), props.words.use);
  button.setAttribute("aria-label", `${props.words.use}: ${text}`);
};

const render_heard = (labels) => {
  make("p", "", heard, props.words.heard);
  const names = make("dl", "", heard);
  for (const { name, heard_as } of labels) {
    const pair = make("div", "", names);
    make("dt", "", pair, name);
    make("dd", "", pair, heard_as.join(" | "));
  }
  make("p", "", heard, props.words.own);
};

document.addEventListener("input", (event) => {
  if (event.target === field() && !event.isComposing) check_in(PAUSE);
});
document.addEventListener("compositionend", (event) => {
  if (event.target === field()) check_in(PAUSE);
});
// The language was changed; the labels, too, if they were the ones prefilled.
watch("words", () => check_in(50));
check_in(PAUSE);
