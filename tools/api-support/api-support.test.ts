import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { NOT_SERVED } from "./not-served.ts";
import { apiSupportDocument, servedEndpoints } from "./table.ts";

const REFERENCE = process.env["SETPOINT_REFERENCE"] ?? "";
const discovery = join(REFERENCE, "kubernetes-1.36/discovery-aggregated-v2.json");

test("the table of what is served is that of the code", async () => {
  const document = join(import.meta.dirname, "../../docs/reference/api-support.md");
  const made = await format(apiSupportDocument(), { parser: "markdown", printWidth: 100 });
  expect(readFileSync(document, "utf8") === made, "npx node tools/api-support/main.ts").toBe(true);
});

test.skipIf(REFERENCE === "" || !existsSync(discovery))(
  "all that a real server lists is served alike, or listed as not served with a reason",
  () => {
    const served = new Map(
      servedEndpoints().map((each) => [`${each.groupVersion} ${each.resource}`, each.verbs]),
    );
    const reasons = new Set(NOT_SERVED.map(({ what }) => what));
    const differing = upstreamEndpoints(readFileSync(discovery, "utf8"))
      .filter(({ groupVersion, resource }) => {
        const named = [groupVersion, `${groupVersion} ${resource}`];
        return !named.some((name) => reasons.has(name));
      })
      .flatMap(({ groupVersion, resource, verbs }) => {
        const name = `${groupVersion} ${resource}`;
        const own = (served.get(name) ?? []).join();
        return own === verbs.toSorted().join() ? [] : [`${name}: ${verbs.join()} / ${own}`];
      });
    expect(differing).toEqual([]);
  },
);

type Discovered = {
  readonly metadata?: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly resources: readonly {
      readonly resource: string;
      readonly verbs: readonly string[];
      readonly subresources?: readonly {
        readonly subresource: string;
        readonly verbs: readonly string[];
      }[];
    }[];
  }[];
};

function upstreamEndpoints(text: string): readonly {
  readonly groupVersion: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}[] {
  const value = JSON.parse(text) as { readonly items?: readonly Discovered[] };
  const lists = value.items === undefined ? Object.values(value) : [value];
  const groups = lists.flatMap((list) => (list as { items: readonly Discovered[] }).items);
  return groups.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) => {
      const group = metadata?.name ?? "";
      const groupVersion = group === "" ? version : `${group}/${version}`;
      return resources.flatMap(({ resource, verbs, subresources = [] }) => [
        { groupVersion, resource, verbs },
        ...subresources.map((sub) => ({
          groupVersion,
          resource: `${resource}/${sub.subresource}`,
          verbs: sub.verbs,
        })),
      ]);
    }),
  );
}
