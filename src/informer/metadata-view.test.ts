import { afterEach, beforeEach, expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import type { Context } from "../base/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { ConfigMap } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import { isMetadataOnly, metadataOf, type PartialObjectMetadata } from "../client/metadata-of.ts";
import { interceptedClient } from "../client/wrappers/intercepted-client.ts";
import { createControlPlane, type ControlPlane } from "../control-plane/control-plane.ts";
import { observingClient } from "../controller-runtime/own-writes.ts";
import { keyOf, keyText } from "../machinery/key.ts";
import { createInformers, type Informers } from "./informers.ts";
import { transform } from "./kept.ts";
import type { InformerEvent, SharedInformer } from "./shared-informer-types.ts";
import { index } from "./typed-index.ts";

const PART = metadataOf(ConfigMap);
const NAMESPACE = "default";

let env: VirtualEnv;
let plane: ControlPlane;
let informers: Informers;
/** Writes through it are seen by the views at once. */
let client: Client;
/** Of the informers, e.g. `watch metadata`. */
let requests: string[];
let context: Context;
let running: Promise<void>;
let stop: AbortController;
/** Holds what the informers of whole objects ask for. */
let gate: Promise<void>;

beforeEach(async () => {
  env = virtualEnv();
  plane = await createControlPlane({ env, hasControllers: false });
  requests = [];
  gate = Promise.resolve();
  const watched = interceptedClient(plane.client, async (call, next) => {
    requests.push(`${call.verb} ${isMetadataOnly(call.type) ? "metadata" : "whole"}`);
    if (!isMetadataOnly(call.type)) await gate;
    return next();
  });
  const transforms = [transform(PART, shorter)];
  const scopeOf = () => ({ namespace: NAMESPACE });
  informers = createInformers({ client: watched, env }, { transforms, scopeOf });
  client = observingClient(plane.client, informers);
  stop = new AbortController();
  context = aContext(env, stop.signal);
  await create("a", "one");
});

afterEach(async () => {
  stop.abort();
  await running;
  await plane.close();
});

/** Drops one annotation of metadata. */
function shorter({ metadata, ...rest }: PartialObjectMetadata): PartialObjectMetadata {
  const { long: _long, ...annotations } = metadata.annotations ?? {};
  return { ...rest, metadata: { ...metadata, annotations } };
}

function start(): Promise<void> {
  running = informers.run(context);
  return env.advance(1_000);
}

function create(name: string, color: string): Promise<ConfigMap> {
  const annotations = { long: "text", short: "t" };
  const metadata = { namespace: NAMESPACE, name, labels: { color }, annotations };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } } as const;
  return client.create(ConfigMap, object, context);
}

function paint(type: typeof PART, name: string, color: string): Promise<PartialObjectMetadata> {
  const patch = { kind: "merge", patch: { metadata: { labels: { color } } } } as const;
  return client.patch(type, { namespace: NAMESPACE, name }, patch, context);
}

/** What a listener was told, in short, and the objects it would know from that alone. */
function hearing(informer: SharedInformer<PartialObjectMetadata>) {
  const told: string[] = [];
  const known = new Map<string, PartialObjectMetadata>();
  informer.addListener((event: InformerEvent<PartialObjectMetadata>) => {
    const { object, kind } = event;
    expect(kind === "add").toBe(!known.has(keyText(keyOf(object))));
    told.push(`${kind} ${object.metadata.name}`);
    if (kind === "delete") known.delete(keyText(keyOf(object)));
    else known.set(keyText(keyOf(object)), object);
  });
  return { told, objects: () => [...known.values()].sort(byName) };
}

function byName(a: PartialObjectMetadata, b: PartialObjectMetadata): number {
  return keyText(keyOf(a)) < keyText(keyOf(b)) ? -1 : 1;
}

const colors = (informer: SharedInformer<PartialObjectMetadata>): readonly string[] =>
  informer.lister.list().map(({ metadata }) => `${metadata.name} ${metadata.labels?.["color"]}`);

const byColor = index(PART, ({ metadata }) => [metadata.labels?.["color"] ?? ""]);
const COLOR_INDEX = {
  color: ({ metadata }: PartialObjectMetadata) => [metadata.labels?.["color"] ?? ""],
};

