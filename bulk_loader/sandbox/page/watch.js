// Keeps the page up to date. The sandbox sends the inside of each element that has changed, with
// every value of a task escaped; no script that came in one could run, by the page's policy.
"use strict";

const AGAIN_MS = 3000;
const byId = (id) => document.getElementById(id);
let changes = null;

function say(words, isLost = false) {
  const state = byId("state");
  if (state.textContent !== words) state.textContent = words;
  state.classList.toggle("lost", isLost);
}

function show(event) {
  for (const [id, inside] of Object.entries(JSON.parse(event.data))) byId(id).innerHTML = inside;
}

function watch() {
  changes = new EventSource("api/events");
  changes.onopen = () => say("Live");
  changes.onmessage = show;
  changes.onerror = () => {
    say("No answer from the sandbox; trying again", true);
    // After an answer that is no stream, the browser itself does not try again.
    if (changes?.readyState === EventSource.CLOSED) setTimeout(() => changes && watch(), AGAIN_MS);
  };
}

function pauseOrGoOn() {
  if (changes) {
    changes.close();
    changes = null;
    say("Paused");
  } else {
    watch();
  }
  byId("pause").textContent = changes ? "Pause" : "Go on";
}

byId("again").hidden = true;
byId("pause").hidden = false;
byId("pause").addEventListener("click", pauseOrGoOn);
watch();
