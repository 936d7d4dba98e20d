/** See the question below. */
import { realEnv } from "../src/base/real/env.ts";
import { childSignal } from "../src/base/signals.ts";
import type { Metrics } from "../src/base/metrics.ts";
import { createControlPlane } from "../src/control-plane/index.ts";
import { percentile } from "./machine.ts";
import { startChild } from "./parts/child.ts";
import { onComparedServers, type ComparedServer } from "./parts/compared-servers.ts";
import { copierManager } from "./parts/copier-manager.ts";
import type { CopierSide, CopierUse } from "./parts/copier-process.ts";
import { Asker, WORKERS } from "./parts/copying.ts";
import { figure, IS_SMOKE, printQuestion, printTable, spread } from "./parts/report.ts";
import { createTurnObjects, turnRate, type TurnOptions, type Work } from "./parts/turner.ts";

const ROUNDS = IS_SMOKE ? 1 : 3;
const OBJECTS = IS_SMOKE ? 100 : 1_000;
const QUESTIONS = IS_SMOKE ? 20 : 1_000;
const PER_SECOND = 100;
const BURST = IS_SMOKE ? 50 : 3_000;
const OPEN = 64;
const WINDOW_MS = IS_SMOKE ? 50 : 1_000;

type Round = {
  readonly latenciesMs: readonly number[];
  readonly perSecond: number;
  /** Of the controller's process, for a thousand answers. */
  readonly steady: CopierUse | undefined;
  readonly burst: CopierUse | undefined;
};

async function measure(asker: Asker, use: () => Promise<CopierUse | undefined>): Promise<Round> {
  await asker.atOnce(IS_SMOKE ? 5 : 500, OPEN); // warm-up
  await use();
  const latenciesMs = await asker.atRate(QUESTIONS, PER_SECOND);
  const steady = perThousand(await use(), QUESTIONS);
  const perSecond = await asker.atOnce(BURST, OPEN);
  return { latenciesMs, perSecond, steady, burst: perThousand(await use(), BURST) };
}

function perThousand(use: CopierUse | undefined, answers: number): CopierUse | undefined {
  if (use === undefined) return undefined;
  const { cpuMs, reconciles } = use;
  return { cpuMs: (cpuMs * 1_000) / answers, reconciles: (reconciles * 1_000) / answers };
}

/** Server, controller and who asks in one thread. */
async function inProcess(): Promise<Round> {
  const env = realEnv({ level: "warn" });
  await using plane = await createControlPlane({ hasControllers: false, env });
  const { client, context } = plane;
  const asker = new Asker({ client, context, namespace: "default" }, OBJECTS);
  await asker.begin();
  const stop = childSignal(context.signal);
  const manager = copierManager({ client, env, namespace: "default" }, () => undefined);
  const running = manager.run({ ...context, signal: stop.signal });
  const round = await measure(asker, () => Promise.resolve(undefined));
  stop.abort();
  await running;
  await asker.end();
  return round;
}

async function overHttp(server: ComparedServer, side: CopierSide): Promise<Round> {
  const asker = new Asker(server, OBJECTS);
  await asker.begin();
  await using child = startChild("copier-process.ts", [side, server.kubeconfig, server.namespace]);
  await child.answer();
  const round = await measure(asker, async () => (await child.ask("use")) as CopierUse);
  await asker.end();
  return round;
}

type Result = { readonly name: string; readonly rounds: Round[] };

function report(title: string, results: readonly Result[]): void {
  const of = (rounds: readonly Round[], value: (round: Round) => number | undefined): string => {
    const values = rounds.map(value).filter((each) => each !== undefined);
    return values.length === 0 ? "-" : spread(values, 1);
  };
  printTable(title, [
    ["", "p50 ms", "p99 ms", "CPU ms/1,000", "answers/s", "CPU ms/1,000", "reconciles/1,000"],
    ...results.map(({ name, rounds }) => [
      name,
      of(rounds, ({ latenciesMs }) => percentile(latenciesMs, 0.5)),
      of(rounds, ({ latenciesMs }) => percentile(latenciesMs, 0.99)),
      of(rounds, ({ steady }) => steady?.cpuMs),
      spread(rounds.map(({ perSecond }) => perSecond)),
      of(rounds, ({ burst }) => burst?.cpuMs),
      of(rounds, ({ burst }) => burst?.reconciles),
    ]),
  ]);
}

/** A registry that keeps nothing: what is left is what a controller costs without metrics. */
const NO_METRICS: Metrics = {
  counter: () => ({ add: nothing, read: nothing, value: () => 0 }),
  gauge: () => ({ set: nothing, add: nothing, read: nothing, remove: nothing, value: () => 0 }),
  histogram: () => ({ touch: nothing, observe: nothing, count: () => 0 }),
  beforeRead: () => nothing,
  families: () => [],
  text: () => "",
};

function nothing(): void {
  // Nobody wants to know.
}

type Extras = Pick<TurnOptions, "loopGuard" | "metrics">;

const EXTRAS: readonly { readonly name: string; readonly extras: Extras }[] = [
  { name: "as it is", extras: {} },
  { name: "without loop guard", extras: { loopGuard: "off" } },
  { name: "without metrics", extras: { metrics: NO_METRICS } },
  { name: "without both", extras: { loopGuard: "off", metrics: NO_METRICS } },
];

async function reportExtras(): Promise<void> {
  await using plane = await createControlPlane({ hasControllers: false });
  await createTurnObjects(plane, OBJECTS);
  const works: readonly Work[] = ["no-op", "writing"];
  const results = EXTRAS.map((each) => ({ ...each, rates: works.map(() => [] as number[]) }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { extras, rates } of results) {
      for (const [index, work] of works.entries()) {
        const options = { objects: OBJECTS, workers: WORKERS, windowMs: WINDOW_MS, ...extras };
        rates[index]?.push((await turnRate(plane, work, options)).reconciles);
      }
    }
  }
  printTable("In-process: reconciles a second", [
    ["", ...works],
    ...results.map(({ name, rates }) => [name, ...rates.map((rate) => spread(rate))]),
  ]);
}

printQuestion("How soon does a controller act, how much does it do in a second, at what cost?", [
  `${figure(OBJECTS)} ConfigMaps; the controller, ${WORKERS} workers, copies one field to another by a`,
  "merge patch. Latency: from before the write that asks for it, by a client in another process,",
  `until that client's watch shows the answer, ${PER_SECOND} times a second. Answers a second:`,
  `${figure(BURST)} questions, ${OPEN} open at a time. CPU and reconciles: of the controller's process.`,
  "By hand: client-node's informer, with a queue without doubles and delays after errors.",
  `In-process: server, controller and who asks in one thread. ${ROUNDS} round(s), by turns.`,
]);
const alone: Result = { name: "setpoint, in-process", rounds: [] };
for (let round = 0; round < ROUNDS; round += 1) alone.rounds.push(await inProcess());
report("Setpoint, in-process", [alone]);
await onComparedServers(async (server) => {
  const sides: readonly (Result & { readonly side: CopierSide })[] = [
    { side: "setpoint", name: "setpoint", rounds: [] },
    { side: "client-node", name: "by hand over client-node", rounds: [] },
  ];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { side, rounds } of sides) rounds.push(await overHttp(server, side));
  }
  report(`${server.name}, over HTTPS`, sides);
});
await reportExtras();
