// Looks at the queue again and again. All text from tasks goes in through textContent, so that
// nothing in a spreadsheet can become markup here.
"use strict";

const POLL_MS = 1000;
const MAX_CAMPAIGNS = 20;
const byId = (id) => document.getElementById(id);
const inFigures = new Intl.NumberFormat("en");
let lastLook = null;

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function timeOfDay(received_at) {
  return new Date(received_at).toLocaleTimeString("en-GB");
}

function fillTable(id, rows, columns, nothing) {
  const cells = rows.map((row) => {
    const line = element("tr");
    line.append(...row.map((text, place) => element("td", text, place === 0 ? "number" : "")));
    return line;
  });
  if (cells.length === 0) {
    const line = element("tr");
    const cell = element("td", nothing, "nothing");
    cell.colSpan = columns;
    line.append(cell);
    cells.push(line);
  }
  byId(id).replaceChildren(...cells);
}

function showCampaigns(campaigns, queued) {
  const lines = campaigns.slice(0, MAX_CAMPAIGNS).map(({ campaign, tasks }) => {
    const line = element("li");
    const meter = element("meter");
    meter.max = queued;
    meter.value = tasks;
    const count = element("span", inFigures.format(tasks), "count");
    line.append(element("span", campaign, "name"), meter, count);
    return line;
  });
  const more = campaigns.length - lines.length;
  if (more > 0) lines.push(element("li", `and ${more} more`, "empty"));
  byId("campaigns").replaceChildren(...lines);
  byId("no-campaigns").hidden = byId("example").hidden = campaigns.length > 0;
}

function rateSince(now, queued) {
  const rate = lastLook ? (queued - lastLook.queued) / ((now - lastLook.at) / 1000) : 0;
  lastLook = { at: now, queued };
  return Math.max(0, Math.round(rate));
}

function show(look) {
  byId("queued").textContent = inFigures.format(look.queued);
  byId("refused").textContent = inFigures.format(look.refused);
  byId("refused-figure").classList.toggle("bad", look.refused > 0);
  byId("rate").textContent = inFigures.format(rateSince(performance.now(), look.queued));
  showCampaigns(look.campaigns, look.queued);
  const tasks = look.tasks.map((task) => [
    task.id, timeOfDay(task.received_at), task.campaign, task.destination, task.alternatives,
    task.agent, task.data, task.source, task.calldate ?? "as soon as possible",
  ]);
  fillTable("tasks", tasks, 9, "None yet.");
  const refusals = look.refusals.map(({ id, received_at, reason }) => [
    id, timeOfDay(received_at), reason,
  ]);
  fillTable("refusals", refusals, 3, "None: everything that arrived was taken.");
}

async function look() {
  const state = byId("state");
  try {
    const answer = await fetch("api/overview");
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
    show(await answer.json());
    state.textContent = `Looking every second on ${location.host}`;
    state.className = "";
  } catch (error) {
    state.textContent = `No answer from the sandbox (${error.message}); trying again`;
    state.className = "lost";
  }
  setTimeout(look, POLL_MS);
}

byId("example").textContent =
  `BULK_LOADER_TOKEN=sandbox bulk-loader upload FILE --url ${location.origin}`;
look();
