import { describe, expect, test } from "vitest";
import { configMapStrategy } from "../../apis/core/v1/config-map.ts";
import { objectMetaSchema } from "../../apis/meta/v1/schema.generated.ts";
import { BUILT_IN } from "../../apis/registry.ts";
import { mapOf, text } from "../../apis/schema-terms.ts";
import type { Strategy } from "../../apis/strategy.ts";
import type { ApiObject, ManagedFieldsEntry } from "../../machinery/object.ts";
import { aServer, type Answer, type TestServer } from "../testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";
const MAP = `${MAPS}/s`;
const JSON_PATCH = "application/json-patch+json";
const MERGE = "application/merge-patch+json";

function entriesOf(answer: Answer): readonly ManagedFieldsEntry[] {
  return answer.value.metadata.managedFields ?? [];
}

/** `kubectl:{"f:data":{}}@2026-…Z` */
function told(answer: Answer): readonly string[] {
  return entriesOf(answer).map(
    ({ manager, fieldsV1, time }) => `${manager} ${JSON.stringify(fieldsV1)} ${time}`,
  );
}

function create(server: TestServer, data: object, metadata: object = {}): Promise<Answer> {
  return server.call("POST", `${MAPS}?fieldManager=maker`, {
    body: { metadata: { name: "s", ...metadata }, data },
  });
}

function merge(server: TestServer, manager: string, patch: object): Promise<Answer> {
  return server.call("PATCH", `${MAP}?fieldManager=${manager}`, {
    body: JSON.stringify(patch),
    contentType: MERGE,
  });
}

