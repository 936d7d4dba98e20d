/**
 * The figures of many clusters as one: those of each are kept apart, so that they go with it, and
 * are given the label `cluster` when they are read.
 */
import type { Metrics } from "../../base/metrics.ts";

type Family = { readonly head: string[]; readonly samples: string[] };

/** `own`, with the series of the clusters when it is read. */
export function fleetMetrics(
  own: Metrics,
  clusters: () => Iterable<readonly [name: string, metrics: Metrics]>,
): Metrics {
  return {
    counter: (...family) => own.counter(...family),
    gauge: (...family) => own.gauge(...family),
    histogram: (...family) => own.histogram(...family),
    text: () => {
      const families = new Map<string, Family>();
      gather(families, own.text(), (sample) => sample);
      for (const [name, metrics] of clusters()) {
        gather(families, metrics.text(), (sample) => withCluster(sample, name));
      }
      const names = [...families.keys()].sort();
      const lines = names.flatMap((name) => {
        const { head = [], samples = [] } = families.get(name) ?? {};
        return [...head, ...samples];
      });
      return lines.map((line) => `${line}\n`).join("");
    },
  };
}

/** Adds the families of a text in the Prometheus format, as `createMetrics` writes it. */
function gather(
  families: Map<string, Family>,
  text: string,
  change: (sample: string) => string,
): void {
  let family: Family = { head: [], samples: [] };
  let isNew = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("# HELP ")) {
      const name = line.split(" ", 3)[2] ?? "";
      const known = families.get(name);
      isNew = known === undefined;
      family = known ?? { head: [], samples: [] };
      families.set(name, family);
    }
    if (line.startsWith("#")) {
      if (isNew) family.head.push(line);
    } else if (line !== "") family.samples.push(change(line));
  }
}

function withCluster(sample: string, name: string): string {
  const value = name.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  const label = `cluster="${value}"`;
  const brace = sample.indexOf("{");
  const space = sample.indexOf(" ");
  if (brace < 0 || brace > space)
    return `${sample.slice(0, space)}{${label}}${sample.slice(space)}`;
  return `${sample.slice(0, brace + 1)}${label},${sample.slice(brace + 1)}`;
}
