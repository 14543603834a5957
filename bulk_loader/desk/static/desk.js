// Little that the pages can do without: the live part of a page is shown anew in place, so that
// the focus stays, and the first thing that is wrong is gone to.
"use strict";

function follow(live) {
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("live");
      if (answer.redirected || !next) {
        location.replace(answer.url);
        return;
      }
      live.replaceWith(document.adoptNode(next));
      follow(next);
    } catch {
      follow(live); // the desk is busy, or gone: the page stays as it is
    }
  }, Number(live.dataset.every));
}

const live = document.getElementById("live");
if (live) follow(live);
document.getElementById("summary")?.focus();
