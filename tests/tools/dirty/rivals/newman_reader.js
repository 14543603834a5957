// Reads data files with Newman's own parser, as `newman run --iteration-data FILE` does. Gets the
// directory of its modules as argument and one JSON object a line; answers one a line.
"use strict";
const modules = process.argv[2];
const options = require(`${modules}/newman/lib/run/options`);
const { version } = require(`${modules}/newman/package.json`);
const collection = { info: { name: "x", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" }, item: [] };
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);

const read = (path) => new Promise((resolve) => {
  const fail = (error) => resolve({ error: error.name || "Error", kinds: [error.name || "Error"] });
  try {
    options({ collection, iterationData: path }, (error, found) => {
      if (error) { return fail(error); }
      const data = found.iterationData || [];
      resolve({ rows: data.map((row) => Object.values(row).map(String)) });
    });
  } catch (error) { fail(error); }
});

(async () => {
  say({ version: `newman ${version}` });
  for (const line of lines) { say(await read(JSON.parse(line).path)); }
})();
