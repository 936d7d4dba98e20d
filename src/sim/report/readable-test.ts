import type { FoundBy, SimulationFailure } from "./simulation-error.ts";

/** Lines of a test that fails until the defect is mended; with the options of the simulation. */
export function readableTest({ tape, told }: SimulationFailure, by: FoundBy): readonly string[] {
  const { seed, operations, taken, ordersEvents } = tape;
  const needed = { seed, operations, taken, ...(ordersEvents === true ? { ordersEvents } : {}) };
  const title = JSON.stringify(told.violation?.oracle ?? "holds out");
  const lines = JSON.stringify(needed, undefined, 2).split("\n");
  const [first = "", ...others] = lines;
  return [
    `  test(${title}, async () => {`,
    `    const tape = ${[first, ...others.map((line) => `    ${line}`)].join("\n")};`,
    by === "verify"
      ? "    await verify(controller, { tape });"
      : "    await simulate({ ...options, tape });",
    "  });",
  ];
}
