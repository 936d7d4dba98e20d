/** Follows applied objects until each has become what it declares, and shows it as it happens. */
import type { ApiObject } from "../machinery/object.ts";
import { Pod } from "../client/builtin.ts";
import { selects, type LabelSelector } from "../machinery/labels.ts";
import { isFields, own } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { kindPrefix } from "./commands/get.ts";
import type { Applied } from "./commands/apply.ts";
import type { LiveLine, LiveLines } from "./printers/live-lines.ts";
import { readinessOf } from "./readiness.ts";
import type { Session } from "./session.ts";

/** How often the view is refreshed, in milliseconds. */
const REFRESH_MS = 100;

/** An object now, with the pods it runs. */
type Sight = { readonly label: string; readonly object: ApiObject; readonly pods: readonly Pod[] };

/** Shows the objects until all are ready, or the signal aborts. Resolves with their last state. */
export async function showConvergence(
  session: Session,
  applied: readonly Applied[],
  view: LiveLines,
): Promise<readonly ApiObject[]> {
  for (;;) {
    const sights = await look(session, applied);
    view.show(sights.flatMap(linesOf));
    const isReady = sights.every(
      ({ object, pods }) =>
        readinessOf(object).state === "ready" &&
        pods.every((pod) => readinessOf(pod).state === "ready"),
    );
    if (isReady) return sights.map(({ object }) => object);
    await session.env.timers.sleep(REFRESH_MS, session.context.signal);
  }
}

async function look(session: Session, applied: readonly Applied[]): Promise<readonly Sight[]> {
  const sights: Sight[] = [];
  for (const { type, object } of applied) {
    const { namespace = "", name = "" } = object.metadata;
    try {
      const now = await session.client.get(type, { namespace, name }, session.context);
      const label = `${kindPrefix(type)}/${name}`;
      sights.push({ label, object: now, pods: await podsOf(session, now) });
    } catch (error) {
      if (!isStatus(error, "NotFound")) throw error; // deleted meanwhile: nothing to show
    }
  }
  return sights;
}

async function podsOf(session: Session, object: ApiObject): Promise<readonly Pod[]> {
  if (object.kind !== "Deployment" && object.kind !== "ReplicaSet") return [];
  const spec = own(object, "spec");
  const selector = isFields(spec) ? own(spec, "selector") : undefined;
  if (!isFields(selector)) return [];
  const namespace = object.metadata.namespace ?? "";
  const { items } = await session.client.list(Pod, { namespace }, session.context);
  return items.filter((pod) => selects(selector as LabelSelector, pod.metadata));
}

const MARKS = { ready: "✓", progressing: "…", failed: "✗" } as const;
const LABEL_COLUMNS = 44;

function linesOf({ label, object, pods }: Sight): readonly LiveLine[] {
  return [
    lineOf(label, object, ""),
    ...pods.map((pod) => lineOf(`pod/${pod.metadata.name ?? ""}`, pod, "  ")),
  ];
}

function lineOf(label: string, object: ApiObject, indent: string): LiveLine {
  const { state, text } = readinessOf(object);
  const padded = `${indent}${label}`.padEnd(LABEL_COLUMNS);
  return { key: label, text: `${MARKS[state]} ${padded} ${text}` };
}
