// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).

const root = element.querySelector(".as-recording");
const drop = make("div", "as-drop", root);
const invitation = make("p", "as-invitation", drop);
const buttons = make("div", "as-buttons", drop);
const choose = make("button", "as-button", buttons);
const record = make("button", "as-button as-record", buttons);
const picker = make("input", "as-picker", drop);
const formats = make("p", "as-small", drop);
const examples = make("div", "as-examples", drop);
const chosen = make("div", "as-chosen", root);
const title = make("p", "as-title", chosen);
const player = make("audio", "as-player", chosen);
const remove = make("button", "as-button as-quiet", chosen);
const note = make("p", "as-note", root);

choose.type = record.type = remove.type = "button";
picker.type = "file";
picker.hidden = true;
picker.accept = "audio/*,video/*,.amr,.awb,.3gp,.caf,.opus,.oga,.aac,.wma,.mka,.gsm,.au,.aiff";
player.controls = true;
note.setAttribute("role", "status");

let file = null;
let said = null; // key of the word in the note
let recorder = null;
let since = 0;
let until = null; // where playing ends, if it was begun for a part

const render = () => {
  const words = props.words;
  invitation.textContent = words.drop;
  formats.textContent = words.formats;
  choose.textContent = words.choose;
  remove.textContent = words.remove;
  player.setAttribute("aria-label", words.player);
  const seconds = Math.floor((Date.now() - since) / 1000);
  record.textContent = recorder ? `${words.stop} · ${seconds} s` : words.record;
  record.classList.toggle("as-running", recorder !== null);
  chosen.hidden = file === null;
  if (file) {
    title.textContent = `${file.name} · ${size_of(file)}`;
  }
  render_examples(words);
  note.textContent = said ? words[said] : "";
  note.hidden = said === null;
};

const render_examples = ({ examples: title, names }) => {
  examples.replaceChildren();
  make("span", "as-small", examples).textContent = title;
  for (const [name, shown] of names) {
    const button = make("button", "as-button as-quiet", examples);
    button.type = "button";
    button.textContent = shown;
    button.onclick = () => take_example(name, shown);
  }
};

const take_example = async (name, shown) => {
  try {
    const response = await fetch(`page/examples/${name}`);
    if (!response.ok) throw new Error(response.statusText);
    take(new File([await response.blob()], `${shown}.wav`, { type: "audio/wav" }));
  } catch {
    return say("upload_failed");
  }
  const { example_labels, replaced } = props.words;
  const labels = document.querySelector("#labels textarea");
  if (replaced.includes(labels.value)) window.anysound.write(labels, example_labels);
};

const size_of = ({ size }) =>
  size < 1048576
    ? `${Math.ceil(size / 1024)}\u00a0KB`
    : `${(size / 1048576).toFixed(1)}\u00a0MB`;

const say = (key) => {
  said = key;
  render();
};

const take = (next) => {
  if (!next) return;
  if (next.size > props.max_upload) {
    say("too_large");
    return;
  }
  forget();
  file = next;
  player.hidden = false;
  player.src = URL.createObjectURL(next);
  render();
};

const forget = () => {
  if (player.src) URL.revokeObjectURL(player.src);
  player.removeAttribute("src");
  file = said = until = null;
  picker.value = "";
  render();
};

const start_recording = async () => {
  if (!navigator.mediaDevices) {
    say("insecure");
    return;
  }
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch {
    say("no_microphone");
    return;
  }
  const pieces = [];
  recorder = new MediaRecorder(stream);
  since = Date.now();
  const timer = setInterval(render, 500);
  recorder.ondataavailable = (event) => pieces.push(event.data);
  recorder.onstop = () => {
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    const type = recorder.mimeType.split(";")[0];
    recorder = null;
    take(new File(pieces, `${props.words.recorded}.${type.split("/")[1]}`, { type }));
  };
  recorder.start();
  say(null);
};

choose.onclick = () => picker.click();
picker.onchange = () => take(picker.files[0]);
remove.onclick = () => {
  forget();
  choose.focus();
};
record.onclick = () => (recorder ? recorder.stop() : start_recording());
player.onerror = () => {
  if (!player.getAttribute("src")) return;
  player.hidden = true;
  say("no_player");
};
drop.ondragover = (event) => {
  event.preventDefault();
  drop.classList.add("as-over");
};
drop.ondragleave = () => drop.classList.remove("as-over");
drop.ondrop = (event) => {
  event.preventDefault();
  drop.classList.remove("as-over");
  take(event.dataTransfer.files[0]);
};

const send = async () => {
  if (!file) return null;
  const before = said;
  say("uploading");
  try {
    // The server keeps equal files of one name as one, and deletes it after use: hence a name
    // that nobody else has.
    const name = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const { path } = await upload(new File([file], name));
    say(before);
    return { path, name: file.name };
  } catch {
    say("upload_failed");
    return null;
  }
};

const play = (from, to = null) => {
  if (!file || player.hidden) {
    if (file) say("no_player");
    return;
  }
  until = to;
  player.currentTime = from;
  player.play().catch(() => {});
};
player.ontimeupdate = () => {
  if (until === null || player.currentTime < until) return;
  until = null;
  player.pause();
};

window.anysound = Object.assign(window.anysound ?? {}, { send, play });
watch("words", render);
render();
