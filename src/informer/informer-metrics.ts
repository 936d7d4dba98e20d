/** The figures of informers as metrics: read when somebody scrapes, and free until then. */
import type { Gauge, Metrics } from "../base/metrics.ts";
import { isMetadataOnly } from "../client/metadata-of.ts";
import type { ResourceType } from "../client/resource-type.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { SharedInformer } from "./shared-informer-types.ts";

type Figures = Pick<SharedInformer<ApiObject>, "freshness" | "memory">;

/**
 * Shows the figures of an informer of `type` among those of the informers called `name`. Answers
 * what ends that.
 */
export function observeInformer(
  informer: Figures,
  type: ResourceType,
  { name, metrics }: { readonly name: string; readonly metrics: Metrics },
): () => void {
  const { group, version, resource } = type;
  const view = isMetadataOnly(type) ? `${name} (metadata)` : name;
  const labels = { name: view, group, version, resource };
  const gauges: Gauge[] = [];
  const show = (metric: string, help: string, read: () => number): void => {
    const gauge = metrics.gauge(metric, help);
    gauge.read(labels, read);
    gauges.push(gauge);
  };
  show(
    "informer_store_resource_version",
    "The newest resource version in the view; 0 before its first list",
    () => informer.freshness().revision,
  );
  show(
    "setpoint_informer_revisions_behind",
    "Revisions between the view and the newest write of this process",
    () => informer.freshness().revisionsBehind,
  );
  show(
    "setpoint_informer_silent_seconds",
    "Since the server last told the view anything; NaN before its first list",
    () => (informer.freshness().silentMs ?? Number.NaN) / 1_000,
  );
  show("setpoint_informer_objects", "Objects in the view", () => informer.memory().objects);
  show(
    "setpoint_informer_bytes",
    "Memory that the objects in the view take, estimated",
    () => informer.memory().bytes,
  );
  return () => {
    for (const gauge of gauges) gauge.remove(labels);
  };
}
