import { expect, test } from "vitest";
import { StatusError } from "../../machinery/status.ts";
import { ANSWER_TYPES, BUILT_IN_OFFER, negotiate, refusalType, type Offer } from "./negotiation.ts";

const CUSTOM: Offer = { hasProtobuf: false, hasTable: true, routes: undefined };
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

/** Media type and view, in short; or the code and the text of the refusal. */
function chosen(accept: string | undefined, offer: Offer = BUILT_IN_OFFER): string {
  try {
    const { mediaType, view } = negotiate(accept, offer);
    const version = view.kind === "object" ? "" : ` ${view.version}`;
    return `${mediaType} ${view.kind}${version}`;
  } catch (error) {
    if (error instanceof StatusError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const LIST = ANSWER_TYPES.join(", ");
const NO_ROUTE = `406: 406: Not Acceptable\n\nAvailable representations: ${LIST}`;
const NO_FORM = `406: only the following media types are accepted: ${LIST}`;

for (const [accept, want] of [
  [undefined, "json object"],
  ["", "json object"],
  ["*/*", "json object"],
  ["application/json", "json object"],
  ["application/yaml, application/json", "yaml object"],
  ["application/yaml;q=0.5, application/json;q=0.9", "json object"],
  [`${PROTOBUF},application/json`, "protobuf object"],
  [`${PROTOBUF};stream=watch`, "protobuf object"],
  [`*/*, ${PROTOBUF};q=0.1`, "protobuf object"],
  [`${PROTOBUF};q=0.1, */*`, "json object"],
  ["text/html, application/json;q=0.1", "json object"],
  ["application/*, */*", "json object"],
  [`${TABLE},application/json`, "json table v1"],
  ["application/yaml;as=Table;v=v1beta1;g=meta.k8s.io", "yaml table v1beta1"],
  [`${PROTOBUF};as=Table;v=v1;g=meta.k8s.io,application/json`, "json object"],
  [`${PROTOBUF};as=PartialObjectMetadata;v=v1;g=meta.k8s.io`, "protobuf metadata v1"],
  ["application/json;as=Table;v=v9;g=meta.k8s.io", NO_FORM],
  ["application/json;as=Table;v=v1;g=other", NO_FORM],
  ["application/json;g=meta.k8s.io", NO_FORM],
  ["application/yaml;stream=watch", NO_FORM],
  ["application/json;stream=other", NO_FORM],
  ["application/json;sv=v2", NO_FORM],
  ["text/html", NO_ROUTE],
  ["application/*", NO_ROUTE],
  ["nonsense", NO_ROUTE],
  ["APPLICATION/JSON", NO_ROUTE],
] as const) {
  test(`negotiation: ${accept ?? "nothing said"} is ${want.split("\n")[0] ?? ""}`, () => {
    expect(chosen(accept)).toBe(want);
  });
}

test("negotiation: a custom resource has no protobuf but of its metadata", () => {
  expect(chosen(PROTOBUF, CUSTOM)).toBe(NO_FORM);
  expect(chosen(`${PROTOBUF},application/json`, CUSTOM)).toBe("json object");
  expect(chosen("application/*", CUSTOM)).toBe("json object");
  const metadata = `${PROTOBUF};as=PartialObjectMetadata;v=v1;g=meta.k8s.io`;
  expect(chosen(metadata, CUSTOM)).toBe("protobuf metadata v1");
});

test("negotiation: refusals have no views, and are JSON where nothing else can be", () => {
  expect(refusalType(undefined)).toBe("json");
  expect(refusalType(PROTOBUF)).toBe("protobuf");
  expect(refusalType("application/yaml")).toBe("yaml");
  expect(refusalType(`${TABLE},application/yaml`)).toBe("yaml");
  expect(refusalType(TABLE)).toBe("json");
  expect(refusalType("text/html")).toBe("json");
});
