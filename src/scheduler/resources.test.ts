import { describe, expect, test } from "vitest";
import { addTo, amountsOf, estimateOf, requestsOf } from "./resources.ts";
import { aContainer, aPod } from "./testing.ts";

/** `cpu 250, memory 64`, by name. */
const text = (amounts: ReadonlyMap<string, bigint>): string =>
  [...amounts]
    .map(([name, amount]) => `${name} ${amount}`)
    .sort()
    .join(", ");

test("amounts are exact: cpu in thousandths, all else in units, fractions rounded up", () => {
  const quantities = {
    cpu: "1.5",
    memory: "1Ki",
    "example.com/gpu": "9007199254740993",
    pods: "1m",
  };
  expect(text(amountsOf(quantities))).toBe(
    "cpu 1500, example.com/gpu 9007199254740993, memory 1024, pods 1",
  );
});

test("what is no quantity counts as nothing, and __proto__ is a name like others", () => {
  expect(text(amountsOf({ cpu: "much" }))).toBe("");
  expect(text(amountsOf(JSON.parse('{"__proto__": "3"}')))).toBe("__proto__ 3");
});

test("adding and taking away ends at nothing", () => {
  const total = new Map<string, bigint>();
  addTo(total, amountsOf({ cpu: "1", memory: "5" }), 1n);
  addTo(total, amountsOf({ cpu: "1" }), -1n);
  expect(text(total)).toBe("memory 5");
});

describe("a pod needs", () => {
  const init = (cpu: string, isSidecar = false): ReturnType<typeof aContainer> => ({
    ...aContainer({ cpu }),
    ...(isSidecar ? { restartPolicy: "Always" } : {}),
  });
  for (const { name, spec, is } of [
    { name: "nothing", spec: { containers: [aContainer()] }, is: "" },
    {
      name: "the sum of its containers",
      spec: { containers: [aContainer({ cpu: "1" }), aContainer({ cpu: "500m", memory: "1" })] },
      is: "cpu 1500, memory 1",
    },
    {
      name: "no less than its largest init container",
      spec: { containers: [aContainer({ cpu: "1" })], initContainers: [init("3"), init("2")] },
      is: "cpu 3000",
    },
    {
      name: "its sidecars as long as it runs",
      spec: { containers: [aContainer({ cpu: "1" })], initContainers: [init("1", true)] },
      is: "cpu 2000",
    },
    {
      name: "an init container beside the sidecars before it",
      spec: {
        containers: [aContainer({ cpu: "1" })],
        initContainers: [init("2", true), init("3"), init("1", true)],
      },
      is: "cpu 5000",
    },
    {
      name: "its overhead on top",
      spec: { containers: [aContainer({ cpu: "1" })], overhead: { cpu: "250m" } },
      is: "cpu 1250",
    },
    {
      name: "what it asks for as a whole",
      spec: { containers: [aContainer({ cpu: "1" })], resources: { requests: { cpu: "3" } } },
      is: "cpu 3000",
    },
  ]) {
    test(name, () => expect(text(requestsOf(spec))).toBe(is));
  }

  test("for scores never nothing", () => {
    expect(text(estimateOf(aPod().spec))).toBe(`cpu 100, memory ${200 * 1024 * 1024}`);
    expect(text(estimateOf(aPod("p", { requests: { cpu: "2" } }).spec))).toBe(
      `cpu 2000, memory ${200 * 1024 * 1024}`,
    );
  });
});
