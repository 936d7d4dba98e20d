import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";
import { metricsFormat, METRICS_TYPES, withLabel, writtenMetrics } from "./metrics-text.ts";

test("OpenMetrics names counters without _total, writes whole bounds with .0, and ends", () => {
  const metrics = createMetrics();
  metrics.counter("runs_total", 'Runs, "all"\nof them').add({ result: "ok" }, 2);
  metrics.counter("odd", "Of no known kind there").add({});
  metrics.gauge("level", "Level").set({}, Number.NaN);
  metrics.histogram("spread", "Spread", [0.5, 1]).observe({ a: "b" }, 0.7);
  expect(metrics.text("openmetrics")).toBe(
    [
      "# HELP level Level",
      "# TYPE level gauge",
      "level NaN",
      "# HELP odd Of no known kind there",
      "# TYPE odd unknown",
      "odd 1",
      '# HELP runs Runs, \\"all\\"\\nof them',
      "# TYPE runs counter",
      'runs_total{result="ok"} 2',
      "# HELP spread Spread",
      "# TYPE spread histogram",
      'spread_bucket{a="b",le="0.5"} 0',
      'spread_bucket{a="b",le="1.0"} 1',
      'spread_bucket{a="b",le="+Inf"} 1',
      'spread_sum{a="b"} 0.7',
      'spread_count{a="b"} 1',
      "# EOF",
      "",
    ].join("\n"),
  );
});

test("the text format keeps the names, and its help is of one line", () => {
  const metrics = createMetrics();
  metrics.counter("runs_total", 'Runs, "all"\nof them').add({});
  metrics.histogram("spread", "Spread", [1]).touch({});
  const text = metrics.text("prometheus");
  expect(text).toBe(metrics.text());
  expect(text).toContain('# HELP runs_total Runs, "all"\\nof them\n# TYPE runs_total counter\n');
  expect(text).toContain('spread_bucket{le="1"} 0\n');
  expect(text).not.toContain("EOF");
});

/** What Prometheus sends, of the second and the third generation. */
const PROMETHEUS_2 =
  "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;" +
  "q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
const PROMETHEUS_3 =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6," +
  "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;" +
  "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

test.each([
  ["", "prometheus"],
  ["*/*", "prometheus"],
  ["text/html, application/xhtml+xml, */*;q=0.8", "prometheus"],
  [PROMETHEUS_2, "openmetrics"],
  [PROMETHEUS_3, "openmetrics"],
  ["Application/OpenMetrics-Text", "openmetrics"],
  ["application/openmetrics-text; version=2.0.0", "prometheus"],
  ["application/openmetrics-text;q=0, text/plain", "prometheus"],
  ["application/openmetrics-text;q=0.1, text/plain;version=0.0.4;q=0.2", "prometheus"],
  ["application/openmetrics-text, text/plain", "openmetrics"],
  ["application/openmetrics-text;q=much", "prometheus"],
  ["application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily", "prometheus"],
  [";;,,=;q", "prometheus"],
])("accept: %s", (accept, format) => {
  expect(metricsFormat(accept)).toBe(format);
});

test("what is written says in which form it is", () => {
  const metrics = createMetrics();
  expect(writtenMetrics(metrics, PROMETHEUS_3)).toEqual({
    text: "# EOF\n",
    contentType: METRICS_TYPES.openmetrics,
  });
  expect(writtenMetrics(metrics, undefined).contentType).toContain("version=0.0.4");
});

test("a label more is escaped like all of them", () => {
  expect(withLabel("", "c", 'a"\n')).toBe('{c="a\\"\\n"}');
  expect(withLabel('{b="1"}', "c", "x")).toBe('{c="x",b="1"}');
});

test("a counter can be read where it is counted", () => {
  const metrics = createMetrics();
  const counter = metrics.counter("seconds_total", "Seconds");
  let seconds = 1;
  counter.read({}, () => seconds);
  seconds = 2.5;
  expect(counter.value({})).toBe(2.5);
  expect(metrics.text()).toContain("seconds_total 2.5\n");
});
