import { expect, test } from "vitest";
import { aServer } from "../testing/test-server.ts";
import { choiceProblem, DEFAULT_PLUGINS, OPTIONAL_PLUGINS } from "./plugin-choice.ts";

const PODS = "/api/v1/namespaces/t/pods";
const body = { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "i:1" }] } };

test("without the plug-in for service accounts pods need none", async () => {
  const server = await aServer({ admissionChoice: { enabled: [], disabled: ["ServiceAccount"] } });
  await server.call("DELETE", "/api/v1/namespaces/t/serviceaccounts/default");
  const { status, value } = await server.call("POST", PODS, { body });
  expect(status).toBe(201);
  expect(value.spec.volumes).toBeUndefined();
});

test("a plug-in that is off by default runs where it is enabled", async () => {
  const server = await aServer({
    admissionChoice: { enabled: ["AlwaysPullImages"], disabled: [] },
  });
  const { value } = await server.call("POST", PODS, { body });
  expect(value.spec.containers).toMatchObject([{ imagePullPolicy: "Always" }]);
  const others = await (await aServer()).call("POST", PODS, { body });
  expect(others.value.spec.containers).toMatchObject([{ imagePullPolicy: "IfNotPresent" }]);
});

test("names nobody knows are told with those there are, and nothing is both on and off", () => {
  expect(choiceProblem({ enabled: ["Odd"], disabled: [] })).toMatch(
    /^"Odd" is no admission plug-in; those there are: AlwaysPullImages, /,
  );
  const both = choiceProblem({ enabled: ["Priority"], disabled: ["Priority"] });
  expect(both).toBe("Priority is both enabled and disabled");
  expect(choiceProblem({ enabled: OPTIONAL_PLUGINS, disabled: DEFAULT_PLUGINS })).toBeUndefined();
});
