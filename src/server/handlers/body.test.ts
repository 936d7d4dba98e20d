import { expect, test } from "vitest";
import { aServer } from "../testing/test-server.ts";

const DEPLOYMENTS = "/apis/apps/v1/namespaces/t/deployments";
const UNRECOGNIZED = "the object provided is unrecognized (must be of type Deployment)";
const UNREADABLE = `${UNRECOGNIZED}: couldn't get version/kind`;
const MISFIT =
  'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal';

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

for (const { name, body, contentType = "application/json", message } of [
  {
    name: "a body that breaks off is refused in Go's words, and no more",
    body: '{"metadata":{',
    message: `${UNREADABLE}; json parse error: unexpected end of JSON input ({"metadata":{)`,
  },
  {
    name: "a number that would be rounded is refused with its place",
    body: '{"metadata":\n{"generation":9223372036854775808}}',
    message:
      `${UNREADABLE}; json parse error: the integer 9223372036854775808 is too large to be kept ` +
      'exactly (line 2, column 15) ({"metadata":\n{"generation":922 ...)',
  },
  {
    name: "broken YAML is refused with its place",
    body: "metadata:\n  name: a: b\n",
    contentType: "application/yaml",
    message:
      `${UNRECOGNIZED}: yaml: nested mappings are not allowed in compact mappings ` +
      `(line 2, column 9) (${hex("metadata:\n  name: a: b\n")})`,
  },
  {
    name: "YAML that is not UTF-8 is refused with its place",
    body: Uint8Array.of(0x61, 0x3a, 0x0a, 0x62, 0xff),
    contentType: "application/yaml",
    message: `${UNRECOGNIZED}: the text is not valid UTF-8 (line 2, column 2) (613a0a62ff)`,
  },
  {
    name: "a list is no object",
    body: "[true]",
    message:
      `${UNREADABLE}; json parse error: json: cannot unmarshal array into Go value of type ` +
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string ' +
      '"json:\\"kind,omitempty\\"" } (5b747275655d)',
  },
  {
    name: "a kind that is no text is refused as Go refuses it",
    body: '{"kind":5}',
    message:
      `${UNREADABLE}; json parse error: json: cannot unmarshal number into Go struct field ` +
      '.kind of type string ({"kind":5})',
  },
  {
    name: "another kind is told apart from an unknown one",
    body: '{"kind":"Secret","apiVersion":"v1"}',
    message:
      'Secret in version "v1" cannot be handled as a Deployment: converting (v1.Secret) to ' +
      "(apps.Deployment): unknown conversion",
  },
  {
    name: "an unknown kind is told apart from another one",
    body: '{"apiVersion":"apps/v9"}',
    message:
      'Deployment in version "v9" cannot be handled as a Deployment: no kind "Deployment" is ' +
      'registered for version "apps/v9" in scheme "pkg/api/legacyscheme/scheme.go:30"',
  },
  {
    name: "a kind of our name in a group of somebody else is unknown",
    body: '{"kind":"Deployment","apiVersion":"apps.example.com/v1"}',
    message:
      'Deployment in version "v1" cannot be handled as a Deployment: no kind "Deployment" is ' +
      'registered for version "apps.example.com/v1" in scheme ' +
      '"pkg/api/legacyscheme/scheme.go:30"',
  },
  {
    name: "no protobuf at all",
    body: "k8sx",
    contentType: "application/vnd.kubernetes.protobuf",
    message:
      `${UNRECOGNIZED}: provided data does not appear to be a protobuf message, expected ` +
      "prefix [107 56 115 0] (6b387378)",
  },
  {
    name: "a wrong type in the metadata is named as Go names it",
    body: '{"metadata":{"name":true}}',
    message: `${MISFIT} bool into Go struct field ObjectMeta.metadata.name of type string`,
  },
  {
    name: "a wrong type deep inside is named as Go names it",
    body: '{"metadata":{"name":"d"},"spec":{"replicas":"3"}}',
    message: `${MISFIT} string into Go struct field DeploymentSpec.spec.replicas of type int32`,
  },
  {
    name: "an object that is not one is named by its type",
    body: '{"metadata":{"name":"d"},"spec":{"template":[]}}',
    message:
      `${MISFIT} array into Go struct field DeploymentSpec.spec.template of type ` +
      "v1.PodTemplateSpec",
  },
]) {
  test(`bodies: ${name}`, async () => {
    const server = await aServer();
    const answer = await server.call("POST", DEPLOYMENTS, { body, contentType });
    expect(answer).toMatchObject({ status: 400, value: { reason: "BadRequest", message } });
  });
}

test("bodies: YAML may begin with a byte order mark", async () => {
  const server = await aServer();
  const body = "\ufeffmetadata:\n  name: a\n";
  const target = "/api/v1/namespaces/t/configmaps";
  const answer = await server.call("POST", target, { body, contentType: "application/yaml" });
  expect(answer).toMatchObject({ status: 201, value: { metadata: { name: "a" } } });
});

test("bodies: null is an object without anything", async () => {
  const server = await aServer();
  const answer = await server.call("POST", DEPLOYMENTS, { body: "null" });
  expect(answer).toMatchObject({ status: 422 });
});
