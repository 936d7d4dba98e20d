import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { expired, internalError, tooManyRequests } from "../machinery/status.ts";
import { Reflector, type ReflectorOptions } from "./reflector.ts";
import { broken, FakeHistory, refusedConnection, tooLarge } from "./testing/fake-history.ts";
import { RecordingSink } from "./testing/recording-sink.ts";

type World = {
  readonly env: VirtualEnv;
  readonly history: FakeHistory;
  readonly sink: RecordingSink;
  /** Stops the reflector, and looks that nothing of it is left. */
  readonly stop: () => Promise<void>;
};

/** A history with the objects `a` and `b`. */
function aWorld(): { readonly env: VirtualEnv; readonly history: FakeHistory } {
  const env = virtualEnv();
  const history = new FakeHistory(env);
  history.set("ns/a", 1);
  history.set("ns/b", 1);
  return { env, history };
}

async function running(
  world: { readonly env: VirtualEnv; readonly history: FakeHistory },
  options: ReflectorOptions = { isStreaming: false },
): Promise<World> {
  const { env, history } = world;
  const sink = new RecordingSink();
  const controller = new AbortController();
  const reflector = new Reflector({ source: history, sink, env }, options);
  const run = reflector.run(aContext(env, controller.signal));
  await env.settle();
  return {
    env,
    history,
    sink,
    stop: async () => {
      controller.abort();
      await run;
      expect(env.pendingTimers).toBe(0);
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
      await env.settle();
      expect(history.openWatches).toBe(0);
    },
  };
}

test("lists any version first, then watches from where the list was taken", async () => {
  const { history, sink, env, stop } = await running(aWorld());
  expect(history.requests).toEqual(["list 0", "watch 102"]);
  history.set("ns/a", 2);
  history.delete("ns/b");
  await env.settle();
  expect(sink.told).toEqual(["replace 2", "put uid-1@103", "remove uid-2@104"]);
  expect(sink.resourceVersion).toBe("104");
  await stop();
});

test("a streaming list becomes the watch", async () => {
  const { history, sink, env, stop } = await running(aWorld(), {});
  history.set("ns/a", 2);
  await env.settle();
  expect(history.requests).toEqual(["stream"]);
  expect(sink.told).toEqual(["replace 2", "put uid-1@103"]);
  await stop();
});

test("a server that refuses streaming lists is listed, now and ever after", async () => {
  const world = aWorld();
  world.history.streaming = "refused";
  const { history, env, stop } = await running(world, {});
  expect(history.requests).toEqual(["stream", "list 0", "watch 102"]);
  history.compact();
  history.tick();
  history.compact();
  history.endWatches(broken());
  await env.advance(5_000);
  expect(history.requests.slice(3)).toEqual(["watch 102", "list 102", "watch 103"]);
  await stop();
});

test("a server that ignores the wish for a streaming list is listed after a silence", async () => {
  const world = aWorld();
  world.history.streaming = "ignored";
  const { history, sink, env, stop } = await running(world, {});
  await env.advance(10_000);
  expect(env.lines.map((line) => line.message)).toContain("the streaming list has not ended yet");
  expect(sink.told).toEqual([]);
  await env.advance(25_000);
  expect(history.requests).toEqual(["stream", "list 0", "watch 102"]);
  expect(sink.told).toEqual(["replace 2"]);
  await stop();
});

test("an ended watch goes on from the last event, or from the last bookmark", async () => {
  const { history, env, stop } = await running(aWorld());
  await env.advance(2_000);
  history.set("ns/a", 2);
  await env.settle();
  history.endWatches();
  await env.settle();
  history.tick();
  history.tick();
  await env.advance(2_000);
  history.bookmark();
  await env.settle();
  history.endWatches();
  await env.settle();
  expect(history.requests).toEqual(["list 0", "watch 102", "watch 103", "watch 105"]);
  await stop();
});

test("a watch that ends at once without an event waits, then lists again", async () => {
  const { history, env, stop } = await running(aWorld());
  history.endWatches();
  await env.settle();
  expect(history.requests).toEqual(["list 0", "watch 102"]);
  await env.advance(1_600);
  expect(history.requests.slice(2)).toEqual(["list 102", "watch 102"]);
  await stop();
});

test("a compacted position is listed again, and the outcome is the server's state", async () => {
  const { history, sink, env, stop } = await running(aWorld());
  await env.advance(2_000);
  history.silenceWatches();
  history.delete("ns/b");
  history.set("ns/c", 3);
  history.compact();
  await env.advance(640_000);
  expect([...sink.objects.keys()]).toEqual(["a", "c"]);
  expect(history.requests.slice(2)).toEqual(["list", "watch 102", "list 102", "watch 104"]);
  await stop();
});

test("a version the server does not know (yet) is answered by a list of the newest", async () => {
  const { history, env, stop } = await running(aWorld());
  await env.advance(2_000);
  history.listFaults.push(tooLarge());
  history.endWatches(internalError("x"));
  await env.advance(2_000);
  expect(history.requests.slice(2)).toEqual(["list 102", "list", "watch 102"]);
  await stop();
});

