import { expect, test } from "vitest";
import { leaseStrategy } from "../../coordination/v1/lease.ts";
import { created, NOW_MS, refusalOf, updated, updateRefusalOf } from "../../testing.ts";
import { configMapStrategy } from "./config-map.ts";
import { eventStrategy } from "./event.ts";
import { namespaceStrategy } from "./namespace.ts";
import { nodeStrategy } from "./node.ts";
import { secretStrategy } from "./secret.ts";
import { serviceAccountStrategy } from "./service-account.ts";
import type { Node } from "./types.generated.ts";

const SEALED = "field is immutable when `immutable` is set";

test("a config map that is sealed keeps its data and stays sealed", () => {
  const old = created(configMapStrategy, { data: { a: "1" }, immutable: true });
  const change = (fields: object): string =>
    updateRefusalOf(configMapStrategy, old, (map) => ({ ...map, ...fields }));
  expect(change({ data: { a: "2" } })).toBe(`data: Forbidden: ${SEALED}`);
  expect(change({ binaryData: { b: "" } })).toBe(`binaryData: Forbidden: ${SEALED}`);
  expect(change({ immutable: false })).toBe(`immutable: Forbidden: ${SEALED}`);
  expect(change({ metadata: { name: "x", labels: { a: "b" } } })).toBe("");
});

