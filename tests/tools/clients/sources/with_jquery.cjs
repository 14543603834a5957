// jQuery in the pages of jsdom, as in the vendor's page: a form of one field. The page is one of
// the dialer's own, as only such a page may send to it.

const { JSDOM } = require("jsdom");

const [url, authorization, call] = process.argv.slice(2);

if (url === "--version") {
  const version = (name) => require(`${name}/package.json`).version;
  console.log(`jQuery ${version("jquery")} in jsdom ${version("jsdom")}, Node ${process.version}`);
} else {
  const { window } = new JSDOM("<!doctype html>", { url });
  const $ = require("jquery")(window);
  $.ajax({
    url,
    method: "POST",
    timeout: 0,
    headers: { Authorization: authorization, "Content-Type": "application/x-www-form-urlencoded" },
    data: { call },
    dataType: "text",
  }).always((one, _state, other) => {
    const answer = typeof one === "string" ? other : one;
    process.stdout.write(`${answer.responseText}\n${answer.status}`);
    window.close();
  });
}
