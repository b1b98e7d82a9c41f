
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const find = (id) => document.getElementById(id);
  const canvas = find("map");
  const pen = canvas.getContext("2d");
  const SHAPES = ["circle", "square", "triangle"];
  const COLOURS = 10;
  const NEAR = 14; // pixels from a point that still mean it

  const points = data.points.map(([x, y, category, sound, start, end, label, probability]) => ({
    ...{ x, y, category, start, end, label, probability },
    sound: data.sounds[sound],
  }));
  const hidden = new Set(); // categories
  const view = { x: 0, y: 0, scale: 1 };
  let language = data.language;
  let size = { width: 1, height: 1 };
  let fitting = 1; // the scale at which all points are seen
  let hovered = null;
  let chosen = null;
  let isDrawing = false;
  let colours = {};

  // ---- words

  const word = (key, values = {}) =>
    data.words[key][language].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const number = (value) => value.toLocaleString(language);
  const seconds = (value) => value.toFixed(value < 100 ? 2 : 0);
  const fileName = (path) => path.split(/[\\/]/).pop();
  const folderOf = (path) => path.slice(0, Math.max(1, path.length - fileName(path).length - 1));

  const kindOf = (category) => data.categories[category].kind;
  const nameOf = (category) => data.categories[category].name || word(kindOf(category));

  function labelOf(point) {
    const kind = ["ambiguous", "none"].find((each) => each === kindOf(point.category)) || "match";
    const percent = Math.round(point.probability * 100);
    return word(kind + "_value", { label: point.label, percent });
  }

  const spanOf = (point) =>
    word("window_value", { start: seconds(point.start), end: seconds(point.end) });

  // ---- drawing

  const screen = (point) => ({
    x: (point.x - view.x) * view.scale + size.width / 2,
    y: (point.y - view.y) * view.scale + size.height / 2,
  });
  const isVisible = (point) => !hidden.has(point.category);

  function lookOf(category) {
    const kind = kindOf(category);
    if (kind === "ambiguous") return { shape: "ring", colour: "--quiet" };
    if (kind === "none" || kind === "other") return { shape: "circle", colour: "--grey" };
    return { shape: SHAPES[Math.floor(category / COLOURS)], colour: `--c${category % COLOURS}` };
  }

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["--quiet", "--grey", "--text", "--card"];
    for (let each = 0; each < COLOURS; each++) names.push(`--c${each}`);
    colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()]));
  }

  function trace(shape, { x, y }, radius) {
    pen.beginPath();
    if (shape === "square") {
      pen.rect(x - 0.9 * radius, y - 0.9 * radius, 1.8 * radius, 1.8 * radius);
    } else if (shape === "triangle") {
      pen.moveTo(x, y - 1.15 * radius);
      pen.lineTo(x + 1.1 * radius, y + 0.85 * radius);
      pen.lineTo(x - 1.1 * radius, y + 0.85 * radius);
      pen.closePath();
    } else {
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    }
  }

  function draw() {
    isDrawing = false;
    const ratio = window.devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, size.width, size.height);
    const base = points.length > 3000 ? 2.6 : points.length > 400 ? 3.6 : 5.5;
    const radius = base * Math.min(2.5, Math.max(1, (view.scale / fitting) ** 0.4));
    const looks = data.categories.map((_, category) => lookOf(category));
    pen.lineWidth = 1.6;
    pen.globalAlpha = 0.85;
    for (const point of points) {
      if (!isVisible(point)) continue;
      const at = screen(point);
      if (at.x < -9 || at.y < -9 || at.x > size.width + 9 || at.y > size.height + 9) continue;
      const { shape, colour } = looks[point.category];
      trace(shape, at, radius);
      if (shape === "ring") {
        pen.strokeStyle = colours[colour];
        pen.stroke();
      } else {
        pen.fillStyle = colours[colour];
        pen.fill();
      }
    }
    pen.globalAlpha = 1;
    for (const point of [hovered, chosen]) {
      if (!point || !isVisible(point)) continue;
      pen.strokeStyle = colours["--text"];
      pen.lineWidth = point === chosen ? 2.5 : 1.5;
      trace("circle", screen(point), radius + 4);
      pen.stroke();
    }
    placeTip();
  }

  function redraw() {
    if (!isDrawing) requestAnimationFrame(draw);
    isDrawing = true;
  }

  const extentOf = (values) => Math.max(...values) - Math.min(...values) || 1;
  const extent = {
    x: extentOf(points.map((point) => point.x)),
    y: extentOf(points.map((point) => point.y)),
  };

  function fit() {
    fitting = 0.92 * Math.min(size.width / extent.x, size.height / extent.y);
    Object.assign(view, { x: 0, y: 0, scale: fitting });
    redraw();
  }

  function measure() {
    const isFitting = view.scale === fitting && view.x === 0 && view.y === 0;
    const ratio = window.devicePixelRatio || 1;
    size = { width: canvas.clientWidth, height: canvas.clientHeight };
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    if (isFitting) fit();
    else redraw();
  }

  // What lies at the given place of the canvas stays there.
  function zoom(factor, x = size.width / 2, y = size.height / 2) {
    const scale = Math.min(fitting * 200, Math.max(fitting / 2, view.scale * factor));
    const change = 1 / view.scale - 1 / scale;
    view.x += (x - size.width / 2) * change;
    view.y += (y - size.height / 2) * change;
    view.scale = scale;
    redraw();
  }

  // ---- one point

  function placeTip() {
    const tip = find("tip");
    const point = hovered || chosen;
    tip.hidden = !point || !isVisible(point);
    if (tip.hidden) return;
    const at = screen(point);
    const left = at.x + 14 + tip.offsetWidth > size.width ? at.x - 14 - tip.offsetWidth : at.x + 14;
    const top = at.y + 14 + tip.offsetHeight > size.height ? at.y - 14 - tip.offsetHeight : at.y + 14;
    tip.style.left = `${Math.max(4, Math.min(left, size.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${Math.max(4, top)}px`;
  }

  function tellTip() {
    const point = hovered || chosen;
    if (!point) return;
    const name = document.createElement("b");
    name.textContent = fileName(point.sound.path);
    const lines = [data.labelled ? labelOf(point) : nameOf(point.category)];
    if (data.windows) lines.push(spanOf(point));
    find("tip").replaceChildren(
      name,
      ...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })),
    );
  }

  function hover(point) {
    if (point === hovered) return;
    hovered = point;
    canvas.classList.toggle("over", !!point);
    tellTip();
    redraw();
  }

  function choose(point) {
    const sameSound = chosen && point && chosen.sound === point.sound && !data.windows;
    chosen = point;
    hovered = null;
    find("hint").hidden = !!point;
    find("chosen").hidden = !point;
    if (!sameSound) load(point);
    tellCard();
    tellTip();
    redraw();
  }

  function load(point) {
    const audio = find("audio");
    audio.pause();
    const address = point?.sound.address; // empty if it isn't on this machine
    find("unplayable").hidden = !point || !!address;
    if (!address) audio.removeAttribute("src");
    else audio.src = address + (data.windows ? `#t=${point.start},${point.end}` : "");
  }

  function tellCard() {
    if (!chosen) return;
    const { path, duration, silent, same, more } = chosen.sound;
    find("recording").textContent = fileName(path);
    const facts = [];
    if (data.labelled) facts.push(["label", labelOf(chosen)]);
    if (data.windows) facts.push(["window", spanOf(chosen)]);
    const length = word(silent ? "silent" : "duration_value", { seconds: seconds(duration) });
    facts.push(["duration", length], ["folder", folderOf(path)]);
    for (const other of same) facts.push(["same", other]);
    if (more) facts.push(["same", word("more", { count: number(more) })]);
    find("facts").replaceChildren(
      ...facts.map(([key, value]) => {
        const row = document.createElement("div");
        row.append(
          Object.assign(document.createElement("dt"), { textContent: word(key) }),
          Object.assign(document.createElement("dd"), { textContent: value }),
        );
        return row;
      }),
    );
  }

  function nearest(x, y, within) {
    let best = null;
    let least = within ** 2;
    for (const point of points) {
      if (!isVisible(point)) continue;
      const at = screen(point);
      const distance = (at.x - x) ** 2 + (at.y - y) ** 2;
      if (distance <= least) [best, least] = [point, distance];
    }
    return best;
  }

  // The next point in a direction: what lies beside counts as three times as far.
  function step(dx, dy) {
    const from = chosen && isVisible(chosen) ? chosen : null;
    if (!from) return choose(nearest(size.width / 2, size.height / 2, Infinity));
    let best = null;
    let least = Infinity;
    for (const point of points) {
      if (point === from || !isVisible(point)) continue;
      const along = (point.x - from.x) * dx + (point.y - from.y) * dy;
      const beside = Math.abs((point.x - from.x) * dy - (point.y - from.y) * dx);
      if (along <= 0 || along + 3 * beside >= least) continue;
      [best, least] = [point, along + 3 * beside];
    }
    if (!best) return;
    choose(best);
    const at = screen(best);
    const isOut = at.x < 20 || at.y < 20 || at.x > size.width - 20 || at.y > size.height - 20;
    if (isOut) Object.assign(view, { x: best.x, y: best.y });
  }

  function play() {
    const audio = find("audio");
    if (!chosen) return;
    if (!audio.paused) audio.pause();
    else audio.play().catch(() => {}); // "error" tells why
  }

  // ---- legend

  function tellLegend() {
    find("legend-title").textContent = word(data.labelled ? "labels" : "folders");
    const items = data.categories.map(({ count }, category) => {
      const { shape, colour } = lookOf(category);
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", String(!hidden.has(category)));
      const mark = document.createElement("i");
      mark.className = shape;
      if (shape !== "ring") mark.style.background = `var(${colour})`;
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = nameOf(category);
      const counted = document.createElement("span");
      counted.className = "count";
      counted.textContent = number(count);
      button.append(mark, name, counted);
      button.addEventListener("click", () => {
        if (!hidden.delete(category)) hidden.add(category);
        button.setAttribute("aria-pressed", String(!hidden.has(category)));
        redraw();
      });
      const item = document.createElement("li");
      item.append(button);
      return item;
    });
    find("categories").replaceChildren(...items);
  }

  function showAll(isShown) {
    hidden.clear();
    if (!isShown) data.categories.forEach((_, category) => hidden.add(category));
    tellLegend();
    redraw();
  }

  // ---- all that is said

  function tell() {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = find("title").textContent = word("title", { name: data.name });
    const about = data.windows ? "about_windows" : "about_recordings";
    const parts = [word(about, { count: number(data.total) })];
    if (points.length < data.total) parts.push(word("sample", { shown: number(points.length) }));
    find("about").textContent = parts.join(language === "zh" ? "" : " ");
    find("language").textContent = word("other_language");
    find("language").lang = language === "zh" ? "en" : "zh-CN";
    canvas.setAttribute("aria-label", word("map"));
    for (const [id, key] of [["zoom-in", "zoom_in"], ["zoom-out", "zoom_out"], ["fit", "fit"]]) {
      find(id).title = word(key);
      find(id).setAttribute("aria-label", word(key));
    }
    for (const id of ["hint", "all", "nothing", "unplayable"]) find(id).textContent = word(id);
    tellLegend();
    tellCard();
    tellTip();
    redraw();
  }

  // ---- what the user does

  const held = new Map(); // pointers that are down, by their id
  let travelled = 0;

  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const middleOf = (places) => ({
    x: places.reduce((sum, place) => sum + place.x, 0) / places.length,
    y: places.reduce((sum, place) => sum + place.y, 0) / places.length,
  });
  const spreadOf = ([one, other]) => (other ? Math.hypot(one.x - other.x, one.y - other.y) : 0);

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!held.size) travelled = 0;
    held.set(event.pointerId, placeOf(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const place = placeOf(event);
    if (!held.has(event.pointerId)) return hover(nearest(place.x, place.y, NEAR));
    const before = [...held.values()];
    held.set(event.pointerId, place);
    const now = [...held.values()];
    const [from, to] = [middleOf(before), middleOf(now)];
    travelled += Math.hypot(to.x - from.x, to.y - from.y);
    if (travelled < 4 && now.length === 1) return;
    canvas.classList.add("dragged");
    view.x -= (to.x - from.x) / view.scale;
    view.y -= (to.y - from.y) / view.scale;
    if (spreadOf(before)) {
      travelled = Infinity;
      zoom(spreadOf(now) / spreadOf(before), to.x, to.y);
    }
    redraw();
  });
  const release = (event) => {
    const place = held.get(event.pointerId);
    held.delete(event.pointerId);
    canvas.classList.remove("dragged");
    if (event.type !== "pointerup" || !place || travelled >= 4) return;
    const within = event.pointerType === "mouse" ? NEAR : 2 * NEAR;
    choose(nearest(place.x, place.y, within));
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = placeOf(event);
      const lines = event.deltaMode ? event.deltaY * 30 : event.deltaY;
      zoom(Math.exp(-lines * 0.0015), x, y);
    },
    { passive: false },
  );
  const KEYS = {
    ArrowLeft: () => step(-1, 0),
    ArrowRight: () => step(1, 0),
    ArrowUp: () => step(0, -1),
    ArrowDown: () => step(0, 1),
    Enter: play,
    " ": play,
    Escape: () => choose(null),
    "+": () => zoom(1.4),
    "=": () => zoom(1.4),
    "-": () => zoom(1 / 1.4),
    0: fit,
  };
  canvas.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(KEYS, event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  find("audio").addEventListener("error", () => {
    find("unplayable").hidden = !chosen;
  });
  find("zoom-in").addEventListener("click", () => zoom(1.6));
  find("zoom-out").addEventListener("click", () => zoom(1 / 1.6));
  find("fit").addEventListener("click", fit);
  find("all").addEventListener("click", () => showAll(true));
  find("nothing").addEventListener("click", () => showAll(false));
  find("language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    tell();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColours();
    redraw();
  });

  readColours();
  tell();
  new ResizeObserver(measure).observe(canvas);
})();
