import { expect, test } from "vitest";
import { aServer } from "../testing/test-server.ts";

const DEPLOYMENTS = "/apis/apps/v1/namespaces/t/deployments";
const MERGE = "application/merge-patch+json";

function aDeployment(env: readonly object[]): object {
  const labels = { app: "web" };
  const containers = [{ name: "c", image: "i", env }];
  return {
    metadata: { name: "web" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

test("a writer is told what is doubtful in what was accepted, and only what is new", async () => {
  const server = await aServer();
  const once = [{ name: "A", value: "1" }];
  const twice = [...once, { name: "A", value: "2" }];
  const told =
    'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply';

  expect((await server.call("POST", DEPLOYMENTS, { body: aDeployment(once) })).warnings).toEqual(
    [],
  );
  const put = await server.call("PUT", `${DEPLOYMENTS}/web`, { body: aDeployment(twice) });
  expect(put).toMatchObject({ status: 200, warnings: [told] });
  const patched = await server.call("PATCH", `${DEPLOYMENTS}/web`, {
    body: { spec: { replicas: 2 } },
    contentType: MERGE,
  });
  expect(patched).toMatchObject({ status: 200, warnings: [] });
  const other = { ...aDeployment(twice), metadata: { name: "other" } };
  const created = await server.call("POST", DEPLOYMENTS, { body: other });
  expect(created).toMatchObject({ status: 201, warnings: [told] });
});

test("a refusal says what is wrong, and nothing of what is doubtful", async () => {
  const server = await aServer();
  const wrong = aDeployment([{ name: "A", value: "1" }, { name: "A", value: "2" }, { name: "" }]);
  const refused = await server.call("POST", DEPLOYMENTS, { body: wrong });
  expect(refused).toMatchObject({ status: 422, warnings: [] });
});

test("whoever uses a kind that is going is told so", async () => {
  const server = await aServer();
  const warnings = ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"];
  const listed = await server.call("GET", "/api/v1/endpoints");
  expect(listed).toMatchObject({ status: 200, warnings });
  const missing = await server.call("GET", "/api/v1/namespaces/t/endpoints/none");
  expect(missing).toMatchObject({ status: 404, warnings });
});
