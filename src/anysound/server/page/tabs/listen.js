// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).

const FRAME = 0.1; // seconds of sound in one message
const MOST_WAITING = 1 << 20; // bytes that may wait for a slow connection
const MOST_EVENTS = 200; // that are shown
const SHOWN = 8; // labels
const QUIETEST = -60; // dB at which the meter is empty

const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

// The column on the left.
const left = document.querySelector("#microphone .as-microphone");
const button = make("button", "as-button as-primary", left);
const status = make("p", "as-strong", left);
const meter = make("div", "as-meter", left);
const meter_bar = make("i", "", meter);
const hint = make("p", "as-small", left);
const note = make("p", "as-note", left);
button.type = "button";
button.id = "live-start";
status.setAttribute("role", "status");
note.setAttribute("role", "alert");
meter.setAttribute("role", "meter");
meter.setAttribute("aria-valuemin", String(QUIETEST));
meter.setAttribute("aria-valuemax", "0");

// The column on the right.
const root = element.querySelector(".as-live");
const empty = make("div", "as-panel as-empty", root);
const empty_title = make("h3", "", empty);
const empty_text = make("p", "", empty);
const heard = make("div", "as-panel", root);
const now_title = make("h3", "", heard);
const ranking = make("ol", "as-ranking as-now", heard);
const events_title = make("h3", "", heard);
const none = make("p", "as-small", heard);
const frame = make("div", "as-table", heard);
const table = make("table", "", frame);
const head = make("tr", "", make("thead", "", table));
const body = make("tbody", "", table);
frame.setAttribute("role", "region");
frame.tabIndex = 0;

let session = null; // what is open: socket, stream, context
let state = "idle"; // idle, connecting, listening, stopped
let time = 0;
let scores = [];
let events = []; // the newest first
let said = null; // key of a word, or a text of the server

const WORKLET = `registerProcessor("as-pcm", class extends AudioWorkletProcessor {
  process([[channel]]) {
    if (channel) this.port.postMessage(channel.slice());
    return true;
  }
})`;

const start = async () => {
  said = null;
  if (!navigator.mediaDevices) return end("insecure");
  state = "connecting";
  time = 0;
  scores = [];
  events = [];
  render();
  const mine = (session = {});
  try {
    mine.stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
  } catch {
    return end("no_microphone");
  }
  if (session !== mine) return close(mine); // stopped meanwhile
  mine.context = new AudioContext();
  const module = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
  await mine.context.audioWorklet.addModule(module);
  URL.revokeObjectURL(module);
  if (session !== mine) return close(mine);
  connect(mine);
};