test("lists of the newest state come in pages", async () => {
  const world = aWorld();
  for (let i = 0; i < 5; i += 1) world.history.set(`ns/p${i}`, i);
  world.history.listFaults.push(tooLarge());
  const { history, sink, stop } = await running(world, { isStreaming: false, pageSize: 3 });
  expect(history.requests).toEqual(["list 0", "list", "list next", "list next", "watch 107"]);
  expect(sink.told).toEqual(["replace 7"]);
  await stop();
});

test("a page that expired on the way is answered by one whole list", async () => {
  const world = aWorld();
  world.history.set("ns/c", 1);
  world.history.listFaults.push(tooLarge(), undefined, expired("the continue token is too old"));
  const { history, sink, stop } = await running(world, { isStreaming: false, pageSize: 2 });
  expect(history.requests).toEqual(["list 0", "list", "list next", "list", "watch 103"]);
  expect(sink.told).toEqual(["replace 3"]);
  await stop();
});

test("429 on a watch backs off and keeps the position", async () => {
  const world = aWorld();
  world.history.watchFaults.push(tooManyRequests("busy", 1), tooManyRequests("busy", 1));
  const { history, env, stop } = await running(world);
  expect(history.requests).toEqual(["list 0", "watch 102"]);
  await env.advance(1_600);
  expect(history.requests.length).toBe(3);
  await env.advance(1_500);
  expect(history.requests.length).toBe(3); // the second wait is longer
  await env.advance(1_700);
  expect(history.requests.slice(1)).toEqual(["watch 102", "watch 102", "watch 102"]);
  await stop();
});

test("while the server is away the watch is tried again, without another list", async () => {
  const { history, sink, env, stop } = await running(aWorld());
  await env.advance(2_000);
  history.set("ns/a", 2);
  await env.settle();
  for (let i = 0; i < 4; i += 1) history.watchFaults.push(refusedConnection());
  history.endWatches(broken());
  history.set("ns/b", 2);
  await env.advance(60_000);
  expect(history.requests).toEqual(["list 0", "watch 102", ...Array(5).fill("watch 103")]);
  expect(sink.objects.get("b")?.value).toBe(2);
  await stop();
});

test("an outage of an hour ends nothing, and tries at most every 30 to 60 seconds", async () => {
  const world = aWorld();
  for (let i = 0; i < 10_000; i += 1) world.history.listFaults.push(refusedConnection());
  const { history, sink, env, stop } = await running(world);
  await env.advance(3_600_000);
  expect(history.requests.length).toBeGreaterThan(60);
  expect(history.requests.length).toBeLessThan(130);
  history.listFaults.length = 0;
  await env.advance(60_000);
  expect(sink.told).toEqual(["replace 2"]);
  await stop();
});

test("a watch that the server forgot is ended here and begun anew", async () => {
  const { history, sink, env, stop } = await running(aWorld());
  history.silenceWatches();
  history.set("ns/a", 2);
  await env.advance(300_000);
  expect(sink.told).toEqual(["replace 2"]);
  await env.advance(330_000);
  expect(sink.told).toEqual(["replace 2", "put uid-1@103"]);
  expect(history.requests).toEqual(["list 0", "watch 102", "list", "watch 102"]);
  await stop();
});

test("stops promptly while it lists, streams or waits, and leaves nothing behind", async () => {
  for (const isStreaming of [true, false]) {
    const slow = aWorld();
    slow.history.latencyMs = 10_000;
    await (await running(slow, { isStreaming })).stop();

    const failing = aWorld();
    failing.history.listFaults.push(broken());
    failing.history.watchFaults.push(broken());
    await (await running(failing, { isStreaming })).stop();

    const silent = aWorld();
    silent.history.streaming = "ignored";
    await (await running(silent, { isStreaming })).stop();
  }
});

test("a stream that breaks among its initial objects tells nothing, and is listed", async () => {
  const world = aWorld();
  world.history.cuts.push(1);
  const { history, sink, env, stop } = await running(world, {});
  expect(history.requests).toEqual(["stream", "list 0", "watch 102"]);
  expect(sink.told).toEqual(["replace 2"]);
  // The next list is a stream again: what broke once need not break ever after.
  await env.advance(2_000);
  history.tick();
  history.compact();
  history.endWatches();
  await env.advance(5_000);
  expect(history.requests.slice(3)).toEqual(["watch 102", "stream 102"]);
  await stop();
});

test("initial objects that come slowly are waited for", async () => {
  const world = aWorld();
  world.history.trickleMs = 20_000;
  const { history, sink, env, stop } = await running(world, {});
  await env.advance(50_000);
  expect(sink.told).toEqual([]);
  history.set("ns/a", 2); // while the initial objects still come
  await env.advance(50_000);
  expect(history.requests).toEqual(["stream"]);
  expect(sink.told).toEqual(["replace 2", "put uid-1@103"]);
  await stop();
});

test("a stream of a version the server does not know begins with the newest", async () => {
  const { history, sink, env, stop } = await running(aWorld(), {});
  await env.advance(2_000);
  history.watchFaults.push(expired("too old"), tooLarge());
  history.endWatches();
  await env.advance(5_000);
  expect(history.requests).toEqual(["stream", "watch 102", "stream 102", "stream"]);
  expect(sink.told).toEqual(["replace 2", "replace 2"]);
  await stop();
});

