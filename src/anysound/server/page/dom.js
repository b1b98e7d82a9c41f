// Comes before the script of every component. Everything a user, a file or the server says goes
// through textContent, never through innerHTML.

const make = (tag, className, parent, text = "") => {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  parent.append(node);
  return node;
};

const make_button = (className, parent, onclick, text = "") => {
  const button = make("button", `as-button ${className}`, parent, text);
  button.type = "button";
  button.onclick = onclick;
  return button;
};

const filled = (text, ...values) => values.reduce((so_far, each) => so_far.replace("{}", each), text);

