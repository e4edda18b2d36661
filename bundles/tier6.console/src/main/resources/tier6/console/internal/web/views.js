// The tables, lists, cards and forms. Each takes the state and makes the page say it.

import { $, ask, h, keep, orEmpty, text } from "./dom.js";
import * as words from "./words.js";

const MOST_ROWS = 500;

/** Puts texts into the cells of a row; headings name them where a table becomes a list. */
function cells(row, values) {
  values.forEach(([name, value, kind], i) => {
    const cell = row.children[i] ?? row.appendChild(h("td", { "data-name": name }));
    if (kind === "number" && !cell.className) cell.className = "number";
    const target = kind?.startsWith("pill") ? cell.firstElementChild ?? cell.appendChild(h("span")) : cell;
    if (target !== cell && target.className !== kind) target.className = kind;
    text(target, value);
  });
}

const row = () => h("tr");

export function tiles(state) {
  const { status, peers, cathedrals, rates } = state;
  const up = peers.filter(peer => peer.link?.state === "up");
  const direct = up.filter(peer => peer.link.path === "direct").length;
  const local = [...rates.values()].filter(rate => state.kinds.get(rate.port) === "tunnel");
  const sum = name => local.reduce((total, rate) => total + rate[name], 0);
  const cathedral = cathedrals.find(c => c.current) ?? cathedrals[0];
  const items = [
    ["Peers up", peers.length ? `${up.length} of ${peers.length}` : "0", `${direct} direct, ${up.length - direct} relayed`],
    ["Traffic", `↑ ${words.rate(sum("bytesOut"))}`, `↓ ${words.rate(sum("bytesIn"))}`],
    ["Cathedral", cathedral ? words.roundTrip(cathedral.roundTrip) : "none", cathedral
      ? `${cathedral.address}, heard ${cathedral.heard == null ? "never" : words.duration(cathedral.heard) + " ago"}` : "static peers only"],
    ["Interface", status.tap?.name ?? "none", status.tap ? `MTU ${status.tap.mtu}, up ${words.duration(status.uptime)}` : "not open"],
  ];
  keep($("tiles"), items, item => item[0],
    item => h("div", { class: "tile" }, h("dt", {}, item[0]), h("dd", { class: "value" }), h("dd", { class: "more" })),
    (element, item) => {
      text(element.children[1], item[1]);
      text(element.children[2], item[2]);
    });
}

export function peers(state, select) {
  keep($("peers-rows"), state.peers, peer => peer.id,
    peer => h("tr", { onclick: () => select(peer.id) }),
    (element, peer) => {
      const link = peer.link;
      const rate = state.rates.get(peer.port);
      element.title = `${peer.id}, found by ${peer.sources.join(", ")}`;
      element.setAttribute("aria-selected", String(peer.id === state.selected));
      const up = link?.state === "up";
      cells(element, [
        ["Device", words.device(peer.id)],
        ["State", link ? link.state : "no link", `pill ${(link?.state ?? "no link").replace(" ", "-")}`],
        ["Path", up ? words.path(link.path) : "–", `pill ${up ? link.path : "none"}`],
        ["Sent to", link ? link.remote ?? "–" : peer.problem ?? "–"],
        ["Round trip", words.roundTrip(up ? state.roundTrips[peer.id] : null), "number"],
        ["Sent ↑", rate ? words.rate(rate.bytesOut) : "–", "number"],
        ["Received ↓", rate ? words.rate(rate.bytesIn) : "–", "number"],
        ["Key age", words.duration(link?.keyAge), "number"],
        ["Heard", words.duration(link?.heard), "number"],
      ]);
    });
  orEmpty("peers-empty", state.peers.length ? "" : "No source announces a peer yet. A new node appears here by itself, seconds after it starts.");
}

export function addresses(state) {
  const wanted = $("search").value.trim().toLowerCase();
  const named = new Map(state.peers.map(peer => [peer.port, `Device ${words.device(peer.id)}`]));
  const behind = entry => (state.kinds.get(entry.port) === "local" ? "this host" : named.get(entry.port) ?? entry.port);
  const found = state.macs.filter(entry => `${entry.mac} ${behind(entry)}`.toLowerCase().includes(wanted));
  keep($("addresses-rows"), found.slice(0, MOST_ROWS), entry => entry.port + entry.mac, row, (element, entry) => cells(element, [
    ["MAC address", entry.mac, "code"],
    ["Behind", behind(entry)],
    ["Idle", words.duration(entry.idle), "number"],
  ]));
  orEmpty("addresses-empty", !state.macs.length ? "No address is learned yet. The first frame of a host shows where it lives."
    : !found.length ? "No address is like that."
      : found.length > MOST_ROWS ? `${found.length - MOST_ROWS} more: search for what you need.` : "");
}

