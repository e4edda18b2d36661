// Draws the mesh as this node sees it: itself in the middle, peers around it, the cathedral above. A direct edge goes
// straight to the peer; a relayed one passes by the cathedral, as its datagrams do.

import { keep, s, text } from "./dom.js";
import * as words from "./words.js";

/** More than these are drawn as dots that say their name when asked. */
const NAMED = 16;
const SMALLEST = 320;

/** Angles leave a gap at the top, where the cathedral is. */
const GAP = 0.7;

/** Where everything stands. Beside or, where it is narrow, below each peer is room for what is said about its edge. */
function places(count, width, height, narrow) {
  const centre = { x: width / 2, y: height * (narrow ? 0.52 : 0.6) };
  const rx = narrow ? width / 2 - 48 : Math.min(width / 2 - 150, height * 1.1);
  const ry = height * (narrow ? 0.48 : 0.4) - (narrow ? 84 : 48);
  const all = [];
  for (let i = 0; i < count; i++) {
    const angle = -Math.PI / 2 + GAP + ((2 * Math.PI - 2 * GAP) * (i + 0.5)) / count;
    all.push({ x: centre.x + rx * Math.cos(angle), y: centre.y + ry * Math.sin(angle) });
  }
  return { centre, cathedral: { x: width / 2, y: 58 }, peers: all };
}

/** Traffic sets the width: 1 kbit/s is barely more than nothing, 1 Gbit/s is thick. */
const thickness = bytes => 2.5 + Math.max(0, Math.log10(1 + bytes / 125)) * 0.9;

const way = link => (link?.state === "up" ? link.path : "none");

function describe(peer, rate) {
  const link = peer.link;
  const state = link ? `${link.state}, ${words.path(way(link))}` : peer.problem ?? "no link";
  const traffic = rate ? `, sends ${words.rate(rate.bytesOut)}, receives ${words.rate(rate.bytesIn)}` : "";
  return `Device ${words.device(peer.id)}: ${state}${traffic}`;
}

function route(peer, place, { centre, cathedral }) {
  return way(peer.link) === "relay"
    ? `M${centre.x} ${centre.y}L${cathedral.x} ${cathedral.y}Q${place.x} ${cathedral.y} ${place.x} ${place.y}`
    : `M${centre.x} ${centre.y}L${place.x} ${place.y}`;
}

/** What is said about an edge, at its outer end. */
function label(element, peer, place, at, rate, roundTrip, narrow) {
  const path = way(peer.link);
  const lines = path === "none" ? [words.path(path)] : [
    rate ? `↑ ${words.rate(rate.bytesOut)}` : words.path(path),
    rate ? `↓ ${words.rate(rate.bytesIn)}` : "",
    roundTrip == null ? "" : words.roundTrip(roundTrip),
  ].filter(Boolean);
  const left = place.x < at.centre.x - 1;
  element.setAttribute("class", `flow ${narrow ? "middle" : left ? "end" : "begin"}`);
  element.setAttribute("y", narrow ? 42 : 4 - (lines.length - 1) * 8);
  element.replaceChildren(...lines.map((line, i) => s("tspan", {
    x: narrow ? 0 : left ? -34 : 34, dy: i ? 16 : 0, class: i === 2 ? "minor" : null,
  }, line)));
}

/** A peer that can be chosen; it stays the same element, so that focus stays on it. */
function circle(peer, select) {
  return s("g", {
    tabindex: "0", role: "button", "data-peer": peer.id,
    onclick: () => select(peer.id),
    onkeydown: event => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        select(peer.id);
      }
    },
  }, s("title"), s("circle", { class: "ring" }), s("circle", { class: "disc" }), s("text", { class: "inside" }, words.device(peer.id)), s("text"));
}

/** The layers of the picture, from below. */
function picture(parent) {
  const layers = { edges: s("g"), fixed: s("g"), peers: s("g") };
  const svg = s("svg", { role: "group" }, layers.edges, layers.fixed, layers.peers);
  parent.replaceChildren(svg);
  return Object.assign(svg, { layers });
}

/**
 * Draws into `parent`.
 *
 * state: peers, cathedrals; rates by port, roundTrips by peer; selected peer.
 * select is called with the id of a peer that somebody chose.
 */
export function draw(parent, state, select) {
  const width = Math.max(parent.clientWidth, SMALLEST);
  const narrow = width < 620;
  const count = state.peers.length;
  const height = narrow ? Math.min(340 + count * 22, 560) : Math.min(Math.max(width * 0.33, count > 6 ? 420 : 340), 480);
  const at = places(count, width, height, narrow);
  const place = new Map(state.peers.map((peer, i) => [peer.id, at.peers[i]]));
  const cathedral = state.cathedrals.find(c => c.current) ?? state.cathedrals[0];
  const named = count <= (narrow ? 6 : NAMED);

  const svg = parent.querySelector("svg") ?? picture(parent);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-label", `This node and ${words.count(count, "peer")}`);

  keep(svg.layers.edges, state.peers, peer => peer.id, () => s("path"), (element, peer) => {
    const rate = state.rates.get(peer.port);
    const traffic = rate ? rate.bytesIn + rate.bytesOut : 0;
    element.setAttribute("class", `edge ${way(peer.link)}${traffic > 0 ? " flowing" : ""}`);
    element.setAttribute("d", route(peer, place.get(peer.id), at));
    element.style.strokeWidth = `${thickness(traffic).toFixed(1)}px`;
  });
  svg.layers.fixed.replaceChildren(
    s("g", { class: "self", transform: `translate(${at.centre.x} ${at.centre.y})` },
      s("title", {}, "This node"),
      s("circle", { class: "halo", r: 42 }),
      s("circle", { class: "disc", r: 28 }),
      s("text", { class: "inside" }, state.self ?? "this")),
    ...(cathedral ? [s("g", { class: "cathedral", transform: `translate(${at.cathedral.x} ${at.cathedral.y})` },
      s("title", {}, `Cathedral at ${cathedral.address}`),
      s("path", { class: "disc", d: "M-17 15V-4L0 -19 17 -4V15Z" }),
      s("text", { y: -42, class: "name" }, "Cathedral"),
      s("text", { y: -27, class: "minor" }, cathedral.roundTrip == null ? cathedral.address : words.roundTrip(cathedral.roundTrip)))] : []));
  keep(svg.layers.peers, state.peers, peer => peer.id, peer => circle(peer, select), (element, peer) => {
    const [title, ring, disc, inside, about] = element.children;
    const here = place.get(peer.id);
    const rate = state.rates.get(peer.port);
    const radius = named ? 22 : 9;
    const name = describe(peer, rate);
    element.setAttribute("class", `peer ${way(peer.link)}`);
    element.setAttribute("transform", `translate(${here.x.toFixed(1)} ${here.y.toFixed(1)})`);
    element.setAttribute("aria-label", name);
    element.setAttribute("aria-pressed", String(peer.id === state.selected));
    text(title, name);
    ring.setAttribute("r", radius + 6);
    disc.setAttribute("r", radius);
    inside.style.display = about.style.display = named ? "" : "none";
    label(about, peer, here, at, rate, state.roundTrips[peer.id], narrow);
  });
}
