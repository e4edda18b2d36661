// Values as people read them.

const BITS = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];

/** 1234 bytes a second as "9.9 kbit/s". */
export function rate(bytes) {
  let value = bytes * 8;
  let unit = 0;
  while (value >= 999.5 && unit < BITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${BITS[unit]}`;
}

/** Seconds as "250 ms", "12 s", "3 min 5 s", "4 h 7 min", "2 d 4 h". */
export function duration(seconds) {
  if (seconds == null) return "–";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  const whole = Math.floor(seconds);
  const pair = (high, unit, low, small) => (low ? `${high} ${unit} ${low} ${small}` : `${high} ${unit}`);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86400) return pair(Math.floor(whole / 3600), "h", Math.floor(whole / 60) % 60, "min");
  return pair(Math.floor(whole / 86400), "d", Math.floor(whole / 3600) % 24, "h");
}

/** A time on the wire. */
export const roundTrip = seconds => (seconds == null ? "–" : `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 1)} ms`);

export const count = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

/** The number of a device in its flock, which is what people know it by: "c0ffee1234567800/02" is 02. */
export const device = id => id.split("/")[1];

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
export const clock = instant => time.format(new Date(instant));

const date = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric" });
export const day = instant => date.format(new Date(instant));

const PATHS = { none: "not reached", relay: "relayed", direct: "direct" };
export const path = name => PATHS[name] ?? name;

const peer = event => `Device ${device(event.peer)}`;

/** What each kind of event means: how good it is, its mark, and a sentence. */
const SENTENCES = {
  "tap-opened": e => ["good", "●", `Interface ${e.name} is open, ${e.mac}, MTU ${e.mtu}`],
  "tap-failed": e => ["bad", "!", `No interface: ${e.reason}`],
  "node-announced": e => ["good", "●", `The cathedral at ${e.cathedral} answers`],
  "cathedral-silent": e => ["bad", "!", `The cathedral at ${e.cathedral} is silent`],
  "cathedral-changed": e => ["middling", "→", `The cathedral at ${e.to} is used now, instead of ${e.from}`],
  "peer-found": e => ["plain", "+", `${peer(e)} found by ${e.source}`],
  "peer-lost": e => ["middling", "−", `${peer(e)} is gone`],
  "tunnel-up": e => ["good", "↑", e.renewed ? `${peer(e)}: new keys` : `${peer(e)}: the tunnel is up`],
  "tunnel-down": e => ["bad", "↓", `${peer(e)}: the tunnel is down, ${e.reason}`],
  "path-changed": e => e.path === "direct" ? ["good", "→", `${peer(e)} is reached directly at ${e.remote}`]
    : e.path === "relay" ? ["middling", "→", `${peer(e)} is relayed through ${e.remote}`]
      : ["bad", "→", `${peer(e)} cannot be reached`],
  "mac-learned": e => ["plain", "·", `${e.mac} lives behind ${e.port}` + (e.from ? `, before ${e.from}` : "")],
  "backend-changed": e => ["plain", "⇄", `${e.role} is served by ${e.now} now`],
  "swap-failed": e => ["bad", "!", `${e.wanted} cannot serve as ${e.role}: ${e.reason}. ${e.serving} still does`],
};

export function sentence(event) {
  const { event: kind, ...rest } = event;
  return SENTENCES[kind]?.(event) ?? ["plain", "·", `${kind}: ${Object.values(rest).join(", ")}`];
}
