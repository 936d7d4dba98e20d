import { expect, test } from "vitest";
import { attentionOf } from "./attention.ts";
import { debugPage } from "./debug-page.ts";
import type { ControllerReport, DebugReport, LaterKey } from "./debug-report.ts";
import { bytesText, durationText } from "./quantities.ts";
import { topOf, TOLD_MAX, type Top } from "./top.ts";

const NONE: Top<never> = { count: 0, first: [] };

const IDLE: ControllerReport = {
  name: "sites",
  state: "working",
  workers: 2,
  running: NONE,
  ready: NONE,
  failing: NONE,
  later: NONE,
  parked: NONE,
  awaiting: NONE,
  slowed: NONE,
};

const REPORT: DebugReport = {
  at: "2026-01-01T00:00:00Z",
  phase: "leading",
  attention: [],
  leadership: { name: "sites", isLeading: true },
  shards: undefined,
  controllers: [IDLE],
  views: [
    {
      resource: "sites.example.dev",
      hasSynced: true,
      objects: 3,
      bytes: 4_200,
      silentForMs: 61_000,
      revisionsBehind: 0,
      revision: 41,
      watches: undefined,
      lastError: undefined,
    },
  ],
  webhooks: { isOk: true, state: "listening", certificateEndsInMs: 50 * 24 * 3_600_000 },
  clusters: NONE,
};

function one<T>(item: T): Top<T> {
  return { count: 1, first: [item] };
}

function failing(key: string, text: string): LaterKey {
  const lastError = { text, failedForMs: 2_000 };
  return { key, dueInMs: 4_000, failures: 9, causes: ["retry"], lastError };
}

/** The page as its words, one line for each element. */
function words(html: string): readonly string[] {
  return html
    .replace(/<style>[^]*<\/style>/, "")
    .split(/<[^>]*>/)
    .map((text) => text.trim())
    .filter((text) => text !== "");
}

test("a process without troubles says so, and how it is", () => {
  const page = debugPage(REPORT);
  expect(words(page).slice(1, 5)).toEqual([
    "What this process is doing",
    "2026-01-01T00:00:00Z · leading · holds the lease sites",
    "Look at this first",
    "Nothing is known to be wrong.",
  ]);
  expect(page).toContain("<td>1 min 1 s ago</td>");
  expect(page).toContain("listening; the certificate ends in 50 days");
  expect(page).not.toContain("Controller sites"); // it has nothing to tell
});

test("what fails comes before what is only late", () => {
  const busy = {
    ...IDLE,
    failing: one(failing("default/a", "no such theme")),
    parked: one({ key: "default/b", error: { text: "cannot be", failedForMs: 60_000 } }),
    awaiting: one({ key: "default/c", what: "Secret default/token: ready", waitsForMs: 5_000 }),
    later: one({ ...failing("default/d", ""), failures: 0, lastError: undefined }),
  };
  const page = words(debugPage({ ...REPORT, controllers: [busy] }));
  const places = [
    "Failing: tried again after a delay that grows (1)",
    "Failed for good: not tried again until something wakes them (1)",
    "Waiting for something: woken as soon as it is there (1)",
    "To be looked at later (1)",
  ].map((caption) => page.indexOf(caption));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  expect(page).toContain("no such theme (2.0 s ago)");
});

test("hostile texts are shown as they are, and do nothing", () => {
  const evil = `"><script>alert(1)</script><img src=x onerror='x'>&amp;`;
  const busy = {
    ...IDLE,
    name: evil,
    failing: one(failing(evil, evil)),
    running: one({
      key: evil,
      runsForMs: 1,
      reconcileId: evil,
      attempt: 1,
      causes: [evil],
      calls: [{ call: evil, runsForMs: 1 }],
    }),
    awaiting: one({ key: evil, what: evil, waitsForMs: 1 }),
    slowed: one({ key: evil, why: evil, delayMs: 1 }),
  };
  const page = debugPage({
    ...REPORT,
    phase: evil,
    attention: [evil],
    shards: evil,
    controllers: [busy],
    clusters: one({ name: evil, state: evil, report: REPORT }),
  });
  expect(page).not.toMatch(/<script|<img|onerror='/);
  expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(12);
});

test("however much there is, a page stays small, and says how much it leaves out", () => {
  const text = "e".repeat(100_000);
  const keys = Array.from({ length: 5_000 }, (_, index) => failing(`default/${index}`, text));
  const many = topOf(keys, () => 0);
  const page = debugPage({ ...REPORT, controllers: [{ ...IDLE, failing: many }] });
  expect(page.length).toBeLessThan(TOLD_MAX * 2_000);
  expect(page).toContain("(5000)");
  expect(page).toContain("and 4950 more");
});

test("what needs a look is told in words, the worst first", () => {
  const busy: ControllerReport = {
    ...IDLE,
    ready: { count: 400, first: [{ key: "d", waitsForMs: 40_000, priority: 0, causes: [] }] },
    failing: { count: 12, first: [failing("default/a", "no such theme")] },
    parked: one({ key: "default/b", error: { text: "cannot be", failedForMs: 1 } }),
    slowed: one({ key: "default/e", why: "field-fight", delayMs: 8_000 }),
    running: one({
      key: "default/c",
      runsForMs: 300_000,
      reconcileId: "1",
      attempt: 1,
      causes: [],
      calls: [{ call: "patch Site default/c status", runsForMs: 299_000 }],
    }),
  };
  const [view] = REPORT.views;
  if (view === undefined) throw new Error("there is a view");
  const told = attentionOf(
    {
      ...REPORT,
      controllers: [busy],
      views: [{ ...view, lastError: "connection refused" }],
      webhooks: { isOk: true, state: "listening", certificateEndsInMs: 3_600_000 },
    },
    { isOk: false, checks: [{ name: "sites", isOk: false, state: "syncing" }] },
  );
  expect(told).toEqual([
    "not ready: sites: syncing",
    "the certificate of the webhooks ends in 1 h",
    "the view of sites.example.dev has heard nothing for 1 min 1 s: connection refused",
    "sites: default/c runs for 5 min, in patch Site default/c status",
    "sites: 12 objects fail; default/a 9 times in a row, next try in 4.0 s: no such theme",
    "sites: 1 object has failed for good; default/b: cannot be",
    "sites: 1 object goes round in circles; default/e runs every 8.0 s (field-fight)",
    "sites: 400 objects wait for a worker, the first for 40.0 s; concurrency is 2",
  ]);
});

test("nothing that is as it should be asks for attention", () => {
  expect(attentionOf(REPORT, { isOk: true, checks: [] })).toEqual([]);
});

test("times and sizes are those people say", () => {
  const times = [0, 999, 1_000, 59_999, 60_000, 3_600_000, 3_660_000, 2 * 86_400_000];
  expect(times.map(durationText)).toEqual([
    "0 ms",
    "999 ms",
    "1.0 s",
    "59.9 s",
    "1 min",
    "1 h",
    "1 h 1 min",
    "2 days",
  ]);
  expect([812, 4_200, 1_300_000].map(bytesText)).toEqual(["812 B", "4.2 kB", "1.3 MB"]);
});
