/**
 * A program that starts a control plane and tells how long each step took. It is a process of its
 * own, because a start is cold: nothing is loaded, nothing compiled.
 */
const bootedMs = performance.now(); // since the system made the process
const { createControlPlane } = await import("../../src/control-plane/index.ts");
const { Namespace } = await import("../../src/client/builtin.ts");
const loadedMs = performance.now();
const [store = "memory", serving = "", directory = ""] = process.argv.slice(2);
const plane = await createControlPlane({
  store: store === "lmdb" ? { kind: "lmdb", directory: `${directory}/data` } : { kind: "memory" },
  ...(serving === "https" ? { serve: {}, directory } : {}),
});
const createdMs = performance.now();
await plane.client.get(Namespace, { namespace: "", name: "default" }, plane.context);
const answeredMs = performance.now();
await plane.close();

/** Milliseconds from one step to the next. */
export type StartSteps = {
  readonly bootMs: number;
  readonly loadMs: number;
  readonly createMs: number;
  readonly answerMs: number;
};

const steps: StartSteps = {
  bootMs: bootedMs,
  loadMs: loadedMs - bootedMs,
  createMs: createdMs - loadedMs,
  answerMs: answeredMs - createdMs,
};
process.send?.(steps);
process.disconnect?.();
