/**
 * Very many requests of every kind. None may fail the server, and none may hold it up: while one
 * is worked on, no other is.
 */
import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRequest, type AnyRequest } from "../src/server/testing/any-request.ts";
import { problemAfter } from "../src/server/testing/send-any.ts";
import { aServer, type TestServer } from "../src/server/testing/test-server.ts";

const REQUESTS = 100_000;
const BATCH = 1_000;

/** How long the loop may be held up, in milliseconds. */
const STALL_MS_MAX = 100;

/** Machines have other things to do: a request is slow only if it is slow each time. */
const TRIES = 4;

test("very many requests are answered, each in a moment", { timeout: 1_800_000 }, async () => {
  const seed = Date.now() % 2 ** 31;
  for (let sent = 0; sent < REQUESTS; sent += BATCH) {
    // A server does not remember the batch before, so that a failure needs only its own.
    const server = await aServer();
    for (const request of fc.sample(anyRequest, { numRuns: BATCH, seed: seed + sent })) {
      const told = `seed ${seed + sent}: ${JSON.stringify(request)}`;
      const tookMs = await timeOf(server, request, told);
      if (tookMs > STALL_MS_MAX)
        expect(await bestOf(server, request, told), told).toBeLessThan(STALL_MS_MAX);
    }
  }
});

async function timeOf(server: TestServer, request: AnyRequest, told: string): Promise<number> {
  const startMs = performance.now();
  expect(await problemAfter(server, request), told).toBeUndefined();
  return performance.now() - startMs;
}

async function bestOf(server: TestServer, request: AnyRequest, told: string): Promise<number> {
  let bestMs = Infinity;
  for (let attempt = 1; attempt < TRIES; attempt += 1) {
    bestMs = Math.min(bestMs, await timeOf(server, request, told));
  }
  return bestMs;
}
