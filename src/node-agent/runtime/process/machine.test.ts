import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { localMachine } from "./machine.ts";

test("a machine knows what it is, and has no more left than it has", async () => {
  const machine = localMachine(tmpdir());
  const facts = await machine.facts();
  const rest = await machine.rest();
  expect(facts.cpuCount).toBeGreaterThan(0);
  expect(["amd64", "arm64"]).toContain(facts.architecture);
  expect(facts.bootId).not.toBe("");
  expect(rest.memoryBytes).toBeGreaterThan(0);
  expect(rest.memoryBytes).toBeLessThanOrEqual(facts.memoryBytes);
  expect(rest.diskBytes).toBeLessThanOrEqual(facts.diskBytes);
  expect(rest.inodesShare).toBeLessThanOrEqual(1);
  expect(rest.processes).toBeGreaterThan(0);
});
