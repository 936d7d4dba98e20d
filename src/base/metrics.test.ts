import { expect, test } from "vitest";
import { createMetrics, SERIES_MAX } from "./metrics.ts";

test("writes the text format, families and series in order", () => {
  const metrics = createMetrics();
  const counter = metrics.counter("b_total", "Things");
  counter.add({ kind: "y" }, 2);
  counter.add({ kind: "x" }, 0);
  metrics.gauge("a", "Level").read({}, () => 1.5);
  expect(metrics.text()).toBe(
    [
      "# HELP a Level",
      "# TYPE a gauge",
      "a 1.5",
      "# HELP b_total Things",
      "# TYPE b_total counter",
      'b_total{kind="x"} 0',
      'b_total{kind="y"} 2',
      "",
    ].join("\n"),
  );
});

test("histograms count up to each bound, as Go names the bounds", () => {
  const metrics = createMetrics();
  const histogram = metrics.histogram("h", "Spread", [1e-8, 9.999999999999999e-5, 0.5]);
  histogram.observe({}, 0.5);
  histogram.observe({}, 0.00001);
  histogram.observe({}, 7);
  expect(metrics.text().split("\n").slice(2, 8)).toEqual([
    'h_bucket{le="1e-08"} 0',
    'h_bucket{le="9.999999999999999e-05"} 1',
    'h_bucket{le="0.5"} 2',
    'h_bucket{le="+Inf"} 3',
    "h_sum 7.50001",
    "h_count 3",
  ]);
});

test("label values are escaped", () => {
  const metrics = createMetrics();
  metrics.counter("c", "C").add({ text: 'a"b\\c\nd' });
  expect(metrics.text()).toContain('c{text="a\\"b\\\\c\\nd"} 1');
});

test("a name keeps its kind, and asking again gives the same series", () => {
  const metrics = createMetrics();
  metrics.counter("c", "C").add({});
  expect(metrics.counter("c", "C").value({})).toBe(1);
  expect(() => metrics.gauge("c", "C")).toThrow("has one kind");
});

test("the order in which labels are given makes no other series", () => {
  const counter = createMetrics().counter("c", "C");
  counter.add({ b: "2", a: "1" });
  counter.add({ a: "1", b: "2" });
  expect(counter.value({ b: "2", a: "1" })).toBe(2);
});

test("more series than are kept are counted as one", () => {
  const metrics = createMetrics();
  const counter = metrics.counter("c", "C");
  for (let index = 0; index < SERIES_MAX + 3; index += 1) counter.add({ path: `/${index}` });
  counter.add({ path: "/0" });
  expect(counter.value({ path: "/0" })).toBe(2);
  expect(counter.value({ path: "other" })).toBe(3);
  expect(metrics.text().split("\n").length).toBe(SERIES_MAX + 1 + 3);
});

test("looking at a value makes no series", () => {
  const metrics = createMetrics();
  expect(metrics.counter("c", "C").value({ a: "1" })).toBe(0);
  expect(metrics.gauge("g", "G").value({})).toBe(0);
  expect(metrics.histogram("h", "H", [1]).count({})).toBe(0);
  expect(
    metrics
      .text()
      .split("\n")
      .filter((line) => !line.startsWith("#")),
  ).toEqual([""]);
});

test("a gauge goes up and down, and a set value takes the place of a read one", () => {
  const gauge = createMetrics().gauge("g", "G");
  gauge.read({}, () => 7);
  gauge.add({}, -2);
  expect(gauge.value({})).toBe(5);
  gauge.set({}, 1);
  expect(gauge.value({})).toBe(1);
});

test("a series that is removed is gone, with what it read", () => {
  const metrics = createMetrics();
  const gauge = metrics.gauge("g", "G");
  gauge.read({ a: "1" }, () => 7);
  gauge.set({ a: "2" }, 5);
  gauge.remove({ a: "1" });
  gauge.remove({ a: "3" });
  expect(metrics.text()).toBe('# HELP g G\n# TYPE g gauge\ng{a="2"} 5\n');
});
