/** See the question below. Definitions are as large as those of well-known operators. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Context } from "../src/base/context.ts";
import { causeId } from "../src/base/context.ts";
import { realEnv } from "../src/base/real/env.ts";
import { createControlPlane, type ControlPlane } from "../src/control-plane/index.ts";
import type { Method, RequestBody } from "../src/machinery/request.ts";
import { heapBytes } from "./parts/memory.ts";
import { figure, IS_SMOKE, printQuestion, printTable } from "./parts/report.ts";

const DEFINITIONS = IS_SMOKE ? 2 : 100;
/** Fields of each schema: about half a megabyte of JSON, most of it descriptions. */
const FIELDS = IS_SMOKE ? 200 : 4_000;
const FIELDS_IN_OBJECT = 20;
const GROUPS = 10;

const env = realEnv({ level: "warn" });
const context: Context = {
  signal: new AbortController().signal,
  cause: { actor: "bench", id: causeId("bench"), triggers: [], traceparent: "" },
  log: env.log,
};

/** Objects in objects, with a field of each usual form and a description on each. */
function aLargeSchema(seed: number): object {
  let left = FIELDS;
  const describe = (name: string): string =>
    `${name} of kind ${seed} says what is wanted of this part, and what becomes of it when it is ` +
    "left out; see the documentation.";
  const fieldsBelow = (depth: number): Record<string, object> => {
    const properties: Record<string, object> = {};
    for (let index = 0; index < FIELDS_IN_OBJECT && left > 0; index += 1) {
      left -= 1;
      const name = `field${seed % 7}x${depth}x${index}`;
      const description = describe(name);
      if (index % 5 === 0 && depth < 6) {
        properties[name] = { type: "object", description, properties: fieldsBelow(depth + 1) };
      } else if (index % 5 === 1) {
        const items = { type: "object", properties: { name: { type: "string", description } } };
        properties[name] = { type: "array", description, items };
      } else if (index % 5 === 2) {
        properties[name] = { type: "integer", description, minimum: 0, default: index };
      } else properties[name] = { type: "string", description, maxLength: 63 + index };
    }
    return properties;
  };
  const spec: Record<string, object> = {};
  for (let part = 0; left > 0; part += 1) {
    spec[`part${part}`] = { type: "object", properties: fieldsBelow(0) };
  }
  return { type: "object", properties: { spec: { type: "object", properties: spec } } };
}

function aDefinition(seed: number): object {
  const group = `group${seed % GROUPS}.example.dev`;
  const plural = `things${seed}`;
  const schema = { openAPIV3Schema: aLargeSchema(seed) };
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, kind: `Thing${seed}` },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}

async function call(
  plane: ControlPlane,
  method: Method,
  path: string,
  value?: object,
): Promise<unknown> {
  const body: RequestBody = value === undefined ? { kind: "none" } : { kind: "value", value };
  const question = path.indexOf("?");
  const answer = await plane.transport.send(
    {
      method,
      path: question < 0 ? path : path.slice(0, question),
      query: new URLSearchParams(question < 0 ? "" : path.slice(question + 1)),
      headers: {},
      body,
    },
    context,
  );
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status}`);
  if (answer.body.kind === "object") return answer.body.object.value;
  return answer.body.kind === "bytes" ? answer.body.bytes.length : undefined;
}

async function untilServed(plane: ControlPlane): Promise<void> {
  for (;;) {
    const index = (await call(plane, "GET", "/openapi/v3")) as { readonly paths: object };
    const groups = Object.keys(index.paths).filter((path) => path.includes("example.dev"));
    if (groups.length === Math.min(GROUPS, DEFINITIONS)) return;
    await env.timers.sleep(5, context.signal);
  }
}

printQuestion("What does a large custom resource definition cost the server in memory?", [
  `${DEFINITIONS} definitions of ${FIELDS} fields in ${Math.min(GROUPS, DEFINITIONS)} groups,`,
  "in this process, with a store in memory: the stored bytes are part of the figures.",
  "Memory is heap and buffers after a collection, per definition.",
]);

const plane = await createControlPlane({ hasControllers: false });
const rows: string[][] = [["after", "kB a definition", "took ms", "longest stall ms"]];
const sizes: number[] = [];
const start = await heapBytes();
const delay = monitorEventLoopDelay({ resolution: 1 });

async function step(name: string, work: () => Promise<void>): Promise<void> {
  delay.reset();
  delay.enable();
  const beganMs = env.clock.monotonic();
  await work();
  const tookMs = env.clock.monotonic() - beganMs;
  delay.disable();
  const grown = (await heapBytes()) - start;
  rows.push([name, figure(grown / DEFINITIONS / 1_024), figure(tookMs), figure(delay.max / 1e6)]);
}

const all = Array.from({ length: DEFINITIONS }, (_, seed) => seed);
await step("they are created and served", async () => {
  for (const seed of all) {
    const definition = aDefinition(seed);
    sizes.push(JSON.stringify(definition).length);
    await call(
      plane,
      "POST",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      definition,
    );
    await env.timers.yield(); // so that stalls are those of one request
  }
  await untilServed(plane);
});
await step("an object of each is created", async () => {
  for (const seed of all) {
    const group = `group${seed % GROUPS}.example.dev`;
    const path = `/apis/${group}/v1/namespaces/default/things${seed}`;
    const apiVersion = `${group}/v1`;
    const spec = { part0: {} };
    await call(plane, "POST", path, {
      apiVersion,
      kind: `Thing${seed}`,
      metadata: { name: "a" },
      spec,
    });
  }
});
await step("OpenAPI v3 was read by group", async () => {
  for (const seed of all.slice(0, GROUPS)) {
    await call(plane, "GET", `/openapi/v3/apis/group${seed}.example.dev/v1`);
  }
});
await step("OpenAPI v2 was read", async () => {
  await call(plane, "GET", "/openapi/v2");
});
await step("they are listed as a table is", async () => {
  await call(plane, "GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=500");
});
const meanSize = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
printTable(`A definition has ${figure(meanSize / 1_024)} kB of JSON.`, rows);
await plane.close();
