/** IP addresses that are taken, each named after itself: by which service is in the parent. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem, pathSegmentProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { fromProblem, IMMUTABLE, invalid, required } from "../../field-errors.ts";
import { ipProblem } from "../../ip-validation.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { segmentErrors } from "./ingress-class.ts";
import { ipAddressSchema } from "./schema.generated.ts";
import type { IPAddress, ParentReference } from "./types.generated.ts";

export const ipAddressStrategy: Strategy<IPAddress> = {
  ...ORDINARY,
  names: {
    group: "networking.k8s.io",
    version: "v1",
    kind: "IPAddress",
    plural: "ipaddresses",
    singular: "ipaddress",
    shortNames: ["ip"],
    categories: [],
    isNamespaced: false,
  },
  schema: ipAddressSchema,
  nameProblem: ipProblem,
  applyDefaults: (address) => canonicalForm(address, ipAddressSchema),
  validate: ({ spec }) => parentErrors(spec.parentRef),
  validateUpdate: (next, old) =>
    equalValues(next.spec.parentRef, old.spec.parentRef)
      ? []
      : [invalid("spec.parentRef", printedParent(next.spec.parentRef), IMMUTABLE)],
  columns: [NAME_COLUMN, column("ParentRef", "The object the address belongs to.")],
  // The age stands in rows without a column of its own, as upstream.
  row: (address, nowMs) => [
    nameOf(address),
    parentText(address.spec.parentRef),
    ageOf(address, nowMs),
  ],
};

/** As the struct it is upstream, whose fields have capital letters; none where nothing is in it. */
function printedParent({ group = "", namespace = "", resource, name }: ParentReference): unknown {
  if ([group, namespace, resource, name].every((part) => part === "")) return null;
  return { Group: group, Resource: resource, Namespace: namespace, Name: name };
}

function parentErrors(parent: ParentReference): readonly FieldError[] {
  const path = "spec.parentRef";
  const { group = "", namespace = "", resource, name } = parent;
  if ([group, namespace, resource, name].every((part) => part === "")) return [required(path)];
  return [
    ...(group === "" ? [] : fromProblem(`${path}.group`, group, dnsSubdomainProblem(group))),
    ...segmentErrors(`${path}.resource`, resource),
    ...segmentErrors(`${path}.name`, name),
    ...(namespace === ""
      ? []
      : fromProblem(`${path}.namespace`, namespace, pathSegmentProblem(namespace))),
  ];
}

function parentText({ group = "", resource, namespace = "", name }: ParentReference): string {
  if (name === "") return NONE;
  const qualified = group === "" ? resource : `${resource}.${group}`;
  return [qualified.toLowerCase(), ...(namespace === "" ? [] : [namespace]), name].join("/");
}
