/**
 * Every key that is added to a queue gets its turn, once all is mended. What queues hold is asked
 * of the managers, by their debug report and their metrics.
 */
import type { Shown } from "../actors/hold.ts";
import type { ControllerReport } from "../../controller-runtime/http/debug/debug-report.ts";
import { DECADES_S } from "../../controller-runtime/queue/queue-metrics.ts";
import type { MakeOracle } from "./oracle.ts";

/** Nothing has failed for longer than that when it is asked for. */
const WAIT_MS_MAX = 300_000;

export const noStarvation: MakeOracle = () => ({
  name: "no starvation",
  atEnd: ({ processes }) => {
    for (const { name, hold, isUp } of processes) {
      const manager = hold?.manager;
      if (manager === undefined || !isUp) continue;
      for (const controller of manager.debug().controllers) {
        const lost = hold?.countsFromStart === true ? lostKeys(controller, manager) : undefined;
        const problem = waitingKey(controller) ?? lost;
        if (problem !== undefined) return `${name}: ${controller.name} ${problem}`;
      }
    }
    return undefined;
  },
});

function waitingKey({ ready, workers }: ControllerReport): string | undefined {
  const [oldest] = ready.first;
  if (oldest === undefined || oldest.waitsForMs <= WAIT_MS_MAX) return undefined;
  const seconds = Math.round(oldest.waitsForMs / 1_000);
  const of = workers === 1 ? "its worker has" : `its ${workers} workers have`;
  return `lets ${oldest.key} wait for ${seconds} s, although all is mended: ${of} no end`;
}

/** Each add is one turn, but for those that still wait. */
function lostKeys(
  { name, state, ready }: ControllerReport,
  { metrics }: Shown,
): string | undefined {
  const labels = { name, controller: name };
  const busy = metrics.gauge("workqueue_unfinished_work_seconds", "").value(labels);
  if (state !== "working" || busy > 0) return undefined;
  const added = metrics.counter("workqueue_adds_total", "").value(labels);
  const taken = metrics.histogram("workqueue_queue_duration_seconds", "", DECADES_S).count(labels);
  const lost = added - taken - ready.count;
  return lost === 0 ? undefined : `was given ${added} keys, and ${lost} of them never had a turn`;
}