test("a kind of which only metadata is asked for costs only metadata", async () => {
  const informer = informers.for(PART, COLOR_INDEX);
  const heard = hearing(informer);
  await start();
  expect(requests).toEqual(["watch metadata"]);
  expect(colors(informer)).toEqual(["a one"]);
  const [object] = informer.lister.list();
  expect(Object.keys(object ?? {})).toEqual(["apiVersion", "kind", "metadata"]);
  expect(object).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
  expect(object?.metadata.annotations).toEqual({ short: "t" });

  await create("b", "two");
  expect(colors(informer)).toEqual(["a one", "b two"]); // at once
  await env.advance(1_000);
  expect(heard.told).toEqual(["add a", "add b"]);
  expect(informer.by(byColor, "two")).toHaveLength(1);
  expect(informer.lister.byIndex("color", "one")).toHaveLength(1);
  await paint(PART, "a", "two");
  expect(informer.by(byColor, "two")).toHaveLength(2);
  await client.delete(PART, { namespace: NAMESPACE, name: "a" }, context);
  expect(colors(informer)).toEqual(["b two"]);
  expect(requests).toEqual(["watch metadata"]);
});

test("beside a view of the whole kind metadata is another look at it", async () => {
  const whole = informers.for(ConfigMap);
  const informer = informers.for(PART, COLOR_INDEX);
  const heard = hearing(informer);
  await start();
  expect(requests).toEqual(["watch whole"]);
  expect(heard.told).toEqual(["add a"]);
  const [object] = informer.lister.list();
  expect(Object.keys(object ?? {})).toEqual(["apiVersion", "kind", "metadata"]);
  expect(object?.metadata.annotations).toEqual({ short: "t" });
  expect(informer.memory()).toEqual({ objects: 1, bytes: 0 });
  expect(informer.revision()).toBe(whole.revision());
  expect(informer.lister.byIndex("color", "one")).toHaveLength(1);
  expect(informer.by(byColor, "one")).toEqual([object]);

  const painted = await paint(PART, "a", "three");
  expect(Object.keys(painted)).toEqual(["apiVersion", "kind", "metadata"]);
  expect(colors(informer)).toEqual(["a three"]);
  const seen = whole.lister.get({ namespace: NAMESPACE, name: "a" });
  expect(seen?.metadata.labels).toEqual({ color: "three" }); // and nothing of it is lost
  expect(seen?.data).toEqual({ a: "1" });
  await env.advance(1_000);
  expect(heard.told).toEqual(["add a", "update a"]);
});

test("the whole kind takes over, also before anything has run", async () => {
  const informer = informers.for(PART);
  const heard = hearing(informer);
  informers.for(ConfigMap);
  await start();
  await informers.waitForSync(context.signal);
  expect(requests).toEqual(["watch whole"]);
  expect(heard.told).toEqual(["add a"]);
});

test("the whole kind takes over when it has come as far, and nobody misses anything", async () => {
  const informer = informers.for(PART, COLOR_INDEX);
  const heard = hearing(informer);
  await start();
  await create("b", "two");
  const opening = Promise.withResolvers<void>();
  gate = opening.promise;
  const whole = informers.for(ConfigMap);
  await env.advance(1_000);
  expect(requests).toEqual(["watch metadata", "watch whole"]);
  await paint(PART, "a", "blue"); // both are told of it, by one write
  expect(colors(informer)).toEqual(["a blue", "b two"]);

  opening.resolve();
  await env.advance(1_000);
  expect(whole.hasSynced()).toBe(true);
  expect(informer.memory().bytes).toBe(0);
  await client.delete(ConfigMap, { namespace: NAMESPACE, name: "b" }, context);
  expect(colors(informer)).toEqual(["a blue"]);
  await create("c", "red");
  await env.advance(1_000);
  expect(heard.told).toEqual(["add a", "add b", "update a", "delete b", "add c"]);
  expect(heard.objects()).toEqual(informer.lister.list());
  expect(informer.lister.byIndex("color", "red")).toHaveLength(1);
  expect(requests).toEqual(["watch metadata", "watch whole"]);
});

test("a view of the whole kind that is only lent changes nothing", async () => {
  const informer = informers.for(PART);
  await start();
  const lease = informers.acquire(ConfigMap);
  await env.advance(1_000);
  lease.release();
  await create("b", "two");
  await env.advance(1_000);
  expect(colors(informer)).toEqual(["a one", "b two"]);
  expect(informers.peek(ConfigMap)).toBeUndefined();
});

test("a write of the whole object is in the metadata at once, too", async () => {
  const informer = informers.for(PART);
  await start();
  const made = await create("b", "two");
  await client.update(
    ConfigMap,
    { ...made, metadata: { ...made.metadata, labels: { color: "x" } } },
    context,
  );
  expect(colors(informer)).toEqual(["a one", "b x"]);
  await client.delete(ConfigMap, { namespace: NAMESPACE, name: "b" }, context);
  expect(colors(informer)).toEqual(["a one"]);
});