for (const { name, fields, told } of [
  {
    name: "a key that cannot be a file",
    fields: { data: { "bad key!": "1" } },
    told: 'data[bad key!]: Invalid value: "bad key!": a valid config key must consist of alphanumeric characters',
  },
  { name: "a key that leads out", fields: { data: { "..": "1" } }, told: "must not be '..'" },
  {
    name: "a key in both maps",
    fields: { data: { a: "1" }, binaryData: { a: "MQ==" } },
    told: 'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  },
  {
    name: "more than a mebibyte",
    fields: { data: { a: "é".repeat(524_289) } },
    told: "Too long: may not be more than 1048576 bytes",
  },
]) {
  test(`a config map is refused for ${name}`, () => {
    expect(refusalOf(configMapStrategy, fields)).toContain(told);
  });
}

test("an empty map in a config map is as good as none", () => {
  expect(created(configMapStrategy, { data: {} })).not.toHaveProperty("data");
});

test("texts of a secret are kept as bytes, over bytes of the same key", () => {
  const secret = created(secretStrategy, {
    data: { a: "YQ==", b: "Yg==" },
    stringData: { a: "é" },
  });
  expect(secret).toMatchObject({ type: "Opaque", data: { a: "w6k=", b: "Yg==" } });
  expect(secret).not.toHaveProperty("stringData");
});

test("the type of a secret says which keys it has, and stays", () => {
  expect(refusalOf(secretStrategy, { type: "kubernetes.io/tls", data: { "tls.crt": "" } })).toBe(
    "data[tls.key]: Required value",
  );
  expect(refusalOf(secretStrategy, { type: "constructor" })).toBe("");
  const old = created(secretStrategy, {});
  expect(updateRefusalOf(secretStrategy, old, (secret) => ({ ...secret, type: "other" }))).toBe(
    'type: Invalid value: "other": field is immutable',
  );
});

for (const { name, text, told } of [
  { name: "an object", text: '{"auths":{}}', told: "" },
  { name: "a list", text: "[]", told: "json: cannot unmarshal array into Go value" },
  { name: "no JSON", text: "x", told: "invalid character 'x' looking for beginning of value" },
]) {
  test(`registry credentials that are ${name} are ${told === "" ? "taken" : "refused"}`, () => {
    const data = { ".dockerconfigjson": Buffer.from(text).toString("base64") };
    const said = refusalOf(secretStrategy, { type: "kubernetes.io/dockerconfigjson", data });
    expect(said).toContain(told);
    expect(said.includes("<secret contents redacted>")).toBe(told !== "");
  });
}

test("a key for secure shells is there and not empty", () => {
  const data = { "ssh-privatekey": "" };
  expect(refusalOf(secretStrategy, { type: "kubernetes.io/ssh-auth", data })).toBe(
    "data[ssh-privatekey]: Required value",
  );
});

test("a node has one range of addresses of each family", () => {
  const refusal = (podCIDRs: readonly string[]): string =>
    refusalOf(nodeStrategy, { spec: { podCIDRs } });
  expect(refusal(["10.0.0.0/24", "fd00::/64"])).toBe("");
  expect(refusal(["10.0.0.0/24", "10.0.1.0/24"])).toContain("no more than one CIDR for each IP");
  expect(refusal(["here"])).toContain("must be a valid CIDR value");
});

test("a service account refers to its secrets by name", () => {
  const account = created(serviceAccountStrategy, { secrets: [{ name: "s", namespace: "other" }] });
  expect(account.secrets).toEqual([{ name: "s" }]);
});

test("a new namespace is active, held by its content, and can be selected by name", () => {
  const namespace = created(namespaceStrategy, { metadata: { name: "n" } });
  expect(namespace).toMatchObject({
    metadata: { labels: { "kubernetes.io/metadata.name": "n" } },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  });
  expect(namespaceStrategy.extraFinalizers?.(namespace)).toEqual(["kubernetes"]);
  expect(namespaceStrategy.whenDeletionBegins?.(namespace).status.phase).toBe("Terminating");
});

test("only the finalize endpoint changes what holds a namespace", () => {
  const old = created(namespaceStrategy, { metadata: { name: "n" } });
  const next = { ...old, spec: {}, status: { phase: "Terminating" } };
  const finalize = namespaceStrategy.otherSubresources?.find(({ name }) => name === "finalize");
  const moment = { nowMs: NOW_MS, random: () => 0 };
  expect(finalize?.strategy?.prepareForUpdate(next, old, moment)).toEqual({ ...old, spec: {} });
  expect(updated(namespaceStrategy, old, () => next)).toEqual(old);
});

test("a namespace is terminating exactly when it is deleted", () => {
  const old = created(namespaceStrategy, { metadata: { name: "n" } });
  const next = { ...old, status: { phase: "Terminating" } };
  expect(namespaceStrategy.status?.validateUpdate(next, old)[0]?.detail).toBe(
    "may only be 'Active' if `deletionTimestamp` is empty",
  );
});

test("a node keeps the status it registers with until its status endpoint changes it", () => {
  const status = { capacity: { cpu: "4000m", memory: "1024Mi" } };
  const node = created(nodeStrategy, { status });
  const amounts = { cpu: "4", memory: "1Gi" };
  expect(node.status).toMatchObject({ capacity: amounts, allocatable: amounts });
  expect(updated(nodeStrategy, node, (n) => ({ ...n, status: {} })).status).toEqual(node.status);
});

test("of a node's spec, people change only what may run there", () => {
  const old = created(nodeStrategy, { spec: { providerID: "p" } });
  const change = (spec: object): string =>
    updateRefusalOf(nodeStrategy, old, (node) => ({ ...node, spec: { ...node.spec, ...spec } }));
  expect(change({ unschedulable: true, taints: [{ key: "a", effect: "NoExecute" }] })).toBe("");
  expect(change({ providerID: "q" })).toContain("may not change providerID");
  expect(change({ taints: [{ key: "a", effect: "Never" }] })).toBe(
    'metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
  );
});

for (const { name, node, cells } of [
  { name: "new", node: {}, cells: ["Unknown", "<none>"] },
  {
    name: "ready and cordoned",
    node: {
      metadata: {
        name: "n",
        labels: { "node-role.kubernetes.io/worker": "", "kubernetes.io/role": "a" },
      },
      spec: { unschedulable: true },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    },
    cells: ["Ready,SchedulingDisabled", "a,worker"],
  },
  {
    name: "lost",
    node: { status: { conditions: [{ type: "Ready", status: "Unknown" }] } },
    cells: ["NotReady", "<none>"],
  },
] as const) {
  test(`a ${name} node is shown as ${cells.join(" ")}`, () => {
    const object: Node = created(nodeStrategy, node);
    expect(nodeStrategy.row(object, 0).slice(1, 3)).toEqual(cells);
  });
}

test("an event is in the namespace of what it is about", () => {
  const about = (namespace: string): string =>
    refusalOf(eventStrategy, { involvedObject: { kind: "Pod", name: "p", namespace } });
  expect(about("t")).toBe("");
  expect(about("other")).toBe(
    'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  );
});

test("an event of the new style says who reports what, in few words", () => {
  const told = refusalOf(eventStrategy, {
    metadata: { name: "e", namespace: "kube-system" },
    involvedObject: { kind: "Node", name: "n" },
    eventTime: "2026-01-09T23:00:00.000000Z",
    reportingComponent: "setpoint/agent",
    reportingInstance: "n",
    reason: "R",
    message: "m".repeat(1025),
  });
  expect(told).toBe(
    '[action: Required value, message: Invalid value: "": can have at most 1024 characters]',
  );
});

test("an event is shown with its age, its count and its object", () => {
  const event = created(eventStrategy, {
    metadata: { name: "e" },
    involvedObject: { kind: "Pod", name: "p", namespace: "t" },
    type: "Warning",
    reason: "BackOff",
    message: " again \n",
    source: { component: "node-agent", host: "n1" },
    firstTimestamp: "2026-01-09T23:00:00Z",
    lastTimestamp: "2026-01-09T23:59:30Z",
    count: 7,
  });
  expect(eventStrategy.row(event, NOW_MS)).toEqual([
    "30s",
    "Warning",
    "BackOff",
    "pod/p",
    "",
    "node-agent, n1",
    "again",
    "60m",
    7,
    "e",
  ]);
  expect(eventStrategy.fieldSelectors["involvedObject.name"]?.(event)).toBe("p");
  expect(eventStrategy.fieldSelectors["source"]?.(event)).toBe("node-agent");
});

test("a series of events is shown by its last occurrence", () => {
  const event = created(eventStrategy, {
    eventTime: "2026-01-09T23:00:00.000000Z",
    series: { count: 3, lastObservedTime: "2026-01-09T23:59:55.000000Z" },
  });
  expect(eventStrategy.row(event, NOW_MS)).toEqual(["5s", "", "", "", "", "", "", "60m", 3, "x"]);
});

test("nobody holds a lease that was given back", () => {
  expect(refusalOf(leaseStrategy, { spec: { holderIdentity: "" } })).toBe("");
});

test("a lease lasts longer than nothing", () => {
  const spec = { holderIdentity: "me", leaseDurationSeconds: 0 };
  expect(refusalOf(leaseStrategy, { spec })).toBe(
    "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
  );
  expect(leaseStrategy.row(created(leaseStrategy, {}), NOW_MS)).toEqual(["x", "", "<unknown>"]);
});
