import type { Scenario } from "../../scenario.ts";
import { get, post } from "./requests.ts";

const MAPS = "/api/v1/namespaces/wire-negotiation/configmaps";
const META = "v=v1;g=meta.k8s.io";

/** What clients accept, and what becomes of it. */
const ACCEPTED: readonly string[] = [
  "*/*",
  "application/*",
  "*",
  "text/html",
  "text/html, application/json",
  "APPLICATION/JSON",
  "application/yaml;q=0.5, application/json;q=0.4",
  "application/json;q=0.1,application/yaml",
  "application/cbor",
  "application/cbor, application/json",
  "application/json;stream=watch",
  "application/json;stream=nope",
  `application/json;as=Table;${META}`,
  "application/json;as=Table;v=v2;g=meta.k8s.io",
  "application/json;as=Table;v=v2;g=meta.k8s.io,application/json",
  `application/json;as=PartialObjectMetadata;${META}`,
  `application/json;as=PartialObjectMetadataList;${META}`,
  `application/yaml;as=PartialObjectMetadata;${META}`,
  `application/json;as=Nope;${META}`,
  "application/json;sv=v2",
  ",",
];

/** Of one object, of none, and of a list. */
export const negotiation: Scenario = {
  name: "wire-negotiation",
  namespace: "wire-negotiation",
  steps: [
    post(MAPS, { metadata: { name: "a", labels: { x: "y" } }, data: { k: "v" } }),
    ...ACCEPTED.flatMap((accept) => [get(`${MAPS}/a`, accept), get(`${MAPS}/none`, accept)]),
    ...ACCEPTED.map((accept) => get(MAPS, accept)),
  ],
};

const AGGREGATED = "as=APIGroupDiscoveryList;g=apidiscovery.k8s.io";

/** Of the documents of discovery. */
export const discoveryNegotiation: Scenario = {
  name: "wire-discovery-negotiation",
  steps: [
    "/apis/scheduling.k8s.io",
    "/apis/scheduling.k8s.io/v1",
    "/apis/batch/v1",
    "/apis/policy/v1",
    "/apis/events.k8s.io/v1",
  ].flatMap((path) =>
    ["*/*", "application/yaml", "text/html", "application/*", `application/json;as=Table;${META}`]
      .concat(`application/json;v=v2;${AGGREGATED}`, "application/json;sv=v1")
      .map((accept) => get(path, accept)),
  ),
};
