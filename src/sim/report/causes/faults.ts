/** Decisions of a run in plain words, for people who have never seen their names. */

/**
 * `call: web: create pods default/a` taken as `lost after effect`: `web's call "create pods
 * default/a": it has its effect, ...`. Undefined: the events of the run tell of it at its place.
 */
export function faultText(name: string, taken: string): string | undefined {
  const [, kind = "", about = name] = /^([a-z]+): (.*?)(?:#\d+)?$/.exec(name) ?? [];
  const tell = TELL[kind];
  return tell === undefined ? `${about}: ${spaced(taken)}` : tell(about, taken);
}

const TELL: Readonly<Record<string, (about: string, taken: string) => string | undefined>> = {
  call: callText,
  latency: (about, taken) => {
    const [, call = about, way = "call"] = /^(.*), (request|answer)$/.exec(about) ?? [];
    return `${called(call)}: the ${way} is under way for ${spaced(taken)}`;
  },
  lag: (about, taken) =>
    `${about}: what it is told of them comes ${spaced(taken)} late from now on`,
  event: eventText,
  list: (about, taken) => {
    const age = taken === "from the beginning" ? "still at the beginning" : spacedWrites(taken);
    return `${about}: listed from a replica that is ${age}`;
  },
  order: (about, taken) => `what is due at once: ${taken}, before ${about}`,
  pace: (about, taken) =>
    `${about}: the next thing is done ${spaced(taken)} later, whatever goes on`,
  world: worldText,
  external: externalText,
};

function callText(about: string, taken: string): string | undefined {
  const what = FATES[taken];
  if (what === undefined)
    return taken.startsWith("crash ") ? undefined : `${called(about)}: ${taken}`;
  return `${called(about)}: ${what}`;
}

/** A crash is told by the events of the process. */
const FATES: Readonly<Record<string, string>> = {
  "lost before effect": "it is lost on its way, and the connection reset",
  "lost after effect": "it has its effect, but the answer is lost and the connection reset",
  conflict: "somebody else changes the object just before",
  "too many requests": "it is refused with 429, too many requests",
  "internal error": "it is refused with 500, internal error",
  unavailable: "it is refused with 503, unavailable",
};

/** A crash is told by the events of the process. */
function externalText(about: string, taken: string): string | undefined {
  if (taken.startsWith("crash ")) return undefined;
  const [, process = "", service = "", call = ""] = /^(\S+): (\S+) (.*)$/.exec(about) ?? [];
  const behind = /^(\d+s) behind$/.exec(taken)?.[1];
  const what =
    behind === undefined ? EXTERNAL[taken] : `it is told what was so ${spaced(behind)} ago`;
  return `${process}'s call "${call}" to service ${service}: ${what ?? FATES[taken] ?? taken}`;
}

const EXTERNAL: Readonly<Record<string, string>> = {
  lost: "it is lost on its way",
  fails: "it is refused with 500",
  slow: "it arrives 20 s late",
};

/** `web: create pods default/a` as `web's call "create pods default/a"`. */
function called(about: string): string {
  const [, process, call] = /^(\S+): (.*)$/.exec(about) ?? [];
  return process === undefined ? about : `${process}'s call "${call}"`;
}

function eventText(about: string, taken: string): string {
  const [, stream = about, event = "an event"] = /^(.*) sees (.*)$/.exec(about) ?? [];
  const pause = /^pause (.*)$/.exec(taken)?.[1];
  if (pause !== undefined) {
    return `${stream}: that "${event}", and all after it, comes ${spaced(pause)} late`;
  }
  const again = taken === "expired" ? ", and the view must list anew" : "";
  return `${stream}: the stream is cut before "${event}"${again}`;
}

function worldText(about: string, taken: string): string {
  const pod = /^pod (.*)$/.exec(about)?.[1];
  if (pod !== undefined) return `pod ${pod}: ${PODS[taken] ?? taken}`;
  if (about.endsWith(" is started again after")) return `${about} ${spaced(taken)}`;
  return `${about}: ${spaced(taken)}`;
}

const PODS: Readonly<Record<string, string>> = {
  "not ready": "it runs, and does not get ready until all is mended",
  "fails soon": "it is going to fail soon after its start",
};

/** `5 behind` as `5 writes behind`. */
function spacedWrites(text: string): string {
  return text.replace(" ", " writes ");
}

/** `20s` as `20 s`. */
function spaced(text: string): string {
  return text.replace(/^(\d+)([a-z]+)$/, "$1 $2");
}
