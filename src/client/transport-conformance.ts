/**
 * What every transport promises, as tests that run over each implementation. The other end is the
 * same in all of them: a dispatch function.
 */
import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { causeId, NO_CAUSE, withCause, type Context } from "../base/context.ts";
import { aborted } from "../base/signals.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { decodeJson } from "../machinery/codec/json.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { ApiRequest, ApiResponse, RequestBody, ResponseBody } from "../machinery/request.ts";
import { expired, notFound } from "../machinery/status.ts";
import { INITIAL_EVENTS_END_ANNOTATION, type WatchEvent } from "../machinery/watch-event.ts";
import type { Dispatch } from "./in-process.ts";
import { TransportError, type Transport } from "./transport.ts";

/** A transport to a server that answers with `dispatch`; `close` ends the server. */
export type OpenTransport = (
  dispatch: Dispatch,
  env: VirtualEnv,
) => Promise<{ readonly transport: Transport; readonly close: () => Promise<void> }>;

const JSON_HEADERS = { "content-type": "application/json" };

/** Registers the tests of one implementation. */
export function transportConformance(name: string, open: OpenTransport): void {
  const check = (behaviour: string, run: (trial: Trial) => Promise<void>): void => {
    test(`${name}: ${behaviour}`, async () => {
      const trial = new Trial();
      await trial.start(open);
      try {
        await run(trial);
      } finally {
        await trial.finish();
      }
    });
  };

  check("the request arrives as it was sent, with its cause", checkRequest);
  check("a body of a write holds what JSON would hold", checkBodies);
  check("objects, lists and refusals are decoded", checkAnswers);
  check("other media types stay bytes", checkBytes);
  check("warnings come with the answer", checkWarnings);
  check("a watch brings its events in order, and ends with the server's", checkEvents);
  check("an error event is an event like any other", checkErrorEvent);
  check("a stream of bytes comes as it is written", checkStream);
  check("an aborted signal ends a call, here and there", checkAbortedCall);
  check("a signal that is aborted already sends nothing", checkAbortedBefore);
  check("an aborted signal ends a watch quietly, here and there", checkAbortedWatch);
  check("a reader that stops ends the watch there", checkStoppedReader);
  check("many watches and a request do not stand in each other's way", checkManyWatches);
  check("a closed transport refuses", checkClosed);
}

/** One transport and its server, whose answers the test gives. */
class Trial {
  readonly env: VirtualEnv = virtualEnv();
  readonly requests: { readonly request: ApiRequest; readonly context: Context }[] = [];
  answer: (request: ApiRequest, context: Context) => Promise<ApiResponse> = () =>
    Promise.resolve(jsonAnswer({ kind: "none" }));
  readonly #controller = new AbortController();
  #opened: { readonly transport: Transport; readonly close: () => Promise<void> } | undefined;

  async start(open: OpenTransport): Promise<void> {
    const dispatch: Dispatch = (request, _user, context) => {
      this.requests.push({ request, context });
      return this.answer(request, context);
    };
    this.#opened = await open(dispatch, this.env);
  }

