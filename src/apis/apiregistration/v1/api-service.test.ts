import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf } from "../../testing.ts";
import { apiServiceStrategy } from "./api-service.ts";

const metadata = { name: "v1.example.com" };
const local = {
  group: "example.com",
  version: "v1",
  groupPriorityMinimum: 1000,
  versionPriority: 15,
};
const service = { namespace: "default", name: "api" };

test("this server answers for itself at once, others when they are seen to", () => {
  const own = created(apiServiceStrategy, { metadata, spec: local });
  expect(own.status.conditions).toMatchObject([{ type: "Available", status: "True" }]);
  expect(apiServiceStrategy.row(own, NOW_MS).slice(1, 3)).toEqual(["Local", "True"]);
  const other = created(apiServiceStrategy, { metadata, spec: { ...local, service } });
  expect(other.spec.service).toEqual({ ...service, port: 443 });
  expect(apiServiceStrategy.row(other, NOW_MS).slice(1, 3)).toEqual(["default/api", "Unknown"]);
  const conditions = [{ type: "Available", status: "False", reason: "MissingEndpoints" }];
  expect(apiServiceStrategy.row({ ...other, status: { conditions } }, NOW_MS)[2]).toBe(
    "False (MissingEndpoints)",
  );
});

for (const { name, sent, told } of [
  { name: "a name of its group and version", sent: { metadata, spec: local }, told: "" },
  {
    name: "another name",
    sent: { metadata: { name: "x" }, spec: local },
    told:
      'metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: ' +
      '"v1.example.com"',
  },
  {
    name: "no group, and not the first version",
    sent: { metadata: { name: "v2." }, spec: { ...local, group: "", version: "v2" } },
    told: "spec.group: Required value: only v1 may have an empty group and it better be legacy kube",
  },
  {
    name: "no priorities",
    sent: { metadata, spec: { group: "example.com", version: "v1" } },
    told:
      "[spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000, " +
      "spec.versionPriority: Invalid value: 0: must be positive and less than 1000]",
  },
  {
    name: "an authority for itself",
    sent: { metadata, spec: { ...local, caBundle: "eHh4" } },
    told: 'spec.caBundle: Invalid value: "3 bytes": local APIServices may not have a caBundle',
  },
  {
    name: "an authority that is not asked",
    sent: {
      metadata,
      spec: { ...local, service, caBundle: "eHh4", insecureSkipTLSVerify: true },
    },
    told: "spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present",
  },
  {
    name: "a service of no namespace",
    sent: { metadata, spec: { ...local, service: { name: "api" } } },
    told: "spec.service.namespace: Required value",
  },
]) {
  test(`an API service with ${name} is told: ${told}`, () => {
    expect(refusalOf(apiServiceStrategy, sent)).toBe(told);
  });
}

test("a condition is true, false or unknown", () => {
  const old = created(apiServiceStrategy, { metadata, spec: local });
  const status = { conditions: [{ type: "Available", status: "Maybe" }] };
  expect(apiServiceStrategy.status?.validateUpdate({ ...old, status }, old)).toMatchObject([
    { field: "status.conditions[0].status", type: "FieldValueNotSupported" },
  ]);
});
