/**
 * How metrics are written for those who scrape them: the Prometheus text format 0.0.4, which every
 * scraper reads, and OpenMetrics 1.0, which Prometheus asks for first. There are no native
 * histograms: neither of the two text forms can carry them.
 */

/** What a metric is: it only grows, it goes up and down, or it counts values up to bounds. */
export type MetricKind = "counter" | "gauge" | "histogram";

/** One family as it is now: what all forms of writing are made of. */
export type MetricFamily = {
  readonly name: string;
  readonly kind: MetricKind;
  readonly help: string;
  readonly samples: readonly MetricSample[];
};

/** One value of a family, with its labels. */
export type MetricSample = {
  readonly suffix: "" | "_bucket" | "_sum" | "_count";
  /** As `printLabels` writes them. */
  readonly labels: string;
  /** Of a bucket: what it counts up to. */
  readonly bound?: number;
  readonly value: number;
};

/** `prometheus`: the text format 0.0.4. `openmetrics`: OpenMetrics 1.0. */
export type MetricsFormat = "prometheus" | "openmetrics";

/** The `content-type` of each. */
export const METRICS_TYPES: Readonly<Record<MetricsFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** Metrics as an answer to a request. */
export type WrittenMetrics = { readonly text: string; readonly contentType: string };

/** In the form that the `accept` header of the request likes best. */
export function writtenMetrics(
  metrics: { text(format?: MetricsFormat): string },
  accept: string | undefined,
): WrittenMetrics {
  const format = metricsFormat(accept);
  return { text: metrics.text(format), contentType: METRICS_TYPES[format] };
}

/**
 * The form an `accept` header likes best: of equals the one named first, and the text format where
 * it names neither.
 */
export function metricsFormat(accept = ""): MetricsFormat {
  let best: { readonly format: MetricsFormat; readonly quality: number } | undefined;
  for (const range of accept.split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const format = formatOf(type, parameterOf(parameters, "version"));
    const quality = Number(parameterOf(parameters, "q") ?? 1);
    if (format === undefined || !(quality > 0)) continue;
    if (best === undefined || quality > best.quality) best = { format, quality };
  }
  return best?.format ?? "prometheus";
}

function formatOf(type: string, version: string | undefined): MetricsFormat | undefined {
  switch (type) {
    case "application/openmetrics-text":
      return version === undefined || version === "1.0.0" ? "openmetrics" : undefined;
    case "text/plain":
      return version === undefined || version === "0.0.4" ? "prometheus" : undefined;
    case "text/*":
    case "*/*":
      return "prometheus";
    default:
      return undefined;
  }
}

function parameterOf(parameters: readonly string[], name: string): string | undefined {
  const found = parameters.find((parameter) => parameter.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** All families, in the order they are given. */
export function metricsText(
  families: readonly MetricFamily[],
  format: MetricsFormat = "prometheus",
): string {
  const lines = families.flatMap((family) => [
    ...(format === "openmetrics" ? openHead(family) : plainHead(family)),
    ...family.samples.map((sample) => sampleLine(family, sample, format)),
  ]);
  if (format === "openmetrics") lines.push("# EOF");
  return lines.map((line) => `${line}\n`).join("");
}

function plainHead({ name, kind, help }: MetricFamily): readonly string[] {
  return [`# HELP ${name} ${escapedLines(help)}`, `# TYPE ${name} ${kind}`];
}

/** A counter is named without `_total`, which its samples must have: else its kind is unknown. */
function openHead({ name, kind, help }: MetricFamily): readonly string[] {
  const isCounter = kind === "counter" && name.endsWith(TOTAL);
  const base = isCounter ? name.slice(0, -TOTAL.length) : name;
  const type = kind === "counter" && !isCounter ? "unknown" : kind;
  const text = escapedLines(help).replaceAll('"', '\\"');
  return [`# HELP ${base} ${text}`, `# TYPE ${base} ${type}`];
}

const TOTAL = "_total";

function sampleLine(
  { name }: MetricFamily,
  { suffix, labels, bound, value }: MetricSample,
  format: MetricsFormat,
): string {
  const all = bound === undefined ? labels : withBound(labels, bound, format);
  return `${name}${suffix}${all} ${numberText(value)}`;
}

/** The bound comes last, as scrapers expect it. OpenMetrics has `1.0` where the other has `1`. */
function withBound(labels: string, bound: number, format: MetricsFormat): string {
  const text = numberText(bound);
  const isWhole = format === "openmetrics" && /^-?\d+$/.test(text);
  const pair = `le="${isWhole ? `${text}.0` : text}"`;
  return labels === "" ? `{${pair}}` : `${labels.slice(0, -1)},${pair}}`;
}

/** `labels`, as `printLabels` writes them, with another one in front. */
export function withLabel(labels: string, name: string, value: string): string {
  const pair = `${name}="${escaped(value)}"`;
  return labels === "" ? `{${pair}}` : `{${pair},${labels.slice(1)}`;
}

/** `{code="200",verb="GET"}`: in the order of names, so that equal labels have one text. */
export function printLabels(labels: Readonly<Record<string, string>>): string {
  let text = "";
  for (const name of Object.keys(labels).sort()) {
    text += `${text === "" ? "{" : ","}${name}="${escaped(labels[name] ?? "")}"`;
  }
  return text === "" ? "" : `${text}}`;
}

function escaped(value: string): string {
  return SPECIAL.test(value) ? escapedLines(value).replaceAll('"', '\\"') : value;
}

/** What a value cannot have as it is. */
const SPECIAL = /["\\\n]/;

function escapedLines(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** As Go prints floats, so that bucket names equal those of Go programs: 1e-08, 0.005, +Inf. */
function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (value === 0 || Math.abs(value) >= 1e-4 || Number.isNaN(value)) return String(value);
  return value.toExponential().replace(/e-(\d)$/, "e-0$1");
}
