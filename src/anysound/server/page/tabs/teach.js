// The body of a function that Gradio calls with (element, trigger, props, server, upload, watch).

const root = element.querySelector(".as-teach");
const list = make("div", "as-lessons", root);
const add = make_button("", root, () => {
  lessons.splice(-1, 0, make_lesson(false));
  render();
  lessons.at(-2).field.focus();
});
const note = make("p", "as-note", root);
note.setAttribute("role", "status");

const make_lesson = (is_background) => {
  const lesson = { files: [], is_background };
  const card = make("section", "as-lesson", list);
  const top = make("div", "as-lesson-top", card);
  if (is_background) {
    lesson.title = make("h3", "", top);
    lesson.hint = make("p", "as-small", card);
  } else {
    lesson.field = make("input", "as-lesson-name", top);
    lesson.field.type = "text";
    lesson.remove = make_button("as-quiet as-close", top, () => {
      lessons.splice(lessons.indexOf(lesson), 1);
      render();
      add.focus();
    });
    lesson.remove.textContent = "×";
  }
  const row = make("div", "as-row", card);
  const picker = make("input", "as-lesson-picker", row);
  picker.type = "file";
  picker.multiple = true;
  picker.hidden = true;
  picker.accept = "audio/*,video/*,.amr,.awb,.3gp,.caf,.opus,.oga,.aac,.wma,.mka,.gsm,.au,.aiff";
  picker.onchange = () => {
    take(lesson, [...picker.files]);
    picker.value = "";
  };
  lesson.choose = make_button("", row, () => picker.click());
  lesson.drop = make("span", "as-small", row);
  lesson.count = make("span", "as-lesson-count", row);
  lesson.clear = make_button("as-quiet", row, () => {
    lesson.files = [];
    render();
  });
  card.ondragover = (event) => {
    event.preventDefault();
    card.classList.add("as-over");
  };
  card.ondragleave = () => card.classList.remove("as-over");
  card.ondrop = (event) => {
    event.preventDefault();
    card.classList.remove("as-over");
    take(lesson, [...event.dataTransfer.files]);
  };
  lesson.card = card;
  return lesson;
};

const take = (lesson, files) => {
  note.textContent = "";
  for (const file of files) {
    if (file.size > props.max_upload) {
      note.textContent = filled(props.words.too_large, file.name);
    } else {
      lesson.files.push(file);
    }
  }
  render();
};

const lessons = [make_lesson(false), make_lesson(false), make_lesson(true)];

const render = () => {
  const { words } = props;
  list.replaceChildren(...lessons.map(({ card }) => card));
  add.textContent = `+ ${words.add}`;
  add.disabled = lessons.length > props.most_labels;
  lessons.forEach((lesson, index) => {
    const { files, field, is_background } = lesson;
    const title = is_background ? words.background : filled(words.label, index + 1);
    if (is_background) {
      lesson.title.textContent = title;
      lesson.hint.textContent = words.background_hint;
    } else {
      field.setAttribute("aria-label", title);
      field.placeholder = words.placeholder;
      lesson.remove.hidden = lessons.length < 3;
      lesson.remove.setAttribute("aria-label", `${words.remove}: ${title}`);
    }
    lesson.choose.textContent = words.choose;
    lesson.choose.setAttribute("aria-label", `${words.choose}: ${title}`);
    lesson.drop.textContent = words.drop;
    lesson.drop.hidden = files.length > 0;
    lesson.count.hidden = lesson.clear.hidden = files.length === 0;
    lesson.count.textContent =
      files.length === 1 ? words.one : filled(words.count, files.length);
    lesson.count.title = files.map(({ name }) => name).join("\n");
    lesson.clear.textContent = "×";
    lesson.clear.setAttribute("aria-label", `${words.remove_files}: ${title}`);
  });
};

const send = async () => {
  const wanted = lessons.filter(({ files, is_background, field }) =>
    is_background ? files.length : files.length || field.value.trim(),
  );
  const total = wanted.reduce((sum, { files }) => sum + files.length, 0);
  let count = 0;
  const sent = [];
  try {
    for (const { files, field } of wanted) {
      const paths = [];
      for (const file of files) {
        count += 1;
        note.textContent = filled(props.words.sending, count, total);
        // The server keeps equal files of one name as one, and deletes it after use.
        const name = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
        const { path } = await upload(new File([file], name));
        paths.push({ path, name: file.name });
      }
      sent.push({ label: field ? field.value : null, files: paths });
    }
    note.textContent = "";
  } catch {
    note.textContent = props.words.failed;
    return null;
  }
  return sent;
};

window.anysound = Object.assign(window.anysound ?? {}, { send_examples: send });
watch("words", render);
render();
