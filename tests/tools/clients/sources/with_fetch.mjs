// The fetch of Node itself, as in the vendor's page: a form of one field.

const [url, authorization, call] = process.argv.slice(2);

if (url === "--version") {
  console.log(`fetch of Node ${process.version}`);
} else {
  const headers = new Headers();
  headers.append("Authorization", authorization);
  headers.append("Content-Type", "application/x-www-form-urlencoded");
  const form = new URLSearchParams();
  form.append("call", call);
  const answer = await fetch(url, { method: "POST", headers, body: form, redirect: "follow" });
  process.stdout.write(`${await answer.text()}\n${answer.status}`);
}
