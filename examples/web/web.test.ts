/** The manifests of this example are what a control plane accepts, and its images are whole. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createControlPlane } from "setpoint";
import { Deployment, Pod } from "setpoint/client";
import { decodeYamlDocuments } from "setpoint/machinery";
import { expect, test } from "vitest";

const HERE = import.meta.dirname;

test("the deployment of the example becomes three pods", async () => {
  await using plane = await createControlPlane();
  const { client, context } = plane;
  const text = await readFile(join(HERE, "manifests/web.yaml"), "utf8");
  for (const { value } of decodeYamlDocuments(text)) {
    const { apiVersion, kind } = value as { apiVersion: string; kind: string };
    const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    const path = `${root}/namespaces/default/${kind.toLowerCase()}s`;
    const query = new URLSearchParams({ fieldValidation: "Strict" });
    const body = { kind: "value", value } as const;
    const { status, warnings } = await client.request(
      { method: "POST", path, query, body },
      context,
    );
    expect([kind, status, warnings]).toEqual([kind, 201, []]);
  }
  const seen = new Set<string>();
  const watch = await client.watch(Pod, { namespace: "default" }, context);
  for await (const batch of watch) {
    for (const event of batch) {
      if (event.kind === "ADDED") seen.add(event.object.value.metadata.name ?? "");
    }
    if (seen.size === 3) break;
  }
  const deployment = await client.get(Deployment, { namespace: "default", name: "web" }, context);
  expect(deployment.spec.template.spec?.containers[0]?.image).toBe("web:1");
});

test.each(["1", "2"])("image web:%s starts a server that is there", async (tag) => {
  const folder = join(HERE, "images/web", tag);
  const image = JSON.parse(await readFile(join(folder, "image.json"), "utf8")) as {
    entrypoint: readonly string[];
    env: Readonly<Record<string, string>>;
  };
  expect(image.env["WEB_VERSION"]).toBe(tag);
  const [program, script = ""] = image.entrypoint;
  expect(program).toBe("node");
  expect(await readFile(join(folder, script), "utf8")).toContain("createServer");
});
