// Little that the pages can do without: what has changed of a page is shown anew in place, so that
// the focus stays, and the first thing that is wrong is gone to.
"use strict";

const live = document.getElementById("live");

// Only parts that differ, so that nothing is taken from under a finger.
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const next of page.querySelectorAll("[data-part]")) {
    const shown = document.getElementById(next.id);
    if (!shown || shown.outerHTML === next.outerHTML) continue;
    const focused = shown.contains(document.activeElement) ? document.activeElement.id : "";
    shown.replaceWith(document.adoptNode(next));
    if (focused) document.getElementById(focused)?.focus();
  }
  return page.getElementById("live");
}

// Ask for the page again and again, where it is not told what changes.
function ask() {
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const html = await answer.text();
      if (answer.redirected || !show(html)) {
        location.replace(answer.url);
        return;
      }
    } catch {
      // the desk is busy, or gone: the page stays as it is
    }
    ask();
  }, Number(live.dataset.every));
}

function listen() {
  const events = new EventSource(live.dataset.events);
  events.onmessage = (event) => show(JSON.parse(event.data));
  events.addEventListener("over", () => {
    events.close();
    location.reload();
  });
  events.addEventListener("closed", (event) => {
    events.close();
    show(JSON.parse(event.data));
  });
  events.addEventListener("ask", () => {
    events.close();
    ask();
  });
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) ask();
  };
}

if (live) (live.dataset.events ? listen : ask)();
document.getElementById("summary")?.focus();