  get transport(): Transport {
    if (this.#opened === undefined) throw new Error("the trial has begun");
    return this.#opened.transport;
  }

  get context(): Context {
    return aContext(this.env, this.#controller.signal);
  }

  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  get(path: string, context: Context = this.context): Promise<ApiResponse> {
    return this.transport.send(aRequest({ path }), context);
  }

  watch(): Promise<ApiResponse> {
    const query = new URLSearchParams({ watch: "true" });
    return this.transport.send(aRequest({ path: "/api/v1/things", query }), this.context);
  }

  /** Whatever happened, nothing stays behind. */
  async finish(): Promise<void> {
    await this.#opened?.transport.close();
    await this.#opened?.close();
    expect(getEventListeners(this.#controller.signal, "abort")).toEqual([]);
    expect(this.env.pendingTimers).toBe(0);
  }
}

function aRequest(parts: Partial<ApiRequest>): ApiRequest {
  const query = new URLSearchParams();
  return { method: "GET", path: "/", query, headers: {}, body: { kind: "none" }, ...parts };
}

function aThing(name: string, more: object = {}): ApiObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name, resourceVersion: "7" }, ...more };
}

function jsonAnswer(body: ResponseBody, status = 200): ApiResponse {
  return { status, headers: body.kind === "none" ? {} : JSON_HEADERS, warnings: [], body };
}

function objectAnswer(object: ApiObject, status = 200): ApiResponse {
  return jsonAnswer({ kind: "object", object: EncodedObject.fromValue(object) }, status);
}

function eventsAnswer(events: AsyncIterable<readonly WatchEvent[]>): ApiResponse {
  return jsonAnswer({ kind: "events", events });
}

function added(name: string): WatchEvent {
  return { kind: "ADDED", object: EncodedObject.fromValue(aThing(name)) };
}

/** The events of a watch, one list whatever the batches. */
async function allEvents(answer: ApiResponse): Promise<readonly WatchEvent[]> {
  if (answer.body.kind !== "events") throw new Error(`a watch, not ${answer.body.kind}`);
  const events: WatchEvent[] = [];
  for await (const batch of answer.body.events) events.push(...batch);
  return events;
}

function eventText(event: WatchEvent): string {
  switch (event.kind) {
    case "BOOKMARK":
      return `BOOKMARK ${event.resourceVersion}${event.isInitialEventsEnd ? " end" : ""}`;
    case "ERROR":
      return `ERROR ${event.status.code} ${event.status.reason}`;
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return `${event.kind} ${event.object.value.metadata.name}`;
  }
}

async function checkRequest(trial: Trial): Promise<void> {
  const cause = {
    actor: "web-controller",
    id: causeId("r-7"),
    triggers: [101, 107],
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  };
  const query = new URLSearchParams({ labelSelector: "a in (b, c)", fieldManager: "ü&=?" });
  const path = "/api/v1/namespaces/a%20b/things/x%2Fy";
  const headers = { "x-test": "yes" };
  await trial.transport.send(
    aRequest({ method: "PATCH", path, query, headers, body: { kind: "value", value: { a: 1 } } }),
    withCause(trial.context, cause),
  );
  const [{ request, context } = {}] = trial.requests;
  expect(request?.method).toBe("PATCH");
  expect(request?.path).toBe(path);
  expect([...(request?.query ?? [])]).toEqual([...query]);
  expect(request?.headers["x-test"]).toBe("yes");
  expect(context?.cause).toEqual(cause);
  await trial.get("/none");
  expect(trial.requests[1]?.context.cause).toEqual(NO_CAUSE);
}

async function checkBodies(trial: Trial): Promise<void> {
  const value = { keep: [1, "ü", null, { deep: true }], gone: undefined, list: [undefined] };
  const inherited = JSON.parse('{"__proto__":{"a":1}}') as object; // an ordinary key
  for (const sent of [value, inherited]) {
    const body: RequestBody = { kind: "value", value: sent };
    await trial.transport.send(aRequest({ method: "POST", body }), trial.context);
  }
  const bytes = new TextEncoder().encode('{"sent":"bytes"}');
  const body: RequestBody = { kind: "bytes", bytes };
  await trial.transport.send(aRequest({ method: "POST", body }), trial.context);
  const arrived = trial.requests.map(({ request }) => JSON.stringify(valueOf(request.body)));
  expect(arrived).toEqual([
    '{"keep":[1,"ü",null,{"deep":true}],"list":[null]}',
    '{"__proto__":{"a":1}}',
    '{"sent":"bytes"}',
  ]);
}

function valueOf(body: RequestBody): unknown {
  switch (body.kind) {
    case "none":
      return undefined;
    case "bytes":
      return decodeJson(body.bytes).value;
    case "value":
      return body.value;
  }
}

async function checkAnswers(trial: Trial): Promise<void> {
  const items = ["a", "b"].map((name) => EncodedObject.fromValue(aThing(name)));
  const list: ResponseBody = {
    kind: "list",
    apiVersion: "v1",
    listKind: "ThingList",
    metadata: { resourceVersion: "9", continue: "next" },
    items,
  };
  const { status: refusal } = notFound({ group: "", resource: "things" }, "x");
  const answers = new Map([
    ["/object", objectAnswer(aThing("ü\u{1F600}"), 201)],
    ["/list", jsonAnswer(list)],
    ["/refusal", objectAnswer({ ...refusal, metadata: {} }, 404)],
    ["/none", jsonAnswer({ kind: "none" }, 204)],
  ]);
  trial.answer = ({ path }) => Promise.resolve(answers.get(path) ?? objectAnswer(aThing("?")));

  const object = await trial.get("/object");
  expect(object.status).toBe(201);
  expect(object.headers["content-type"]).toBe("application/json");
  expect(object.body.kind === "object" && object.body.object.value).toEqual(aThing("ü\u{1F600}"));
  const listed = await trial.get("/list");
  if (listed.body.kind !== "list") throw new Error("a list");
  expect(listed.body).toMatchObject({ apiVersion: "v1", listKind: "ThingList" });
  expect(listed.body.metadata).toEqual({ resourceVersion: "9", continue: "next" });
  expect(listed.body.items.map((item) => item.value)).toEqual([aThing("a"), aThing("b")]);
  expect(Object.isFrozen(listed.body.items[0]?.value.metadata)).toBe(true);
  const refused = await trial.get("/refusal");
  expect(refused.status).toBe(404);
  expect(refused.body.kind === "object" && refused.body.object.value).toEqual(refusal);
  const none = await trial.get("/none");
  expect([none.status, none.body.kind]).toEqual([204, "none"]);
}

async function checkBytes(trial: Trial): Promise<void> {
  const bytes = new TextEncoder().encode("ok");
  const headers = { "content-type": "text/plain" };
  trial.answer = () =>
    Promise.resolve({ status: 500, headers, warnings: [], body: { kind: "bytes", bytes } });
  const { status, body } = await trial.get("/healthz");
  expect(status).toBe(500);
  expect(body.kind === "bytes" && new TextDecoder().decode(body.bytes)).toBe("ok");
}

async function checkWarnings(trial: Trial): Promise<void> {
  const warnings = ['unknown field "spec.x"', "a, b \\ c"];
  trial.answer = () => Promise.resolve({ ...objectAnswer(aThing("a")), warnings });
  expect((await trial.get("/x")).warnings).toEqual(warnings);
}

async function checkEvents(trial: Trial): Promise<void> {
  const metadata = {
    resourceVersion: "8",
    annotations: { [INITIAL_EVENTS_END_ANNOTATION]: "true" },
  };
  const bookmark: WatchEvent = {
    kind: "BOOKMARK",
    resourceVersion: "8",
    isInitialEventsEnd: true,
    object: EncodedObject.fromValue({ apiVersion: "v1", kind: "Thing", metadata }),
  };
  const deleted: WatchEvent = { kind: "DELETED", object: EncodedObject.fromValue(aThing("ü")) };
  async function* events(): AsyncGenerator<readonly WatchEvent[]> {
    yield [added("a"), added("b")];
    await trial.env.timers.yield();
    yield [bookmark];
    yield [deleted];
  }
  trial.answer = () => Promise.resolve(eventsAnswer(events()));
  const texts = (await allEvents(await trial.watch())).map(eventText);
  expect(texts).toEqual(["ADDED a", "ADDED b", "BOOKMARK 8 end", "DELETED ü"]);
}

async function checkErrorEvent(trial: Trial): Promise<void> {
  async function* events(): AsyncGenerator<readonly WatchEvent[]> {
    yield [{ kind: "ERROR", status: expired("too old resource version").status }];
  }
  trial.answer = () => Promise.resolve(eventsAnswer(events()));
  expect((await allEvents(await trial.watch())).map(eventText)).toEqual(["ERROR 410 Expired"]);
}

async function checkStream(trial: Trial): Promise<void> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("one\n");
    await trial.env.timers.yield();
    yield new TextEncoder().encode("two\n");
  }
  const headers = { "content-type": "text/plain" };
  const body: ResponseBody = { kind: "stream", chunks: chunks() };
  trial.answer = () => Promise.resolve({ status: 200, headers, warnings: [], body });
  const query = new URLSearchParams({ follow: "true" });
  const answer = await trial.transport.send(aRequest({ path: "/log", query }), trial.context);
  if (answer.body.kind !== "stream") throw new Error("a stream");
  let text = "";
  for await (const chunk of answer.body.chunks) text += new TextDecoder().decode(chunk);
  expect(text).toBe("one\ntwo\n");
}

