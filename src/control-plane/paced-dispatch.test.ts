import { expect, test } from "vitest";
import { Namespace } from "../client/builtin.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { createControlPlane } from "./control-plane.ts";

const CALLS_MAX = 10_000;

test("a loop of calls in the same process leaves its turn to others", async () => {
  const world = virtualEnv();
  let elapsedMs = 0;
  const clock = {
    now: () => world.clock.now(),
    monotonic: () => (elapsedMs += 1), // whoever looks finds that time goes by
  };
  const env = { ...world, clock };
  await using plane = await createControlPlane({ env, hasControllers: false });
  const { client, context } = plane;
  let isTold = false;
  setImmediate(() => (isTold = true));
  let calls = 0;
  while (!isTold && calls < CALLS_MAX) {
    await client.get(Namespace, { namespace: "", name: "default" }, context);
    calls += 1;
  }
  expect(calls).toBeLessThan(CALLS_MAX);
});
