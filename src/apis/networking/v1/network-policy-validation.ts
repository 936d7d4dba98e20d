/** Network policies, checked in the order in which their problems are reported. */
import type { FieldError } from "../../../machinery/status.ts";
import { portNameErrors, portNumberErrors } from "../../core/v1/port-validation.ts";
import {
  errorIf,
  forbidden,
  invalid,
  noneOrOneOf,
  required,
  unsupported,
} from "../../field-errors.ts";
import { cidrErrors, isStrictlyWithin, parseCidr } from "../../ip-validation.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "./types.generated.ts";

const POLICY_TYPES: readonly string[] = ["Ingress", "Egress"];

/** What is wrong with a policy that has its defaults; ranges of `old` are let through. */
export function networkPolicyErrors(
  policy: NetworkPolicy,
  old?: NetworkPolicy,
): readonly FieldError[] {
  const { ingress = [], egress = [], podSelector, policyTypes = [] } = policy.spec;
  const known = new Set(old === undefined ? [] : rangesOf(old));
  return [
    ...labelSelectorErrors("spec.podSelector", podSelector),
    ...ingress.flatMap(({ ports, from }, index) =>
      ruleErrors(`spec.ingress[${index}]`, { ports, side: "from", peers: from }, known),
    ),
    ...egress.flatMap(({ ports, to }, index) =>
      ruleErrors(`spec.egress[${index}]`, { ports, side: "to", peers: to }, known),
    ),
    ...policyTypeErrors("spec.policyTypes", policyTypes),
  ];
}

type Rule = {
  readonly ports: readonly NetworkPolicyPort[] | undefined;
  readonly side: "from" | "to";
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
};

function rangesOf({ spec: { ingress = [], egress = [] } }: NetworkPolicy): readonly string[] {
  const peers = [
    ...ingress.flatMap(({ from = [] }) => from),
    ...egress.flatMap(({ to = [] }) => to),
  ];
  return peers.flatMap(({ ipBlock }) =>
    ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])],
  );
}

function ruleErrors(path: string, rule: Rule, known: ReadonlySet<string>): readonly FieldError[] {
  const { ports = [], side, peers = [] } = rule;
  return [
    ...ports.flatMap((port, index) => policyPortErrors(`${path}.ports[${index}]`, port)),
    ...peers.flatMap((peer, index) => peerErrors(`${path}.${side}[${index}]`, peer, known)),
  ];
}

function policyPortErrors(path: string, entry: NetworkPolicyPort): readonly FieldError[] {
  return [
    ...noneOrOneOf(`${path}.protocol`, entry.protocol, ["TCP", "UDP", "SCTP"]),
    ...portRangeErrors(path, entry),
  ];
}

function portRangeErrors(
  path: string,
  { port, endPort }: NetworkPolicyPort,
): readonly FieldError[] {
  const end = `${path}.endPort`;
  if (port === undefined) {
    const detail = "may not be specified when `port` is not specified";
    return errorIf(endPort !== undefined, invalid(end, endPort, detail));
  }
  if (typeof port === "string") {
    const detail = "may not be specified when `port` is non-numeric";
    return [
      ...errorIf(endPort !== undefined, invalid(end, endPort, detail)),
      ...portNameErrors(`${path}.port`, port),
    ];
  }
  const isBackwards = endPort !== undefined && endPort < port;
  return [
    ...portNumberErrors(`${path}.port`, port),
    // Upstream shows the port here, not its end.
    ...errorIf(isBackwards, invalid(end, port, "must be greater than or equal to `port`")),
    ...portNumberErrors(end, endPort),
  ];
}

function peerErrors(
  path: string,
  peer: NetworkPolicyPeer,
  known: ReadonlySet<string>,
): readonly FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const others = [podSelector, namespaceSelector].filter((other) => other !== undefined).length;
  return [
    ...labelSelectorErrors(`${path}.podSelector`, podSelector),
    ...labelSelectorErrors(`${path}.namespaceSelector`, namespaceSelector),
    ...(ipBlock === undefined ? [] : blockErrors(`${path}.ipBlock`, ipBlock, known)),
    ...errorIf(others === 0 && ipBlock === undefined, required(path, "must specify a peer")),
    ...errorIf(
      others > 0 && ipBlock !== undefined,
      forbidden(path, "may not specify both ipBlock and another peer"),
    ),
  ];
}

function blockErrors(
  path: string,
  block: IPBlock,
  known: ReadonlySet<string>,
): readonly FieldError[] {
  const { cidr, except = [] } = block;
  if (cidr === "") return [required(`${path}.cidr`)];
  const outer = parseCidr(cidr);
  return [
    ...(known.has(cidr) ? [] : cidrErrors(`${path}.cidr`, cidr)),
    ...except.flatMap((text, index) => {
      if (outer === undefined) return []; // said already
      const field = `${path}.except[${index}]`;
      const inner = parseCidr(text);
      return [
        ...(known.has(text) ? [] : cidrErrors(field, text)),
        ...errorIf(
          inner !== undefined && !isStrictlyWithin(inner, outer),
          invalid(field, text, "must be a strict subset of `cidr`"),
        ),
      ];
    }),
  ];
}

function policyTypeErrors(field: string, types: readonly string[]): readonly FieldError[] {
  if (types.length > POLICY_TYPES.length) {
    return [invalid(field, types, "may not specify more than two policyTypes")];
  }
  return types.flatMap((type, index) =>
    errorIf(!POLICY_TYPES.includes(type), unsupported(`${field}[${index}]`, type, POLICY_TYPES)),
  );
}