async function checkAbortedCall(trial: Trial): Promise<void> {
  const there = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  trial.answer = async (_request, context) => {
    arrived.resolve();
    await aborted(context.signal);
    there.resolve();
    throw context.signal.reason;
  };
  const call = expect(trial.get("/slow")).rejects.toThrow("enough");
  await arrived.promise;
  trial.abort(new Error("enough"));
  await call;
  await there.promise;
}

async function checkAbortedBefore(trial: Trial): Promise<void> {
  trial.abort(new Error("enough"));
  await expect(trial.get("/x")).rejects.toThrow("enough");
  expect(trial.requests).toEqual([]);
}

/** A watch that brings one event, then nothing until its caller is gone. */
function anEndlessWatch(trial: Trial): Promise<void> {
  const there = Promise.withResolvers<void>();
  trial.answer = (_request, context) => {
    async function* events(): AsyncGenerator<readonly WatchEvent[]> {
      try {
        yield [added("a")];
        await aborted(context.signal);
      } finally {
        there.resolve(); // told by its signal while it waits, or by its reader
      }
    }
    return Promise.resolve(eventsAnswer(events()));
  };
  return there.promise;
}

async function checkAbortedWatch(trial: Trial): Promise<void> {
  const there = anEndlessWatch(trial);
  const { body } = await trial.watch();
  if (body.kind !== "events") throw new Error("a watch");
  const seen: string[] = [];
  for await (const batch of body.events) {
    seen.push(...batch.map(eventText));
    trial.abort(new Error("enough"));
  }
  expect(seen).toEqual(["ADDED a"]);
  await there;
}

async function checkStoppedReader(trial: Trial): Promise<void> {
  const there = anEndlessWatch(trial);
  const { body } = await trial.watch();
  if (body.kind !== "events") throw new Error("a watch");
  for await (const batch of body.events) {
    expect(batch.map(eventText)).toEqual(["ADDED a"]);
    break;
  }
  await there;
}

async function checkManyWatches(trial: Trial): Promise<void> {
  void anEndlessWatch(trial);
  const watches = await Promise.all(Array.from({ length: 150 }, () => trial.watch()));
  const ends = watches.map(allEvents);
  trial.answer = () => Promise.resolve(objectAnswer(aThing("x")));
  expect((await trial.get("/x")).status).toBe(200);
  trial.abort(new Error("enough"));
  for (const end of ends) expect((await end).length).toBeLessThanOrEqual(1);
}

async function checkClosed(trial: Trial): Promise<void> {
  await trial.get("/x");
  await trial.transport.close();
  const call = trial.get("/x");
  await expect(call).rejects.toThrow(TransportError);
  await expect(call).rejects.toMatchObject({ isRefused: true });
}
