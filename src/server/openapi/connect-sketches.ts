/** Paths at which a client gets a connection: to a container, a port, or a server behind one. */
import type { Endpoint } from "../discovery/api-groups.ts";
import type { Resource } from "../registry/resource.ts";
import { operationId, tagOf, upperFirst } from "./operation-names.ts";
import { placeOf, subjectOf, type HttpMethod, type OperationSketch } from "./operation-sketch.ts";
import { CONNECT_PARAMETERS, PROXY_PATH, type Parameter } from "./parameters.ts";
import { pathSketch, type PathSketch } from "./path-sketch.ts";

const STREAM_METHODS: readonly HttpMethod[] = ["get", "post"];
const PROXY_METHODS: readonly HttpMethod[] = [
  "get",
  "put",
  "post",
  "delete",
  "options",
  "head",
  "patch",
];

/** Undefined for endpoints that answer with values. */
export function connectSketches(
  path: string,
  endpoint: Endpoint,
  resource: Resource,
): readonly PathSketch[] | undefined {
  const options = CONNECT_PARAMETERS.get(endpoint.kind);
  if (options === undefined || endpoint.subresource === "") return undefined;
  if (endpoint.subresource !== "proxy") {
    return connection(path, STREAM_METHODS, options, endpoint, resource);
  }
  return [
    ...connection(path, PROXY_METHODS, options, endpoint, resource),
    ...connection(`${path}/{path}`, PROXY_METHODS, [...options, PROXY_PATH], endpoint, resource),
  ];
}

function connection(
  path: string,
  methods: readonly HttpMethod[],
  options: readonly Parameter[],
  endpoint: Endpoint,
  resource: Resource,
): readonly PathSketch[] {
  const { group, version, kind } = endpoint;
  const suffix = path.endsWith("{path}") ? "WithPath" : "";
  const subject = subjectOf(path, endpoint, resource) + suffix;
  const operations = methods.map((method): OperationSketch => {
    const requests = `${method.toUpperCase()} requests`;
    return {
      method,
      id: operationId(`connect${upperFirst(method)}${subject}`, path),
      tag: tagOf(path),
      description: `connect ${requests} to ${endpoint.subresource} of ${resource.kind}`,
      effect: { action: "connect", kind: { group, version, kind } },
      parameters: [...placeOf(path, kind), ...options],
      consumes: ["*/*"],
      produces: ["*/*"],
      answers: [["200", "text"]],
    };
  });
  return pathSketch(path, operations);
}
