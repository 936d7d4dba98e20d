/** Memory per object of a view: apart, as views keep them, and with less of each. */
import { deepFreeze } from "../src/base/freeze.ts";
import { realEnv } from "../src/base/real/env.ts";
import { rootContext } from "../src/base/context.ts";
import type { Pod } from "../src/client/builtin.ts";
import { ReflectingInformer } from "../src/informer/shared-informer.ts";
import type { ListerWatcher } from "../src/informer/lister-watcher.ts";
import { heapBytes } from "./parts/memory.ts";
import { aRunningPod, SIBLINGS } from "./parts/objects.ts";
import { figure, IS_SMOKE, printQuestion, printTable } from "./parts/report.ts";

const OBJECTS = IS_SMOKE ? 500 : 50_000;
const env = realEnv({ level: "warn" });

/** As the server sends it: parsed anew, so that no two pods have anything in common yet. */
function podText(seed: number): string {
  const pod = aRunningPod(seed);
  const metadata = { ...pod.metadata, uid: `uid-${seed}`, resourceVersion: String(seed + 1) };
  return JSON.stringify({ ...pod, metadata });
}

const EMPTY: Pod["spec"] = { containers: [] };

const parsed = (seed: number): Pod => deepFreeze(JSON.parse(podText(seed)));
const seeds = Array.from({ length: OBJECTS }, (_, seed) => seed);

const source: ListerWatcher<Pod> = {
  list: () => Promise.reject(new Error("the bench streams")),
  watch: (_request, { signal }) =>
    Promise.resolve(
      (async function* () {
        const { EncodedObject } = await import("../src/machinery/encoded.ts");
        for (const seed of seeds) {
          yield [{ kind: "ADDED" as const, object: EncodedObject.fromValue(parsed(seed)) }];
        }
        const resourceVersion = String(OBJECTS + 1);
        const object = EncodedObject.fromValue({ metadata: { resourceVersion } });
        yield [{ kind: "BOOKMARK" as const, resourceVersion, isInitialEventsEnd: true, object }];
        await new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      })(),
    ),
};

printQuestion("How much memory does an object in a view take?", [
  `${OBJECTS} pods, ${SIBLINGS} of each ReplicaSet, of ${podText(0).length} bytes of JSON.`,
  "apart: only parsed and frozen; view: as an informer keeps them, its maps and index included;",
  "metadata: the same with a transform that leaves nothing else.",
]);

const rows: string[][] = [["form", "B an object", "figure of the view", "us an object to take in"]];

async function measure(
  name: string,
  make: () => Promise<{ readonly kept: unknown; readonly bytes?: number; end(): Promise<void> }>,
): Promise<void> {
  const before = await heapBytes();
  const start = performance.now();
  const made = await make();
  const tookMs = performance.now() - start;
  const bytes = ((await heapBytes()) - before) / OBJECTS;
  const own = made.bytes === undefined ? "-" : figure(made.bytes / OBJECTS);
  rows.push([name, figure(bytes), own, figure((tookMs / OBJECTS) * 1_000)]);
  await made.end();
}

async function view(change?: (pod: Pod) => Pod) {
  const transforms = change === undefined ? [] : [change];
  const informer = new ReflectingInformer<Pod>({ source, env }, { transforms });
  const stop = new AbortController();
  const run = informer.run(rootContext(env, stop.signal));
  await informer.waitForSync(stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await run;
  };
  return { kept: informer, bytes: informer.memory().bytes, end };
}

await measure("apart", () =>
  Promise.resolve({ kept: seeds.map(parsed), end: () => Promise.resolve() }),
);
await measure("view", () => view());
await measure("metadata", () => view((pod) => ({ ...pod, spec: EMPTY, status: {} })));
printTable("Memory after a garbage collection.", rows);
