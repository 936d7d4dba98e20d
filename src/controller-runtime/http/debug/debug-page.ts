/**
 * The report as a page for the person on call: what needs a look, then an overview, then each
 * controller with what fails before what is only late.
 */
import type {
  ControllerReport,
  DebugReport,
  ErrorReport,
  LaterKey,
  ViewReport,
} from "./debug-report.ts";
import { heading, list, page, paragraph, table, type Html } from "./html.ts";
import { bytesText, durationText } from "./quantities.ts";

const NO_ATTENTION = "Nothing is known to be wrong.";

export function debugPage(report: DebugReport): string {
  const title = "What this process is doing";
  const rest = "The same as JSON: /debug?format=json. Lists are cut; JSON says how long they are.";
  return page(title, [heading(1, title), ...partsOf(report), paragraph(rest)]);
}

function partsOf(report: DebugReport): readonly Html[] {
  const { attention, controllers, views, webhooks, clusters } = report;
  return [
    paragraph(stateText(report)),
    heading(2, "Look at this first"),
    attention.length === 0 ? paragraph(NO_ATTENTION) : list(attention),
    heading(2, "Controllers"),
    overview(controllers),
    ...controllers.flatMap(controllerParts),
    heading(2, "Local views"),
    viewTable(views),
    ...(webhooks === undefined
      ? []
      : [heading(2, "Webhooks"), paragraph(webhookText(webhooks.state, report))]),
    ...clusters.first.flatMap(({ name, state, report: own }) => [
      heading(1, `Cluster ${name}: ${state}`),
      ...(own === undefined ? [] : partsOf(own)),
    ]),
    ...(clusters.count > clusters.first.length
      ? [paragraph(`and ${clusters.count - clusters.first.length} more clusters`)]
      : []),
  ];
}

function stateText({ at, phase, leadership, shards }: DebugReport): string {
  const leader =
    leadership === undefined
      ? []
      : [`${leadership.isLeading ? "holds" : "does not hold"} the lease ${leadership.name}`];
  const share = shards === undefined ? [] : [`shards: ${shards}`];
  return [at, phase, ...leader, ...share].join(" · ");
}

function webhookText(state: string, { webhooks }: DebugReport): string {
  const endsInMs = webhooks?.certificateEndsInMs;
  if (endsInMs === undefined) return `${state}; no certificate is served`;
  if (endsInMs <= 0) return `${state}; the certificate has expired`;
  return `${state}; the certificate ends in ${durationText(endsInMs)}`;
}

function overview(controllers: readonly ControllerReport[]): Html {
  const all = { count: controllers.length, first: controllers };
  return table("All controllers", all, [
    ["controller", ({ name }) => name],
    ["state", ({ state }) => state],
    ["running / workers", ({ running, workers }) => `${running.count} / ${workers}`],
    ["wait for a worker", ({ ready }) => String(ready.count)],
    ["failing", ({ failing }) => String(failing.count)],
    ["failed for good", ({ parked }) => String(parked.count)],
    ["wait for something", ({ awaiting }) => String(awaiting.count)],
    ["slowed down", ({ slowed }) => String(slowed.count)],
    ["later", ({ later }) => String(later.count)],
  ]);
}

function controllerParts(report: ControllerReport): readonly Html[] {
  const tables = [...troubles(report), ...works(report)].filter(({ html }) => html !== "");
  return tables.length === 0 ? [] : [heading(2, `Controller ${report.name}`), ...tables];
}

function troubles({ failing, parked, slowed }: ControllerReport): readonly Html[] {
  return [
    table("Failing: tried again after a delay that grows", failing, [
      ["object", ({ key }) => key],
      ["failures in a row", ({ failures }) => String(failures)],
      ["next try in", ({ dueInMs }) => durationText(dueInMs)],
      ["last error", ({ lastError }) => errorText(lastError)],
      ["causes", causesText],
    ]),
    table("Failed for good: not tried again until something wakes them", parked, [
      ["object", ({ key }) => key],
      ["error", ({ error }) => errorText(error)],
    ]),
    table("Slowed down: they go round in circles", slowed, [
      ["object", ({ key }) => key],
      ["why", ({ why }) => why],
      ["runs at most every", ({ delayMs }) => durationText(delayMs)],
    ]),
  ];
}

function works({ running, awaiting, ready, later }: ControllerReport): readonly Html[] {
  return [
    table("Running now", running, [
      ["object", ({ key }) => key],
      ["for", ({ runsForMs }) => durationText(runsForMs)],
      ["try", ({ attempt }) => String(attempt)],
      [
        "in the API call",
        ({ calls }) =>
          calls.map(({ call, runsForMs }) => `${call} (${durationText(runsForMs)})`).join(", "),
      ],
      ["causes", causesText],
      ["reconcile id", ({ reconcileId }) => reconcileId],
    ]),
    table("Waiting for something: woken as soon as it is there", awaiting, [
      ["object", ({ key }) => key],
      ["waits for", ({ what }) => what],
      ["for", ({ waitsForMs }) => durationText(waitsForMs)],
    ]),
    table("Waiting for a worker", ready, [
      ["object", ({ key }) => key],
      ["for", ({ waitsForMs }) => durationText(waitsForMs)],
      ["priority", ({ priority }) => String(priority)],
      ["causes", causesText],
    ]),
    table("To be looked at later", later, [
      ["object", ({ key }) => key],
      ["in", ({ dueInMs }: LaterKey) => durationText(dueInMs)],
      ["causes", causesText],
    ]),
  ];
}

function viewTable(views: readonly ViewReport[]): Html {
  return table("All views", { count: views.length, first: views }, [
    ["resource", ({ resource }) => resource],
    ["synced", ({ hasSynced }) => (hasSynced ? "yes" : "no")],
    ["objects", ({ objects }) => String(objects)],
    ["memory", ({ bytes }) => bytesText(bytes)],
    ["revision", ({ revision }) => String(revision)],
    ["behind own writes", ({ revisionsBehind }) => String(revisionsBehind)],
    [
      "server last heard",
      ({ silentForMs }) =>
        silentForMs === undefined ? "never" : `${durationText(silentForMs)} ago`,
    ],
    ["watches begun", ({ watches }) => (watches === undefined ? "" : String(watches))],
    ["last error", ({ lastError = "" }) => lastError],
  ]);
}

function errorText(error: ErrorReport | undefined): string {
  if (error === undefined) return "";
  return `${error.text} (${durationText(error.failedForMs)} ago)`;
}

function causesText({ causes }: { readonly causes: readonly string[] }): string {
  return causes.join(", ");
}
