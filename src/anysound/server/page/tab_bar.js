// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).
// Which tab is open stands at the document's root, where the style sheet looks.

const root = element.querySelector(".as-tabs");
const page = document.documentElement;
root.setAttribute("role", "tablist");

const buttons = new Map();

const name_panel = () => {
  const panel = document.getElementById("work");
  if (!panel) {
    requestAnimationFrame(name_panel); // the page is still being built
    return;
  }
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", `tab-${page.dataset.tab}`);
};

const open = (id) => {
  page.dataset.tab = id;
  for (const [each, button] of buttons) {
    button.setAttribute("aria-selected", String(each === id));
    button.tabIndex = each === id ? 0 : -1;
  }
  name_panel();
  buttons.get(id).scrollIntoView({ block: "nearest", inline: "nearest" });
  document.dispatchEvent(new CustomEvent("as-tab", { detail: id }));
};

const render = () => {
  root.setAttribute("aria-label", props.words.label);
  for (const [id, name] of props.words.names) {
    if (!buttons.has(id)) {
      const button = document.createElement("button");
      button.type = "button";
      button.id = `tab-${id}`;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", "work");
      button.onclick = () => open(id);
      root.append(button);
      buttons.set(id, button);
    }
    buttons.get(id).textContent = name;
  }
};

root.onkeydown = (event) => {
  const ids = [...buttons.keys()];
  const at = ids.indexOf(page.dataset.tab);
  const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: ids.length - 1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  const next = ids[(steps[event.key] + ids.length) % ids.length];
  open(next);
  buttons.get(next).focus();
};

window.anysound = Object.assign(window.anysound ?? {}, { open });
watch("words", render);
render();
open(props.words.names[0][0]);
