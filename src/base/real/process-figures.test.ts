import { expect, test } from "vitest";
import { realProcess } from "./process-figures.ts";

test("this process tells plausible figures of itself", () => {
  const figures = realProcess();
  const { cpuUserSeconds, residentBytes, heapUsedBytes, heapTotalBytes, heapSpaces, loop, system } =
    figures.snapshot();
  figures.close();
  expect(figures.nodeVersion).toBe(process.version);
  expect(Math.abs(figures.startSeconds - (Date.now() / 1_000 - process.uptime()))).toBeLessThan(5);
  expect(cpuUserSeconds).toBeGreaterThan(0);
  expect(residentBytes).toBeGreaterThan(heapUsedBytes);
  expect(heapTotalBytes).toBeGreaterThanOrEqual(heapUsedBytes);
  expect(heapSpaces.map(({ name }) => name)).toContain("old");
  expect(loop.utilization).toBeGreaterThanOrEqual(0);
  for (const lag of Object.values(loop.lagSeconds)) expect(lag).toBeGreaterThanOrEqual(0);
  if (process.platform !== "linux") return;
  expect(system?.openFiles).toBeGreaterThan(2);
  expect(system?.openFilesMax).toBeGreaterThanOrEqual(system?.openFiles ?? 0);
  expect(system?.virtualBytes).toBeGreaterThan(residentBytes);
});
