import { expect, onTestFinished, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import type { Health } from "../manager/health.ts";
import { emptyReport } from "../manager/manager-report.ts";
import { serveProbes } from "./probe-server.ts";

/** Asks a server whose manager is as `ready` says. */
async function asking(ready: Health): Promise<(path: string) => Promise<[number, string]>> {
  const metrics = createMetrics();
  metrics.counter("runs_total", "Runs").add({ controller: "a" });
  const alive = { isOk: true, checks: [{ name: "manager", isOk: true, state: "leading" }] };
  const manager = { metrics, healthz: () => alive, readyz: () => ready };
  const server = await serveProbes(manager, { port: 0, host: "127.0.0.1" });
  onTestFinished(() => server.close());
  return async (path) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return [response.status, await response.text()];
  };
}

const READY: Health = { isOk: true, checks: [{ name: "sites", isOk: true, state: "working" }] };

test("a word for who only wants to know, and all checks for who asks", async () => {
  const ask = await asking(READY);
  expect(await ask("/healthz")).toEqual([200, "ok"]);
  expect(await ask("/livez")).toEqual([200, "ok"]);
  expect(await ask("/readyz?verbose")).toEqual([200, "[+]sites ok: working\n"]);
});

test("what is not ready says why", async () => {
  const checks = [{ name: "sites", isOk: false, state: "syncing" }];
  const ask = await asking({ isOk: false, checks });
  expect(await ask("/readyz")).toEqual([500, "[-]sites failed: syncing\n"]);
  expect((await ask("/healthz"))[0]).toBe(200);
});

test("metrics are text; other paths say what there is", async () => {
  const ask = await asking(READY);
  expect((await ask("/metrics"))[1]).toContain('runs_total{controller="a"} 1\n');
  expect(await ask("/")).toEqual([404, "there are /healthz, /livez, /readyz and /metrics\n"]);
});

test("metrics come as OpenMetrics to who asks for it", async () => {
  const metrics = createMetrics();
  metrics.counter("runs_total", "Runs").add({ controller: "a" });
  const manager = { metrics, healthz: () => READY, readyz: () => READY };
  const server = await serveProbes(manager, { port: 0, host: "127.0.0.1" });
  onTestFinished(() => server.close());
  const accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
  const url = `http://127.0.0.1:${server.port}/metrics`;
  const response = await fetch(url, { headers: { accept } });
  expect(response.headers.get("content-type")).toContain("application/openmetrics-text");
  expect(await response.text()).toBe(
    '# HELP runs Runs\n# TYPE runs counter\nruns_total{controller="a"} 1\n# EOF\n',
  );
});

test("a path that is no URL does not end the process", async () => {
  const ask = await asking(READY);
  expect((await ask("//"))[0]).toBe(404);
  expect(await ask("/healthz")).toEqual([200, "ok"]);
});

const REPORT = emptyReport({ clock: { now: () => 0, monotonic: () => 0 } }, "leading");

async function debugging(debug: boolean): Promise<number> {
  const metrics = createMetrics();
  const manager = { metrics, healthz: () => READY, readyz: () => READY, debug: () => REPORT };
  const server = await serveProbes(manager, { port: 0, host: "127.0.0.1", debug });
  onTestFinished(() => server.close());
  return server.port;
}

test("the debug page is a page, or JSON for who asks for it, and nothing keeps it", async () => {
  const url = `http://127.0.0.1:${await debugging(true)}/debug`;
  const page = await fetch(url, { headers: { accept: "text/html,application/json" } });
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(await page.text()).toContain("Nothing is known to be wrong.");
  const told = JSON.parse(JSON.stringify(REPORT));
  expect(await (await fetch(`${url}?format=json`)).json()).toEqual(told);
  const json = await fetch(url, { headers: { accept: "application/json" } });
  expect(await json.json()).toEqual(told);
});

test("the debug page is not there unless it was asked for, and not for others", async () => {
  const off = await fetch(`http://127.0.0.1:${await debugging(false)}/debug`);
  expect([off.status, await off.text()]).toEqual([404, expect.stringContaining("debug: true")]);
  const headers = { "x-forwarded-for": "10.1.2.3" };
  const passedOn = await fetch(`http://127.0.0.1:${await debugging(true)}/debug`, { headers });
  expect([passedOn.status, await passedOn.text()]).toEqual([
    403,
    expect.stringContaining("kubectl port-forward"),
  ]);
});

test("a port that is taken is refused", async () => {
  const manager = { metrics: createMetrics(), healthz: () => READY, readyz: () => READY };
  const first = await serveProbes(manager, { port: 0, host: "127.0.0.1" });
  onTestFinished(() => first.close());
  const second = serveProbes(manager, { port: first.port, host: "127.0.0.1" });
  await expect(second).rejects.toThrow("EADDRINUSE");
});
