// The page of `memnet view`: what the server beside it knows is asked for by its address alone.

import { unpacked } from "./message.js";
import { View } from "./view.js";

const LATER = 1000; // ms, where the server does not answer

class PageLink {
  constructor() {
    this.waiting = null;
  }

  async get(name, signal) {
    const answer = await fetch(name, { signal });
    if (!answer.ok) throw new Error(`${name.split("?")[0]}: ${(await answer.text()).trim()}`);
    return answer.status === 204 ? null : unpacked(await answer.arrayBuffer());
  }

  async ask(words) {
    const answer = await fetch("command", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(words),
    });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    return answer.json();
  }

  /** Ask anew: something else is wanted than what is being waited for. */
  again() {
    this.waiting?.abort();
  }

  async follow(view) {
    for (;;) {
      this.waiting = new AbortController();
      try {
        const frame = await this.get(`frame?${new URLSearchParams(view.cursor())}`, this.waiting.signal);
        if (!frame) continue;
        view.update(frame);
      } catch (error) {
        if (error.name === "AbortError") continue;
        view.controls.say(`no answer: memnet view has ended (${error.message})`);
        await new Promise((done) => { setTimeout(done, LATER); });
      }
    }
  }
}

const link = new PageLink();
const painter = new URLSearchParams(location.search).get("painter");
const view = new View(document.querySelector("main"), link, { height: Math.max(320, window.innerHeight - 420), painter });
view.begin(await link.get("scene"));
document.title = `memnet: ${view.scene.title}`;
view.map.focus();
globalThis.memnet = view; // for the console, and for tests
link.follow(view);
