import { expect, test } from "vitest";
import { Channel } from "../../base/channel.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { Choices } from "../choices/choices.ts";
import { replayed } from "../choices/replayed.ts";
import { Actor } from "../kernel/actor.ts";
import { EventLog } from "../kernel/event-log.ts";
import { Kernel } from "../kernel/kernel.ts";
import { EventStream, type StreamEnd } from "./event-stream.ts";

type Bench = {
  readonly kernel: Kernel;
  /** What the reader has got, and when; then how it ended. */
  readonly got: string[];
  readonly seen: string[];
  readonly ends: StreamEnd[];
  readonly stream: EventStream;
  readonly send: (...names: readonly string[]) => Promise<void>;
  readonly close: () => void;
  readonly run: (untilMs: number) => Promise<void>;
};

function bench(taken: Readonly<Record<string, string>> = {}): Bench {
  const choices = new Choices(replayed(new Map(Object.entries(taken))), { keepsPoints: false });
  const kernel = new Kernel(
    { choices, log: new EventLog({ keepsEvents: false }) },
    { ordersEvents: false },
  );
  const source = new Channel<readonly WatchEvent[]>({ capacity: 100, whenFull: "end" });
  const [got, seen, ends]: [string[], string[], StreamEnd[]] = [[], [], []];
  const stream = new EventStream(source, {
    kernel,
    reader: new Actor("apps"),
    name: "apps's pods",
    nameOf: ({ metadata }) => metadata.name ?? "",
    onSeen: ({ metadata }) => void seen.push(metadata.name ?? ""),
    onCut: (end) => void ends.push(end),
  });
  void read(stream, (what) => void got.push(`${what} at ${kernel.nowMs}`));
  return {
    kernel,
    got,
    seen,
    ends,
    stream,
    send: async (...names) => {
      source.send(names.map(added));
      await kernel.settle();
    },
    close: () => source.close(),
    run: async (untilMs) => {
      while (await kernel.step(untilMs));
    },
  };
}

async function read(stream: EventStream, tell: (what: string) => void): Promise<void> {
  try {
    for await (const events of stream) {
      for (const event of events) {
        if (event.kind === "ADDED") tell(event.object.value.metadata.name ?? "");
      }
    }
    tell("end");
  } catch (error) {
    tell(error instanceof Error ? error.message : "?");
  }
}

function added(name: string): WatchEvent {
  return { kind: "ADDED", object: EncodedObject.fromValue({ metadata: { name } }) };
}

const RESET = "the simulated connection was reset";

test("without faults events come at once, in order, and the end comes after them", async () => {
  const { got, seen, send, close, run } = bench();
  await send("a", "b");
  await send("c");
  close();
  await run(10);
  expect(got).toEqual(["a at 0", "b at 0", "c at 0", "end at 0"]);
  expect(seen).toEqual(["a", "b", "c"]);
});

test("what follows an event that is held back waits with it, and keeps its order", async () => {
  const { got, send, run } = bench({ "event: apps's pods sees added b": "pause 2s" });
  await send("a", "b");
  await run(500);
  await send("c");
  await run(10_000);
  expect(got).toEqual(["a at 0", "b at 2000", "c at 2000"]);
});

test("a stream that lags shows everything later; seen is what has arrived", async () => {
  const { got, seen, send, run } = bench({ "lag: apps's pods": "10s" });
  await send("a");
  await run(1_000);
  await send("b");
  await run(10_500);
  expect(seen).toEqual(["a"]);
  await run(20_000);
  expect(got).toEqual(["a at 10000", "b at 11000"]);
});

test("when all is mended, what is under way of a stream that lagged comes first", async () => {
  const { kernel, got, send, run } = bench({ "lag: apps's pods": "10s" });
  await send("a");
  await run(1_000);
  kernel.choices.heal();
  await send("b");
  await run(20_000);
  expect(got).toEqual(["a at 10000", "b at 10000"]);
});

for (const fate of ["cut", "expired"] as const) {
  test(`${fate}: what was sent before arrives, the event and what follows never do`, async () => {
    const taken = { "lag: apps's pods": "500ms", "event: apps's pods sees added b": fate };
    const { got, seen, ends, send, run } = bench(taken);
    await send("a", "b", "c");
    await send("d");
    await run(10_000);
    expect(got).toEqual(["a at 500", `${RESET} at 500`]);
    expect(seen).toEqual(["a"]);
    expect(ends).toEqual([{ expired: fate === "expired" }]);
  });
}

test("what is under way when the connection goes is lost, and was never seen", async () => {
  const { kernel, got, seen, ends, stream, send, run } = bench({ "lag: apps's pods": "10s" });
  await send("a");
  await run(1_000);
  stream.cut();
  stream.cut();
  await kernel.settle();
  await run(20_000);
  expect(got).toEqual([`${RESET} at 1000`]);
  expect(seen).toEqual([]);
  expect(ends).toEqual([{ expired: false }]);
});
