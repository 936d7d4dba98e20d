import type { Scenario } from "../../scenario.ts";
import { del, post, put } from "./requests.ts";

const MAPS = "/api/v1/namespaces/wire-bodies/configmaps";
const DOUBTED = "/api/v1/namespaces/wire-field-validation";
const JSON_TYPE = "application/json";
const YAML_TYPE = "application/yaml";

/** Bodies that are no object of the kind, or hardly. */
const BODIES: readonly string[] = [
  "",
  "[]",
  "null",
  "1",
  "{",
  "{} {}",
  '{"a":1,}',
  "{'a':1}",
  '{"metadata":[]}',
  '{"metadata":{"name":1}}',
  '{"metadata":{"labels":{"a":1}}}',
  '{"metadata":{"creationTimestamp":"x"}}',
  '{"metadata":{"generation":1.5}}',
  '{"data":{"a":1}}',
  '{"binaryData":{"a":"!!"}}',
  '{"immutable":"true"}',
  '{"kind":1}',
  '{"kind":"Pod"}',
  '{"kind":"ConfigMap","apiVersion":"a/b/c"}',
  '{"apiVersion":"apps/v1","kind":"Deployment"}',
  '{"kind":"ConfigMapList","apiVersion":"v1"}',
  '{"kind":"Status","apiVersion":"v1"}',
  '{"metadata":{"name":"nul\\u0000"}}',
  '{"Metadata":{"name":"upper"}}',
  '{"__proto__":{"a":1},"metadata":{"name":"proto"},"data":{"__proto__":"x","constructor":"y"}}',
];

export const bodies: Scenario = {
  name: "wire-bodies",
  namespace: "wire-bodies",
  steps: [
    ...BODIES.map((body) => post(MAPS, body, JSON_TYPE)),
    ...BODIES.slice(0, 12).map((body) => put(`${MAPS}/none`, body, JSON_TYPE)),
    ...BODIES.slice(1, 9).map((body) => del(`${MAPS}/none`, body, JSON_TYPE)),
    ...["text/plain", "application/cbor", ";", "application/merge-patch+json", "text/yaml"].map(
      (type) => post(MAPS, "{}", type),
    ),
    post(MAPS, '{"metadata":{"name":"typed"}}', "application/json;charset=utf-8"),
    post(MAPS, "{}", "application/vnd.kubernetes.protobuf"),
    post(MAPS, "k8s\u0000", "application/vnd.kubernetes.protobuf"),
    post(MAPS, "x", YAML_TYPE),
    post(MAPS, "- a", YAML_TYPE),
    post(MAPS, "metadata: {name: yaml}\ndata: {a: 1}\n", YAML_TYPE),
    post(MAPS, "metadata: {name: yaml}\ndata: {a: 'x', a: 'y'}\n", YAML_TYPE),
  ],
};

const DOUBTFUL =
  '{"metadata":{"name":"p","foo":1},"spec":{"containers":[{"name":"c","image":"i","nope":1,' +
  '"env":[{"name":"a","nope":2}]},{"name":"d","image":"i","name":"e","ports":[{"nope":1}]}],' +
  '"x":{"y":1,"y":2},"hostNetwork":false,"hostNetwork":false},"status":{"foo":1},"x":1,"x":2}';
const DOUBTFUL_YAML = "metadata: {name: y, foo: 1}\nfoo: 1\nzoo: {a: 1}\ndata: {a: x}\n";

/** Fields nobody knows and fields that stand there twice. */
export const fieldValidation: Scenario = {
  name: "wire-field-validation",
  namespace: "wire-field-validation",
  steps: ["", "Ignore", "Warn", "Strict", "strict"].flatMap((asked) => [
    post(`${DOUBTED}/pods?dryRun=All&fieldValidation=${asked}`, DOUBTFUL, JSON_TYPE),
    post(`${DOUBTED}/configmaps?dryRun=All&fieldValidation=${asked}`, DOUBTFUL_YAML, YAML_TYPE),
    put(`${DOUBTED}/configmaps/none?fieldValidation=${asked}`, DOUBTFUL_YAML, YAML_TYPE),
  ]),
};
