import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { conditionsOf, DEFINITIONS, settled } from "./testing.ts";
import { aLargeDefinition, SHAPES } from "./testing/large-definitions.ts";

const DEFINED = 100;
const TIMEOUT_MS = 180_000;

test(
  "a hundred definitions as large as those of well-known operators are served and explained",
  { timeout: TIMEOUT_MS },
  async () => {
    const server = await aServer();
    const all = Array.from({ length: DEFINED }, (_, seed) => aLargeDefinition(seed));
    for (const { definition } of all) {
      const made = await server.call("POST", DEFINITIONS, { body: definition });
      expect(made.status, JSON.stringify(made.value.message)).toBe(201);
      expect(made.warnings).toEqual([]);
    }
    for (const { plural, kind, group } of all) {
      await established(server, `${plural}.${group}`);
      expect(await conditionsOf(server, `${plural}.${group}`)).toEqual([
        "NamesAccepted=True NoConflicts",
        "Established=True InitialNamesAccepted",
      ]);
      const path = `/apis/${group}/v1/namespaces/t/${plural}`;
      const apiVersion = `${group}/v1`;
      const body = (spec: object): object => ({
        apiVersion,
        kind,
        metadata: { name: "a" },
        spec,
      });
      const made = await server.call("POST", path, { body: body({ part0: { field3: "a" } }) });
      expect(made).toMatchObject({ status: 201, value: { spec: { part0: { field2: 3 } } } });
      const wrong = await server.call("POST", path, { body: body({ part0: { field3: "A" } }) });
      expect(wrong).toMatchObject({
        status: 422,
        value: { details: { causes: [{ field: "spec.part0.field3" }] } },
      });
    }
    const groups = new Set(all.map(({ group }) => group));
    const explained = new Set<string>();
    for (const group of groups) {
      const { value } = await server.call("GET", `/openapi/v3/apis/${group}/v1`);
      const { components } = JSON.parse(value) as Explained;
      for (const [name, { properties = {} }] of Object.entries(components.schemas)) {
        if ("spec" in properties) explained.add(name);
      }
    }
    const names = all.map(({ group, kind }) => `dev.example.${group.split(".")[0]}.v1.${kind}`);
    expect(names.filter((name) => !explained.has(name))).toEqual([]);
  },
);

/** The part of an OpenAPI document that says what fields there are. */
type Explained = {
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties?: object }>>;
  };
};

/** The server looks at one definition after the other. */
async function established(server: TestServer, name: string): Promise<void> {
  for (let turn = 0; turn < DEFINED; turn += 1) {
    if ((await conditionsOf(server, name)).length === 2) return;
    await settled(server);
  }
}

test("the shapes make as many places and rules as were counted", () => {
  for (const [seed, shape] of SHAPES.entries()) {
    const text = JSON.stringify(aLargeDefinition(seed).definition);
    const places = text.split('"description"').length - 1;
    const rules = text.split('"rule"').length - 1;
    expect(places / shape.versions).toBeGreaterThanOrEqual(shape.places / 2);
    expect(rules).toBeLessThanOrEqual(shape.rules * shape.versions);
    expect(rules > 0).toBe(shape.rules > 0);
  }
});
