// Speaks with the node that this page came from.

const ROOT = "/api/v1/";

/** An answer other than the one asked for, with the node's own sentence. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(method, path, { body, token } = {}) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(ROOT + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused(0, "The node does not answer.");
  }
  const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  if (!answer.ok) throw new Refused(answer.status, json?.detail ?? `The node answers ${answer.status}.`);
  return json;
}

export const get = path => request("GET", path);
export const post = (path, body) => request("POST", path, { body });
export const remove = path => request("DELETE", path);
export const login = token => request("POST", "session", { token });
export const logout = () => request("DELETE", "session");

/** What happens from now on; `since` is the newest event that is known. */
export const watch = since => new EventSource(`${ROOT}events/stream?since=${since}`);