const connect = (mine) => {
  const address = new URL("v1/listen", document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = (mine.socket = new WebSocket(address));
  socket.onopen = () => {
    const labels = document.querySelector("#labels textarea").value;
    const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    const rate = mine.context.sampleRate;
    socket.send(JSON.stringify({ labels, rate, format: "pcm_s16le", language }));
  };
  socket.onmessage = ({ data }) => session === mine && take(mine, JSON.parse(data));
  socket.onclose = () => session === mine && end(said ?? "lost");
};

const take = (mine, message) => {
  const { kind } = message;
  if (kind === "ready") {
    state = "listening";
    said = message.warnings[0] ?? null;
    send_sound(mine);
    render();
  } else if (kind === "moment") {
    time = message.time;
    scores = message.scores.slice(0, SHOWN);
    if (message.left_out && said === null) said = "behind";
    render_moment(message.level);
  } else if (kind === "event") {
    const known = events.find(({ number }) => number === message.number);
    if (known) Object.assign(known, message);
    else events.unshift(message);
    events.length = Math.min(events.length, MOST_EVENTS);
    render_events();
  } else if (kind === "notice") {
    say(message.text);
  } else if (kind === "problem") {
    end(message.detail.split("\n")[0]);
  } else if (kind === "end") {
    end();
  }
};

const send_sound = (mine) => {
  const { context, stream, socket } = mine;
  const source = context.createMediaStreamSource(stream);
  const worklet = new AudioWorkletNode(context, "as-pcm");
  const size = Math.round(context.sampleRate * FRAME);
  let held = new Int16Array(size);
  let count = 0;
  worklet.port.onmessage = ({ data }) => {
    for (const sample of data) {
      held[count++] = Math.max(-1, Math.min(1, sample)) * 32767;
      if (count < size) continue;
      if (socket.bufferedAmount > MOST_WAITING) say("slow");
      else if (socket.readyState === WebSocket.OPEN) socket.send(held);
      held = new Int16Array(size);
      count = 0;
    }
  };
  source.connect(worklet);
};

const close = ({ socket, stream, context }) => {
  socket?.close();
  stream?.getTracks().forEach((track) => track.stop());
  if (context && context.state !== "closed") context.close();
};

const end = (why = null) => {
  const mine = session;
  session = null;
  if (mine) close(mine);
  state = time > 0 ? "stopped" : "idle";
  said = why;
  render();
};

const say = (what) => {
  said = what;
  note.textContent = said ? (props.words[said] ?? said) : "";
  note.hidden = !said;
};

button.onclick = () => (session ? end() : start());

const render = () => {
  const { words } = props;
  button.textContent = session ? words.stop : words.start;
  hint.textContent = words.hint;
  meter.setAttribute("aria-label", words.level);
  meter.hidden = state !== "listening";
  empty_title.textContent = words.empty_title;
  empty_text.textContent = words.empty;
  now_title.textContent = words.now;
  events_title.textContent = words.events;
  none.textContent = words.no_events;
  frame.setAttribute("aria-label", words.events);
  empty.hidden = state !== "idle";
  heard.hidden = state === "idle";
  head.replaceChildren();
  for (const each of ["time", "label", "length", "score"]) {
    make("th", "", head, words[each]).scope = "col";
  }
  say(said);
  render_moment(QUIETEST);
  render_events();
};

const render_moment = (level) => {
  const { words } = props;
  const word = { connecting: words.connecting, listening: words.listening, stopped: words.stopped };
  const text = filled(word[state] ?? "", clock(time));
  if (status.textContent !== text) status.textContent = text;
  const shown = Math.max(QUIETEST, Math.min(0, level));
  meter_bar.style.width = `${(100 * (shown - QUIETEST)) / -QUIETEST}%`;
  meter.setAttribute("aria-valuenow", shown.toFixed(0));
  if (said === "behind") say(said);
  while (ranking.children.length > scores.length) ranking.lastChild.remove();
  scores.forEach(({ label, score }, index) => {
    const row = ranking.children[index] ?? make_row();
    row.children[0].textContent = label;
    row.children[1].textContent = score.toFixed(2);
    row.children[2].firstChild.style.width = `${100 * score}%`;
    row.classList.toggle("as-active", score >= 0.5);
  });
};

const make_row = () => {
  const row = make("li", "", ranking);
  make("span", "as-name", row);
  make("span", "as-percent", row);
  make("i", "", make("span", "as-bar", row));
  row.children[2].setAttribute("aria-hidden", "true");
  return row;
};

const render_events = () => {
  const { words } = props;
  none.hidden = events.length > 0;
  frame.hidden = events.length === 0;
  body.replaceChildren();
  for (const { label, start: begun, end: ended, score } of events) {
    const row = make("tr", ended === null ? "as-going-on" : "", body);
    make("td", "as-number", row, clock(begun));
    make("td", "as-strong", row, label);
    const length = ended === null ? words.goes_on : filled(words.seconds, (ended - begun).toFixed(1));
    make("td", "as-number", row, length);
    make("td", "as-number", row, score.toFixed(2));
  }
};

// Leaving the tab leaves the microphone.
document.addEventListener("as-tab", ({ detail }) => {
  if (detail !== "listen" && session) end();
});
watch("words", render);
render();
