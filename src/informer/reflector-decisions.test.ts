import { expect, test } from "vitest";
import { TransportError } from "../client/transport.ts";
import {
  expired,
  forbidden,
  internalError,
  plainRefusal,
  StatusError,
  tooManyRequests,
} from "../machinery/status.ts";
import { HistoryResetError } from "./history-reset-error.ts";
import {
  afterListFailure,
  afterVerifying,
  afterWatch,
  isStreamingUnsupported,
  SILENT_WATCH_MS,
  type ListWay,
  type ReflectorState,
} from "./reflector-decisions.ts";
import { tooLarge } from "./testing/fake-history.ts";

const refused = new TransportError("refused", { isRefused: true });
const reset = new TransportError("reset", { isRefused: false });
const denied = forbidden({ group: "", resource: "pods" }, "", "no");
const gone = new StatusError({ ...expired("x").status, reason: "Gone" });
const oldTooLarge = plainRefusal(504, "Timeout", "Too large resource version: 9, current: 5");

/** `list 7 pages`, `watch 7`, `wait, list 7 stream`. */
function text(state: ReflectorState): string {
  switch (state.kind) {
    case "list":
      return `list ${state.from === "" ? "newest" : state.from} ${state.way}`;
    case "watch":
      return `watch ${state.from}`;
    case "verify":
      return `verify ${state.from}`;
    case "back-off":
      return `wait, ${text(state.next)}`;
  }
}

for (const { name, error, from, way, next } of [
  { name: "410", error: expired("old"), from: "7", way: "pages", next: "list newest pages" },
  { name: "410 Gone", error: gone, from: "7", way: "pages", next: "list newest pages" },
  {
    name: "410 of a stream",
    error: expired("old"),
    from: "7",
    way: "stream",
    next: "list newest stream",
  },
  {
    name: "410 of the newest",
    error: expired("old"),
    from: "",
    way: "pages",
    next: "wait, list newest pages",
  },
  { name: "too large", error: tooLarge(), from: "7", way: "pages", next: "list newest pages" },
  {
    name: "too large, in words",
    error: oldTooLarge,
    from: "7",
    way: "pages",
    next: "list newest pages",
  },
  {
    name: "429",
    error: tooManyRequests("busy", 1),
    from: "7",
    way: "pages",
    next: "wait, list 7 pages",
  },
  {
    name: "429 of a stream",
    error: tooManyRequests("busy", 1),
    from: "7",
    way: "stream",
    next: "wait, list 7 stream",
  },
  {
    name: "refused connection",
    error: refused,
    from: "0",
    way: "pages",
    next: "wait, list 0 pages",
  },
  {
    name: "refused stream connection",
    error: refused,
    from: "",
    way: "stream",
    next: "wait, list newest stream",
  },
  { name: "reset connection", error: reset, from: "7", way: "pages", next: "wait, list 7 pages" },
  {
    name: "internal error",
    error: internalError("x"),
    from: "7",
    way: "pages",
    next: "wait, list 7 pages",
  },
  {
    name: "internal error of a stream",
    error: internalError("x"),
    from: "7",
    way: "stream",
    next: "list 7 pages",
  },
  { name: "a broken stream", error: reset, from: "7", way: "stream", next: "list 7 pages" },
  { name: "forbidden", error: denied, from: "7", way: "pages", next: "wait, list 7 pages" },
  {
    name: "refused stream",
    error: plainRefusal(422, "Invalid", "no"),
    from: "7",
    way: "stream",
    next: "list 7 pages",
  },
  { name: "a defect", error: new Error("?"), from: "7", way: "pages", next: "wait, list 7 pages" },
  {
    name: "a defect in a stream",
    error: new Error("?"),
    from: "7",
    way: "stream",
    next: "list 7 pages",
  },
] satisfies { name: string; error: unknown; from: string; way: ListWay; next: string }[]) {
  test(`a failed list, ${name}: ${next}`, () => {
    expect(text(afterListFailure(error, { from, way }))).toBe(next);
  });
}

for (const { name, error, isOpened = true, events = 1, hasNews, ms = 5_000, next } of [
  { name: "closed by the server", next: "watch 9" },
  { name: "closed after a while without events", events: 0, next: "watch 9" },
  {
    name: "closed after minutes without even a bookmark",
    events: 0,
    ms: SILENT_WATCH_MS,
    next: "verify 9",
  },
  {
    name: "closed after minutes with bookmarks",
    events: 0,
    hasNews: true,
    ms: SILENT_WATCH_MS,
    next: "watch 9",
  },
  {
    name: "news from before its beginning",
    error: new HistoryResetError("reset"),
    next: "wait, list newest stream",
  },
  { name: "closed at once with events", ms: 10, next: "watch 9" },
  { name: "closed at once without events", events: 0, ms: 10, next: "wait, list 9 stream" },
  { name: "410", error: expired("old"), next: "wait, list 9 stream" },
  { name: "429", error: tooManyRequests("busy", 1), isOpened: false, next: "wait, watch 9" },
  { name: "429 in the stream", error: tooManyRequests("busy", 1), next: "wait, watch 9" },
  { name: "refused connection", error: refused, isOpened: false, events: 0, next: "wait, watch 9" },
  { name: "no answer", error: reset, isOpened: false, events: 0, next: "wait, watch 9" },
  { name: "reset stream", error: reset, next: "watch 9" },
  { name: "reset at once", error: reset, events: 0, ms: 10, next: "wait, watch 9" },
  { name: "internal error", error: internalError("x"), isOpened: false, next: "wait, watch 9" },
  { name: "internal error in the stream", error: internalError("x"), next: "wait, list 9 stream" },
  { name: "forbidden", error: denied, isOpened: false, next: "wait, list 9 stream" },
  { name: "a defect", error: new Error("?"), next: "wait, list 9 stream" },
] as {
  name: string;
  error?: unknown;
  isOpened?: boolean;
  events?: number;
  hasNews?: boolean;
  ms?: number;
  next: string;
}[]) {
  test(`a watch, ${name}: ${next}`, () => {
    const told = { eventCount: events, hasNews: hasNews ?? events > 0 };
    const end = { error, isOpened, ...told, durationMs: ms, resourceVersion: "9" };
    expect(text(afterWatch(end, "stream"))).toBe(next);
  });
}

for (const { newest, next } of [
  { newest: "9", next: "watch 9" },
  { newest: "10", next: "watch 9" },
  { newest: "8", next: "list newest stream" },
  { newest: "", next: "watch 9" },
]) {
  test(`a silent watch from 9 of a server that is at ${newest || "no number"}: ${next}`, () => {
    expect(text(afterVerifying("9", newest, "stream"))).toBe(next);
  });
}

test("only a refusal of the request itself means that streaming lists are not supported", () => {
  expect(isStreamingUnsupported(plainRefusal(422, "Invalid", "no"))).toBe(true);
  expect(isStreamingUnsupported(plainRefusal(400, "BadRequest", "no"))).toBe(true);
  expect(isStreamingUnsupported(denied)).toBe(false);
  expect(isStreamingUnsupported(reset)).toBe(false);
});
