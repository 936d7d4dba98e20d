/** Fails, and that is the point: `npx vitest run` in this folder shows the story. */
import { simulate } from "setpoint/sim";
import { test } from "vitest";
import { faultyPools } from "./faulty-controller.ts";
import { pools } from "./what-must-hold.ts";

test("pools hold out", async () => {
  await simulate({ ...pools, controllers: [faultyPools], runs: 3_000 });
}, 600_000);
