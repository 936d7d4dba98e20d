import { expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { systemOf } from "../simulate.ts";
import { runWith } from "../testing/probe.ts";

/** What is said of a process that does this and then goes on. */
async function saidOf(act: (env: Env, context: Context) => void): Promise<string | undefined> {
  const system = await systemOf({
    processes: {
      probe: ({ env }) => ({
        name: "probe",
        run: async (context: Context) => {
          act(env, context);
          await env.timers.sleep(365 * 86_400_000, context.signal);
        },
      }),
    },
    scenario: [],
    hasNodes: false,
    hasCollector: false,
  });
  const { violation } = await runWith(system, {});
  return violation && `${violation.oracle}: ${violation.message}`;
}

test("a promise that is rejected and left alone is found, with the process it is of", async () => {
  const said = await saidOf((env, { signal }) => {
    void env.timers.sleep(1_000, signal).then(() => {
      throw new Error("left alone");
    });
  });
  expect(said).toMatch(/^no uncaught errors: probe: nobody handles .*left alone/);
});

test("so is a timer that throws", async () => {
  const said = await saidOf((env) => {
    env.timers.after(1_000, () => {
      throw new Error("in a timer");
    });
  });
  expect(said).toMatch(/^no uncaught errors: probe: nobody handles .*in a timer/);
});

test("errors that are handled, late ones too, are nobody's concern", async () => {
  const said = await saidOf((env) => {
    const failed = Promise.reject(new Error("handled"));
    env.timers.after(0, () => undefined);
    failed.catch(() => undefined);
  });
  expect(said).toBeUndefined();
});
