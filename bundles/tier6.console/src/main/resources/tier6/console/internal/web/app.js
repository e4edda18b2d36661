// The state of the page: what the node said last, asked anew when something happens there.

import * as api from "./api.js";
import { $, text, toast } from "./dom.js";
import { draw } from "./mesh.js";
import * as views from "./views.js";
import * as words from "./words.js";

const OFTEN = 3000;
const SOON = 150;
const MOST_EVENTS = 1000;
const RESOURCES = ["status", "peers", "cathedrals", "ports", "macs", "backends", "admission"];

const state = {
  status: null, peers: [], cathedrals: [], ports: [], macs: [], backends: [], events: [],
  admission: { flock: null, invitations: [], waiting: [], devices: [] },
  rates: new Map(), roundTrips: {}, kinds: new Map(), selected: null, self: null,
};

let stream = null;
let pending = null;
let timer = null;

const show = view => { document.body.dataset.view = view; };

function live(how, sentence) {
  $("live").dataset.state = how;
  text($("live-text"), sentence);
}

function select(id) {
  state.selected = state.selected === id ? null : id;
  render();
}

function render() {
  if (!state.status) return;
  const tap = state.status.tap;
  // The second byte of the MAC of a node is the number of its device (specification 17.1).
  state.self = tap?.mac.split(":")[1];
  state.kinds = new Map(state.ports.map(port => [port.name, port.kind]));
  const flock = state.peers[0]?.id.split("/")[0];
  text($("node"), tap ? `Device ${state.self}${flock ? ` of flock ${flock}` : ""}` : "");
  document.title = tap ? `tier6: device ${state.self}` : "tier6";
  $("problem").hidden = !state.status.problem;
  text($("problem"), state.status.problem ?? "");
  views.tiles(state);
  views.peers(state, select);
  views.addresses(state);
  views.backends(state, swap);
  views.devices(state, desk);
  views.events(state);
  draw($("picture"), state, select);
  text($("mesh-empty"), state.peers.length ? "" : "No peer is known yet. Start a second node and watch it appear.");
  $("mesh-empty").hidden = state.peers.length > 0;
}

/** Asks for everything again; at most one question is under way. */
async function refresh() {
  clearTimeout(timer);
  if (pending) return pending;
  pending = (async () => {
    try {
      const answers = await Promise.all(RESOURCES.map(name => api.get(name)));
      RESOURCES.forEach((name, i) => { state[name] = answers[i]; });
      if (document.body.dataset.view !== "node") begin();
      render();
    } catch (e) {
      failed(e);
    } finally {
      pending = null;
      timer = setTimeout(refresh, OFTEN);
    }
  })();
  return pending;
}

const refreshSoon = () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, SOON);
};

function failed(e) {
  if (e.status === 401 || e.status === 403) signIn();
  else if (document.body.dataset.view === "node") live("lost", e.message);
  else {
    show("starting");
    $("problem").hidden = false;
    text($("problem"), e.message);
  }
}

function signIn(sentence = "") {
  stream?.close();
  stream = null;
  show("login");
  text($("login-error"), sentence);
  $("problem").hidden = true;
  $("token").focus();
}

/** Shows the node and listens to what happens there. */
function begin() {
  show("node");
  stream?.close();
  stream = api.watch(state.events.at(-1)?.id ?? 0);
  stream.addEventListener("open", () => {
    live("live", "Live");
    refreshSoon();
  });
  stream.addEventListener("error", () => {
    live("lost", "Connection lost, trying again");
    refreshSoon();
    if (stream?.readyState === EventSource.CLOSED) setTimeout(() => document.body.dataset.view === "node" && begin(), OFTEN);
  });
  stream.addEventListener("change", message => {
    const change = JSON.parse(message.data);
    const last = state.events.at(-1)?.id ?? 0;
    // A node that was started anew counts from 1 again.
    if (change.id <= last) state.events = [];
    state.events.push(change);
    state.events.splice(0, state.events.length - MOST_EVENTS);
    refreshSoon();
  });
  stream.addEventListener("rates", message => {
    const report = JSON.parse(message.data);
    state.rates = new Map(report.ports.map(rate => [rate.port, rate]));
    state.roundTrips = report.roundTrips;
    render();
  });
}

/** Does something at the node, says how it went, and looks at what became of it. */
async function act(deed, words) {
  try {
    await deed();
    toast(words);
  } catch (e) {
    toast(e.message);
  }
  await refresh();
}

const path = (...parts) => parts.map(encodeURIComponent).join("/");

const swap = (role, backend) => act(() => api.post(path("backends", role), { backend }), `${backend} serves as ${role} now.`);

const desk = {
  approve: one => act(() => api.post(path("admission", "waiting", one.fingerprint, "approve"), {}), `${one.name} is let in; it asks again in a few seconds.`),
  refuse: one => act(() => api.post(path("admission", "waiting", one.fingerprint, "refuse"), {}), `${one.name} is turned away.`),
  uninvite: one => act(() => api.remove(path("admission", "invitations", one.id)), `Invitation ${one.id} is worth nothing any more.`),
  shutOut: one => act(() => api.remove(path("admission", "devices", one.name)), `${one.name} is shut out.`),
};

$("invite").addEventListener("submit", event => {
  event.preventDefault();
  act(async () => {
    const made = await api.post("admission/invitations", {
      devices: $("invite-devices").valueAsNumber, lifetime: Number($("invite-lifetime").value), approve: $("invite-approve").checked,
    });
    text($("invitation-text"), `tier6 join ${made.text}`);
    $("invitation").hidden = false;
    $("invitation-copy").focus();
  }, "The invitation is made.");
});
$("invitation-copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("invitation-text").textContent);
  toast("Copied.");
});
$("invitation-close").addEventListener("click", () => {
  text($("invitation-text"), "");
  $("invitation").hidden = true;
});

async function enter(token) {
  try {
    await api.login(token);
    await refresh();
  } catch (e) {
    signIn(e.status === 401 ? "That is not the token of this node." : e.message);
  }
}

$("login").addEventListener("submit", event => {
  event.preventDefault();
  const token = $("token").value.trim();
  $("token").value = "";
  enter(token);
});
$("logout").addEventListener("click", async () => {
  await api.logout().catch(() => {});
  signIn("You are signed out.");
});
$("search").addEventListener("input", () => views.addresses(state));
$("learned").addEventListener("change", () => views.events(state));
new ResizeObserver(() => state.status && draw($("picture"), state, select)).observe($("picture"));

// A link of the demo brings the token behind the #, which is not sent to anybody; it does not stay in the address.
const token = /^#token=(.+)$/.exec(location.hash)?.[1];
if (token) {
  history.replaceState(null, "", location.pathname);
  enter(decodeURIComponent(token));
} else {
  refresh();
}