export function events(state) {
  const shown = state.events.filter(change => $("learned").checked || change.what.event !== "mac-learned").slice(-200).reverse();
  keep($("events-rows"), shown, change => change.id,
    change => {
      const [how, mark, what] = words.sentence(change.what);
      return h("li", { class: how, "data-event": change.what.event },
        h("time", { datetime: change.at }, words.clock(change.at)),
        h("span", { class: "mark", "aria-hidden": "true" }, mark),
        h("span", { class: "what" }, what));
    },
    () => {});
  orEmpty("events-empty", shown.length ? "" : "Nothing has happened yet.");
}

const ROLES = {
  tap: "Interface (TAP)", switch: "Switch", transport: "Transport", underlay: "Underlay (UDP)", discovery: "Discovery",
};

export function backends(state, swap) {
  let number = 0;
  keep($("roles"), state.backends, role => role.role === "discovery" ? `discovery ${number++}` : role.role,
    role => h("li", { class: "role", "data-role": role.role },
      h("h3", {}, ROLES[role.role] ?? role.role), h("p", { class: "serving" }), h("p", { class: "from" }),
      h("p", { class: "problem" }), h("div", { class: "swap" })),
    (element, role) => {
      text(element.querySelector(".serving"), role.serving?.name ?? "nobody");
      text(element.querySelector(".from"), role.serving ? [role.serving.bundle, `for ${words.duration(role.since)}`].filter(Boolean).join(", ") : "");
      const problem = element.querySelector(".problem");
      text(problem, role.problem ?? "");
      problem.hidden = !role.problem;
      keep(element.querySelector(".swap"), role.alternatives, other => other.name,
        other => h("button", {
          type: "button", class: "quiet",
          onclick: async event => {
            const name = ROLES[role.role] ?? role.role;
            if (await ask(`${name}: swap to ${other.name}?`,
              `${other.name} takes over while the node runs. If it cannot, the one before goes on.`, "Swap")) {
              event.target.disabled = true;
              await swap(role.role, other.name);
              event.target.disabled = false;
            }
          },
        }, `Swap to ${other.name}`),
        () => {});
    });
  orEmpty("roles-empty", state.backends.length ? "" : "This node has no role to give.");
}

const card = (detail, ...buttons) => h("li", { class: "device" },
  h("h3"), h("p", { class: "from" }), h("p", { class: detail }), h("div", { class: "buttons" }, ...buttons));

function say(element, title, what, detail) {
  text(element.children[0], title);
  text(element.children[1], what);
  text(element.children[2], detail);
}

const button = (label, kind, onclick) => h("button", { type: "button", class: kind, onclick }, label);

/** Who was invited, who waits and who is in; hidden where the node keeps no flock. */
export function devices(state, act) {
  const { flock, invitations, waiting, devices: members } = state.admission;
  $("devices").hidden = $("devices-link").hidden = flock == null;
  if (flock == null) return;
  text($("devices-title"), `Devices of flock ${flock}`);
  text($("devices-link"), waiting.length ? `Devices (${waiting.length})` : "Devices");
  $("waiting-part").hidden = !waiting.length;
  keep($("waiting-rows"), waiting, one => one.fingerprint,
    one => card("from code",
      button("Approve", "", () => act.approve(one)),
      button("Refuse", "quiet", () => act.refuse(one))),
    (element, one) => say(element, one.name, `from ${one.address}, since ${words.clock(one.since)}, by invitation ${one.invitation}`, one.fingerprint));
  keep($("invitations-rows"), invitations, one => one.id,
    one => card("from", button("Revoke", "quiet", async () => {
      if (await ask(`Revoke invitation ${one.id}?`, "Nobody can come by it any more. Who came by it stays.", "Revoke")) act.uninvite(one);
    })),
    (element, one) => say(element, `Invitation ${one.id}`,
      `${one.admitted} of ${words.count(one.devices, "device")} joined${one.approve ? ", each is approved by you" : ""}`,
      `good for ${words.duration(Math.max(0, (new Date(one.expires) - Date.now()) / 1000))} more`));
  keep($("devices-rows"), members, one => one.csId,
    one => card("from", hex(one.kekId) === state.self ? null : button("Shut out", "quiet", async () => {
      if (await ask(`Shut ${one.name} out for good?`, "All others get new secrets within a minute, and it cannot come back without an invitation.", "Shut out")) act.shutOut(one);
    })),
    (element, one) => say(element, `${hex(one.kekId)} ${one.name}${hex(one.kekId) === state.self ? " (this node)" : ""}`,
      one.addresses.join(", ") || "no address in the flock", `since ${words.day(one.since)}`));
}

const hex = number => number.toString(16).padStart(2, "0");
