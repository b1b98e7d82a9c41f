// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).

const PAUSE = 2000; // milliseconds between two questions about the progress
const block = document.getElementById("upgrade");
const root = element.querySelector(".as-upgrade");

let timer = null;
let has_waited = false; // this page was there before the full model was

const show = (said) => {
  root.replaceChildren();
  block.hidden = said.state === "done" && !has_waited;
  if (block.hidden) return;
  const notice = make("div", "as-notice", root);
  // Read out when something else is to be said, not for every megabyte.
  const title = make("p", "as-notice-title", notice, said.title);
  if (said.state !== root.dataset.state) title.setAttribute("role", "status");
  root.dataset.state = said.state;
  if (said.total) {
    const bar = make("progress", "as-progress", notice);
    bar.setAttribute("aria-label", props.words.progress);
    bar.max = said.total;
    bar.value = said.done;
  }
  if (said.text) make("p", "as-small", notice, said.text);
};

const ask = async () => {
  clearTimeout(timer);
  let is_over = false;
  try {
    const headers = { "accept-language": props.words.language };
    const response = await fetch("page/upgrade", { headers });
    if (response.ok) {
      const said = await response.json();
      is_over = said.state === "done";
      has_waited ||= !is_over;
      show(said);
    }
  } catch {
    // The server is away; it will be asked again.
  }
  if (!is_over) timer = setTimeout(ask, PAUSE);
};

watch("words", ask);
ask();
