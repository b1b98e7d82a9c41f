// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).
// Results are drawn by the server as HTML without scripts: what their buttons do is here.

const done = element.querySelector(".as-done");
let fading = null;

const tell = (key) => {
  done.textContent = props.words[key];
  clearTimeout(fading);
  fading = setTimeout(() => (done.textContent = ""), 2500);
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages that are neither of this computer nor under https are lent no clipboard.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const is_copied = document.execCommand("copy");
    area.remove();
    if (!is_copied) return tell("not_copied");
  }
  tell("copied");
};

const save = (name, content) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

// Writes into a text field as if it were typed, so that the page takes notice.
const write = (area, text) => {
  if (!area || area.value === text) return;
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-from], [data-copy], [data-labels], [data-open]");
  if (button) {
    const { from, until, copy: text, labels, open } = button.dataset;
    if (from !== undefined) window.anysound.play(Number(from), Number(until));
    if (text !== undefined) copy(text);
    if (labels !== undefined) {
      write(document.querySelector("#labels textarea"), labels);
      tell("taken");
    }
    if (open !== undefined) window.anysound.open(open);
    return;
  }
  const spectrogram = event.target.closest(".as-spectrogram");
  if (spectrogram) {
    const { left, width } = spectrogram.getBoundingClientRect();
    const { duration } = spectrogram.closest(".as-picture").dataset;
    window.anysound.play(((event.clientX - left) / width) * Number(duration));
  }
});

// Media events don't bubble, but they are captured.
document.addEventListener(
  "timeupdate",
  ({ target }) => {
    if (!target.matches(".as-player")) return;
    for (const picture of document.querySelectorAll(".as-picture")) {
      const cursor = picture.querySelector(".as-cursor");
      const share = target.currentTime / Number(picture.dataset.duration);
      cursor.hidden = !target.getAttribute("src") || share > 1;
      cursor.style.left = `${share * 100}%`;
    }
  },
  true,
);

window.anysound = Object.assign(window.anysound ?? {}, { copy, save, tell, write });