test("a busy server is asked for the stream again, and only after a while", async () => {
  const world = aWorld();
  world.history.watchFaults.push(tooManyRequests("busy", 1), refusedConnection());
  const { history, env, stop } = await running(world, {});
  expect(history.requests).toEqual(["stream"]);
  await env.advance(1_700);
  expect(history.requests).toEqual(["stream", "stream"]);
  await env.advance(3_400);
  expect(history.requests).toEqual(["stream", "stream", "stream"]);
  await stop();
});

test("what changes before the initial objects end is in the first list", async () => {
  const world = aWorld();
  world.history.endDelayMs = 5_000;
  const { history, sink, env, stop } = await running(world, {});
  history.set("ns/a", 2);
  history.delete("ns/b");
  history.set("ns/c", 3);
  await env.advance(5_000);
  expect(sink.told).toEqual(["replace 2"]);
  expect([...sink.objects.values()].map(({ value }) => value)).toEqual([2, 3]);
  expect(sink.resourceVersion).toBe("105");
  await stop();
});

test("an empty list is believed when a second one is empty, too", async () => {
  const { history, sink, env, stop } = await running(aWorld());
  history.compact();
  history.tick();
  history.compact();
  history.emptyLists = 1;
  history.endWatches(broken());
  await env.advance(5_000);
  const asked = ["watch 102", "list 102", "list", "watch 103"];
  expect(history.requests.slice(2)).toEqual(asked);
  expect(sink.told).toEqual(["replace 2", "replace 2"]);

  history.endWatches(broken());
  history.delete("ns/a");
  history.delete("ns/b");
  history.compact();
  await env.advance(9_000);
  expect(sink.told.at(-1)).toBe("replace 0");
  await stop();
});

test("of an empty list and a mistaken second one, the watch tells what came between", async () => {
  const { history, sink, env, stop } = await running(aWorld());
  history.delete("ns/a");
  history.delete("ns/b");
  await env.settle();
  history.set("ns/a", 5);
  history.delete("ns/a");
  history.tick();
  history.compact();
  const list = history.list.bind(history);
  let lists = 0;
  history.list = async (...request) => {
    const answer = await list(...request);
    lists += 1;
    if (lists === 1) history.set("ns/b", 7); // after the first look, before the second
    if (lists === 1) history.emptyLists = 1;
    return answer;
  };
  history.endWatches(expired("the position is too old"));
  await env.advance(9_000);
  expect(sink.told.slice(-2)).toEqual(["replace 0", "put uid-4@108"]);
  expect([...sink.objects.values()].map(({ value }) => value)).toEqual([7]);
  await stop();
});

test("an empty streaming list is looked at again, page by page", async () => {
  const { history, sink, env, stop } = await running(aWorld(), {});
  history.compact();
  history.tick();
  history.compact();
  history.emptyLists = 1;
  history.endWatches(broken());
  await env.advance(5_000);
  expect(history.requests.slice(1)).toEqual(["watch 102", "stream 102", "list", "watch 103"]);
  expect(sink.told).toEqual(["replace 2", "replace 2"]);
  await stop();
});

test("the first list may be empty, and is asked for once", async () => {
  const env = virtualEnv();
  const { history, stop } = await running({ env, history: new FakeHistory(env) });
  expect(history.requests).toEqual(["list 0", "watch 100"]);
  await stop();
});

test("older and doubled bookmarks do not take a watch back", async () => {
  const { history, sink, env, stop } = await running(aWorld());
  history.set("ns/a", 2);
  history.set("ns/a", 3);
  history.bookmark();
  history.bookmark(1);
  history.bookmark();
  history.bookmark(2);
  await env.advance(2_000);
  history.endWatches();
  await env.settle();
  expect(history.requests).toEqual(["list 0", "watch 102", "watch 104"]);
  expect(sink.told.slice(1)).toEqual(["put uid-1@103", "put uid-1@104"]);
  await stop();
});

test("a bookmark from before a watch began tells of a reset: all is listed", async () => {
  const { history, sink, env, stop } = await running(aWorld());
  history.bookmark(5);
  await env.advance(2_000);
  expect(history.requests).toEqual(["list 0", "watch 102", "list", "watch 102"]);
  expect(sink.told).toEqual(["replace 2", "replace 2"]);
  await stop();
});

for (const [how, requests] of [
  ["refuses", ["watch 104", "list 104", "list", "watch 101"]],
  ["waits", ["watch 104", "list", "list", "watch 101"]],
] as const) {
  test(`a server that was set back and ${how} watches from then is listed anew`, async () => {
    const world = aWorld();
    world.history.delete("ns/b");
    const { history, sink, env, stop } = await running(world);
    history.set("ns/b", 5);
    await env.settle();
    history.restore(101, how);
    await env.advance(700_000);
    expect(history.requests.slice(2, 2 + requests.length)).toEqual(requests);
    expect([...sink.objects.values()]).toEqual(history.objects());
    await stop();
  });
}
