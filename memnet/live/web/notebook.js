// The widget of a notebook: messages come and go through its model (anywidget).

import { unpacked } from "./message.js";
import { View } from "./view.js";

class NotebookLink {
  constructor(model) {
    this.model = model;
    this.replies = new Map();
    this.requests = 0;
  }

  ask(words) {
    this.requests += 1;
    const number_of_request = this.requests;
    return new Promise((done, failed) => {
      this.replies.set(number_of_request, [done, failed]);
      this.model.send({ ...words, number_of_request });
    });
  }

  hear(message) {
    const reply = this.replies.get(message.number_of_request);
    if (!reply) return;
    this.replies.delete(message.number_of_request);
    if (message.error) reply[1](new Error(message.error));
    else reply[0](message.reply);
  }

  again() {
    if (this.view?.scene) this.model.send({ do: "frame", ...this.view.cursor() });
  }
}

async function render({ model, el }) {
  const link = new NotebookLink(model);
  const view = new View(el, link, { height: model.get("height"), edges: model.get("edges") });
  link.view = view;
  el.memnet = view; // for the console, and for tests
  el.dataset.lmSuppressShortcuts = "true"; // keys are the view's while it has the focus
  const hear = (message, buffers) => {
    if (!buffers?.length) {
      link.hear(message);
      return;
    }
    const said = unpacked(buffers[0]);
    if (said.kind === "scene") {
      if (!view.scene) view.begin(said);
    } else if (view.scene) {
      view.update(said);
    } else return;
    link.again();
  };
  model.on("msg:custom", hear);
  model.send({ do: "scene" });
  return () => {
    model.off("msg:custom", hear);
    view.end();
  };
}

export default { render };