describe("owners of fields", () => {
  test("are told of every write, each with the time of its last change", async () => {
    const server = await aServer();
    const made = await create(server, { a: "1", b: "1" });
    const { creationTimestamp } = made.value.metadata;
    await server.env.advance(5_000);
    const later = await merge(server, "editor", { data: { a: "2" } });
    const time = entriesOf(later)[1]?.time;
    expect(told(later)).toEqual([
      `maker {"f:data":{".":{},"f:b":{}}} ${creationTimestamp}`,
      `editor {"f:data":{"f:a":{}}} ${time}`,
    ]);
    expect(time).not.toBe(creationTimestamp);
  });

  test("stay as they are when nothing changes, and nothing is written", async () => {
    const server = await aServer();
    const made = await create(server, { a: "1" });
    await server.env.advance(5_000);
    const same = await merge(server, "editor", { data: { a: "1" } });
    expect(same.value).toEqual(made.value);
    const { metadata } = made.value;
    const put = await server.call("PUT", MAP, { body: { metadata, data: { a: "1" } } });
    expect(put.value).toEqual(made.value);
  });

  test("are called as the user agent calls itself, as far as that can be printed", async () => {
    const server = await aServer();
    const headers = { "user-agent": "my\u0000 tool/v1 (linux)" };
    const body = { metadata: { name: "a" }, data: { a: "1" } };
    const made = await server.call("POST", MAPS, { body, headers });
    expect(entriesOf(made)[0]?.manager).toBe("my tool");
    const long = { "user-agent": "é".repeat(100) };
    const other = { metadata: { name: "b" }, data: { a: "1" } };
    const named = await server.call("POST", MAPS, { body: other, headers: long });
    expect(entriesOf(named)[0]?.manager).toBe("é".repeat(64));
  });

  test("never own what the server decides", async () => {
    const server = await aServer();
    const made = await create(server, { a: "1" }, { labels: { l: "1" }, generation: 3 });
    expect(JSON.stringify(entriesOf(made)[0]?.fieldsV1)).toBe(
      '{"f:data":{".":{},"f:a":{}},"f:metadata":{"f:labels":{".":{},"f:l":{}}}}',
    );
  });

  test("may be set by whoever understands them, at the main endpoint only", async () => {
    const server = await aServer();
    const made = await create(server, { a: "1" });
    const entries = entriesOf(made).map((entry) => ({ ...entry, manager: "heir" }));
    const patch = [{ op: "replace", path: "/metadata/managedFields", value: entries }];
    const set = await server.call("PATCH", MAP, {
      body: JSON.stringify(patch),
      contentType: JSON_PATCH,
    });
    expect(told(set)).toEqual([expect.stringMatching(/^heir \{"f:data":/)]);
    const pods = "/api/v1/namespaces/t/pods";
    const spec = { containers: [{ name: "c", image: "nginx" }] };
    const pod = await server.call("POST", pods, { body: { metadata: { name: "p" }, spec } });
    await server.env.advance(1_000);
    const status = { ...pod.value, status: { phase: "Running" } };
    const metadata = { ...pod.value.metadata, managedFields: [{}] };
    const after = await server.call("PUT", `${pods}/p/status?fieldManager=agent`, {
      body: { ...status, metadata },
    });
    expect(entriesOf(after).map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ["unknown", undefined],
      ["agent", "status"],
    ]);
  });

  for (const { title, entries } of [
    { title: "no list", entries: null },
    { title: "an operation nobody knows", entries: [{ operation: "Own", apiVersion: "v1" }] },
    {
      title: "fields that make no sense",
      entries: [
        { operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: { "k:x": {} } },
      ],
    },
    {
      title: "another type of fields",
      entries: [{ operation: "Update", apiVersion: "v1", fieldsType: "FieldsV2" }],
    },
  ]) {
    test(`are kept when a client sends ${title}`, async () => {
      const server = await aServer();
      const made = await create(server, { a: "1" });
      const body = { metadata: { name: "s", managedFields: entries }, data: { a: "1", b: "2" } };
      const after = await server.call("PUT", `${MAP}?fieldManager=other`, { body });
      expect(told(after)[0]).toBe(told(made)[0]);
      expect(told(after)[1]).toMatch(/^other \{"f:data":\{"f:b":\{\}\}\}/);
    });
  }

  for (const managedFields of [[], [{}]]) {
    test(`are forgotten when a client sends ${JSON.stringify(managedFields)}`, async () => {
      const server = await aServer();
      await create(server, { a: "1" });
      const body = { metadata: { name: "s", managedFields }, data: { a: "2" } };
      const after = await server.call("PUT", MAP, { body });
      expect(after.value.metadata).not.toHaveProperty("managedFields");
      expect(after.value.data).toEqual({ a: "2" });
    });
  }

  test("have names of bounded length, also those a client makes up", async () => {
    const server = await aServer();
    const entry = {
      manager: "m".repeat(129),
      operation: "Update",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:immutable": {} },
    };
    const refused = await create(server, { a: "1" }, { managedFields: [entry] });
    expect(refused.value.message).toContain(
      "metadata.managedFields[0].manager: Too long: may not be more than 128 bytes",
    );
  });

  test("of old updates are merged when there are too many", async () => {
    const server = await aServer();
    await create(server, { a: "1" });
    for (let index = 0; index < 12; index += 1) {
      await server.env.advance(1_000);
      await merge(server, `m${index}`, { data: { [`k${index}`]: "1" } });
    }
    const after = await server.call("GET", MAP);
    const managers = entriesOf(after).map(({ manager }) => manager);
    expect(managers).toEqual(["ancient-changes", ...managers.slice(1)]);
    expect(managers.slice(1)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11].map((index) => `m${index}`));
    expect(JSON.stringify(entriesOf(after)[0]?.fieldsV1)).toBe(
      '{"f:data":{".":{},"f:a":{},"f:k0":{},"f:k1":{},"f:k2":{}}}',
    );
  });

  test("are not asked when a field goes that an update cannot keep", async () => {
    const server = await aServer();
    const services = "/api/v1/namespaces/t/services";
    const spec = { ports: [{ port: 80 }], clusterIP: "127.96.7.7", selector: { a: "b" } };
    const made = await server.call("POST", services, { body: { metadata: { name: "s" }, spec } });
    expect(JSON.stringify(entriesOf(made)[0]?.fieldsV1)).toContain('"f:clusterIP":{}');
    const { metadata } = made.value;
    const without = { metadata, spec: { ports: [{ port: 80 }], selector: { a: "b" } } };
    const after = await server.call("PUT", `${services}/s`, { body: without });
    expect(after.value.spec.clusterIP).toBe("127.96.7.7");
    expect(JSON.stringify(entriesOf(after)[0]?.fieldsV1)).not.toContain("f:clusterIP");
  });

  test("are told in the version they wrote in, and understood in any other", async () => {
    const server = await aServer({ strategies: [...BUILT_IN, LATER_MAP] });
    await create(server, { a: "1", b: "1" });
    const config = {
      apiVersion: "v2",
      kind: "ConfigMap",
      metadata: { name: "s" },
      entries: { a: "2", c: "1" },
    };
    const options = { body: JSON.stringify(config), contentType: "application/apply-patch+yaml" };
    const target = "/api/v2/namespaces/t/configmaps/s?fieldManager=later";
    const refused = await server.call("PATCH", target, options);
    expect(refused.value.message).toBe(
      'Apply failed with 1 conflict: conflict with "maker" using v1: .data.a',
    );
    const forced = await server.call("PATCH", `${target}&force=true`, options);
    expect(forced.value.entries).toEqual({ a: "2", b: "1", c: "1" });
    expect(entriesOf(forced)).toMatchObject([
      { manager: "later", apiVersion: "v2", fieldsV1: { "f:entries": { "f:a": {}, "f:c": {} } } },
      { manager: "maker", apiVersion: "v1", fieldsV1: { "f:data": { ".": {}, "f:b": {} } } },
    ]);
    const body = JSON.stringify({ ...config, entries: { a: "2" } });
    const less = await server.call("PATCH", target, { ...options, body });
    expect(less.value.entries).toEqual({ a: "2", b: "1" });
    const update = await merge(server, "maker", { data: { a: "3" } });
    expect(entriesOf(update).map(({ manager }) => manager)).toEqual(["maker"]);
  });
});

type Entries = ApiObject & {
  readonly data?: unknown;
  readonly entries?: unknown;
};

/** Config maps in a version that calls their data entries. */
const LATER_MAP: Strategy<Entries> = {
  names: { ...configMapStrategy.names, version: "v2" },
  schema: {
    type: "object",
    properties: {
      apiVersion: text,
      kind: text,
      metadata: () => objectMetaSchema,
      entries: mapOf(text),
    },
    writtenWhenEmpty: ["metadata"],
  },
  storedAs: {
    group: "",
    version: "v1",
    plural: "configmaps",
    toStored: ({ entries, ...map }) => ({ ...map, data: entries }),
    fromStored: ({ data, ...map }: Entries) => ({ ...map, entries: data }),
  },
  nameProblem: () => undefined,
  hasGeneration: false,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (map) => map,
  prepareForCreate: (map) => map,
  prepareForUpdate: (map) => map,
  validate: () => [],
  validateUpdate: () => [],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {},
  columns: [],
  row: () => [],
};
