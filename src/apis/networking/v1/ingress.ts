/** Ingresses: which host and path of the outside leads to which service. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { compareText } from "../../../machinery/key.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, NONE } from "../../table-columns.ts";
import { CLASS_ANNOTATION, ingressErrors, ingressStatusErrors } from "./ingress-validation.ts";
import { ingressSchema } from "./schema.generated.ts";
import type { Ingress } from "./types.generated.ts";

/** Hosts shown in a row before the rest is only counted. */
const HOSTS_SHOWN_MAX = 3;

export const ingressStrategy: Strategy<Ingress> = {
  ...ORDINARY,
  names: {
    group: "networking.k8s.io",
    version: "v1",
    kind: "Ingress",
    plural: "ingresses",
    singular: "ingress",
    shortNames: ["ing"],
    categories: [],
    isNamespaced: true,
  },
  schema: ingressSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (sent) => {
    const ingress = canonicalForm(sent, ingressSchema);
    const { status } = ingress;
    return { ...ingress, status: { ...status, loadBalancer: status.loadBalancer ?? {} } };
  },
  prepareForCreate: (ingress) => ({ ...ingress, status: { loadBalancer: {} } }),
  prepareForUpdate: keepStatus,
  validate: ingressErrors,
  warnings: (next, old) => (old === undefined ? classWarnings(next) : []),
  status: statusPart(ingressStatusErrors),
  columns: [
    NAME_COLUMN,
    column("Class", "Class of the controller that serves it."),
    column("Hosts", "Hosts it has rules for; * for all of them."),
    column("Address", "Where the load balancer listens."),
    column("Ports", "Ports of the outside."),
    AGE_COLUMN,
  ],
  row: (ingress, nowMs) => [
    nameOf(ingress),
    ingress.spec.ingressClassName ?? NONE,
    hostsText(ingress),
    addressText(ingress),
    (ingress.spec.tls ?? []).length > 0 ? "80, 443" : "80",
    ageOf(ingress, nowMs),
  ],
};

function classWarnings({ metadata: { annotations = {} } }: Ingress): readonly string[] {
  if (!Object.hasOwn(annotations, CLASS_ANNOTATION)) return [];
  return [
    `annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`,
  ];
}

function hostsText({ spec: { rules = [] } }: Ingress): string {
  const hosts: string[] = [];
  for (const { host = "" } of rules) {
    if (hosts.length === HOSTS_SHOWN_MAX) {
      return `${hosts.join(",")} + ${rules.length - HOSTS_SHOWN_MAX} more...`;
    }
    if (host !== "") hosts.push(host);
  }
  return hosts.length === 0 ? "*" : hosts.join(",");
}

function addressText({ status }: Ingress): string {
  const balancers = status.loadBalancer?.ingress ?? [];
  const addresses = balancers.map(({ ip, hostname }) => ip || (hostname ?? ""));
  const known = new Set(addresses.filter((address) => address !== ""));
  return [...known].sort(compareText).join(",");
}
