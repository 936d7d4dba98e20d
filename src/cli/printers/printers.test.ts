import { expect, test } from "vitest";
import type { EventObject } from "../../client/builtin.ts";
import type { Terminal } from "../terminal.ts";
import { eventsBlock } from "./describe/metadata.ts";
import { block, field, layOut, textLines } from "./describe/layout.ts";
import { LiveLines } from "./live-lines.ts";
import { formatTable, readTable } from "./table.ts";
import { TableWatch } from "./table-watch.ts";

test("columns line up, and the last is not padded", () => {
  const lines = formatTable(
    ["NAME", "STATUS"],
    [
      ["web-1", "Running"],
      ["a", ""],
    ],
  );
  expect(lines).toEqual(["NAME    STATUS", "web-1   Running", "a"]);
});

const TABLE = {
  columnDefinitions: [
    { name: "Name", priority: 0 },
    { name: "Ready", priority: 0 },
    { name: "IP", priority: 1 },
  ],
  rows: [
    {
      cells: ["web", 3, null],
      object: { metadata: { namespace: "team", labels: { b: "2", a: "1" } } },
    },
  ],
};
const PLAIN = { isWide: false, hasNamespace: false, showLabels: false, namePrefix: "" };

test("a server's table shows columns of its width", () => {
  expect(readTable(TABLE, PLAIN)).toEqual({ headings: ["NAME", "READY"], rows: [["web", "3"]] });
  const wide = { isWide: true, hasNamespace: true, showLabels: true, namePrefix: "pod/" };
  expect(readTable(TABLE, wide)).toEqual({
    headings: ["NAMESPACE", "NAME", "READY", "IP", "LABELS"],
    rows: [["team", "pod/web", "3", "<none>", "a=1,b=2"]],
  });
});

test("a page lines its values up within a block", () => {
  const page = layOut([
    field("Name", "web"),
    field("Annotations", undefined),
    field("Labels", ["a=1", "b=2"]),
    block("Containers", [block("web", [field("Image", "web:1")]), textLines(["done"])]),
  ]);
  expect(page).toBe(
    [
      "Name:         web",
      "Annotations:  <none>",
      "Labels:       a=1",
      "              b=2",
      "Containers:",
      "  web:",
      "    Image:  web:1",
      "  done",
      "",
    ].join("\n"),
  );
});

test("events are told oldest first, with how often and for how long", () => {
  const involvedObject = { kind: "Pod", name: "web" };
  const base = { apiVersion: "v1", kind: "Event", involvedObject } as const;
  const events: readonly EventObject[] = [
    {
      ...base,
      metadata: { name: "b" },
      reason: "BackOff",
      firstTimestamp: "1970-01-01T00:00:00Z",
      lastTimestamp: "1970-01-01T00:09:00Z",
      count: 4,
    },
    {
      ...base,
      metadata: { name: "a", creationTimestamp: "1970-01-01T00:00:00Z" },
      reason: "Pulled",
    },
  ];
  expect(
    layOut([eventsBlock(events, 10 * 60_000)])
      .split("\n")
      .slice(1, 5),
  ).toEqual([
    "  Type   Reason    Age                 From   Message",
    "  ----   ------    ---                 ----   -------",
    "         Pulled    10m",
    "         BackOff   60s (x4 over 10m)",
  ]);
});

function recorder(isInteractive: boolean): {
  readonly terminal: Terminal;
  readonly text: () => string;
} {
  let text = "";
  const write = (part: string): void => {
    text += part;
  };
  return { terminal: { write, warn: write, isInteractive, columns: 20 }, text: () => text };
}

test("off a terminal, only changed lines are written", () => {
  const { terminal, text } = recorder(false);
  const view = new LiveLines(terminal);
  view.show([{ key: "a", text: "a 0/1" }]);
  view.show([
    { key: "a", text: "a 0/1" },
    { key: "b", text: "b ok" },
  ]);
  view.show([
    { key: "a", text: "a 1/1" },
    { key: "b", text: "b ok" },
  ]);
  expect(text()).toBe("a 0/1\nb ok\na 1/1\n");
});

test("on a terminal, lines are updated in place and cut to its width", () => {
  const { terminal, text } = recorder(true);
  const view = new LiveLines(terminal);
  view.show([{ key: "a", text: "first" }]);
  view.show([{ key: "a", text: "a line of more than twenty" }]);
  expect(text()).toBe("\u001b[2Kfirst\n\u001b[0J\u001b[1A\u001b[2Ka line of more than \n\u001b[0J");
});

test("rows of a watch keep the columns and the widths of its first event", () => {
  const watch = new TableWatch({ ...PLAIN, hasHeadings: true });
  expect(watch.linesOf(TABLE)).toEqual(["NAME   READY", "web    3"]);
  const later = { rows: [{ cells: ["longer-name", 2, null], object: { metadata: {} } }] };
  expect(watch.linesOf(later)).toEqual(["longer-name   2"]);
  expect(watch.linesOf({ ...later, rows: [] })).toEqual([]);
});
