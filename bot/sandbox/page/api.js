// The wire to the sandbox: what people do goes up, what changes comes down.

async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json().catch(() => ({ error: answer.statusText }));
  if (!answer.ok) throw Object.assign(new Error(body.error ?? answer.statusText), { status: answer.status });
  return body;
}

const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const state = () => ask("/sandbox/state");
export const chat = (person) => ask(`/sandbox/people/${person}`);

/** What a person does: act(7, "say", { text }). */
export const act = (person, what, body = {}) => post(`/sandbox/people/${person}/${what}`, body);

export const addPerson = (person) => post("/sandbox/people", person);

export function upload(person, file, name, kind = "document") {
  const query = new URLSearchParams({ name, kind });
  const headers = { "Content-Type": file.type || "application/octet-stream" };
  return ask(`/sandbox/people/${person}/file?${query}`, { method: "POST", headers, body: file });
}

/** Listen for changes for ever: `heard(event)` for each, `lost()` when the connection breaks. */
export function listen(heard, lost) {
  const source = new EventSource("/sandbox/events");
  source.onmessage = (message) => heard(JSON.parse(message.data));
  source.onerror = () => {
    lost();
    // A browser gives up for good after an HTTP error, as from a proxy while the server restarts.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(heard, lost), 1500);
  };
}
