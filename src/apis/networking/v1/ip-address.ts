/** IP addresses that are taken, each named after itself: by which service is in the parent. */
import { dnsSubdomainProblem, pathSegmentProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { fromProblem, required } from "../../field-errors.ts";
import { ipProblem } from "../../ip-validation.ts";
import { immutableErrors, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
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
  validate: ({ spec }, old) => (old === undefined ? parentErrors(spec.parentRef) : []),
  validateUpdate: (next, old) =>
    immutableErrors("spec.parentRef", next.spec.parentRef, old.spec.parentRef),
  columns: [NAME_COLUMN, column("ParentRef", "The object the address belongs to.")],
  row: (address) => [nameOf(address), parentText(address.spec.parentRef)],
};

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
