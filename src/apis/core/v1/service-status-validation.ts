/** What a load balancer reports of a service. */
import { isIP } from "../../../machinery/ip-address.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  errorIf,
  forbidden,
  fromProblem,
  invalid,
  noneOrOneOf,
  required,
} from "../../field-errors.ts";
import { NOT_AN_ADDRESS } from "./port-validation.ts";
import type { LoadBalancerIngress, Service } from "./types.generated.ts";

/** What is wrong with a report. Its conditions are their writer's business, as upstream. */
export function serviceStatusErrors({ spec, status }: Service): readonly FieldError[] {
  const field = "status.loadBalancer.ingress";
  const ingress = status.loadBalancer?.ingress ?? [];
  const isBalanced = spec.type === "LoadBalancer";
  const detail = "may only be used when `spec.type` is LoadBalancer";
  return [
    ...errorIf(!isBalanced && ingress.length > 0, forbidden(field, detail)),
    ...ingress.flatMap((entry, index) => ingressErrors(`${field}[${index}]`, entry)),
  ];
}

function ingressErrors(path: string, entry: LoadBalancerIngress): readonly FieldError[] {
  const { ip = "", hostname = "", ipMode } = entry;
  const isAddress = isIP(hostname);
  const alone = "may not be specified when `ip` is not set";
  const together = "must be specified when `ip` is set";
  return [
    ...errorIf(ip !== "" && !isIP(ip), invalid(`${path}.ip`, ip, NOT_AN_ADDRESS)),
    ...errorIf(ip !== "" && ipMode === undefined, required(`${path}.ipMode`, together)),
    ...errorIf(ip === "" && ipMode !== undefined, forbidden(`${path}.ipMode`, alone)),
    ...noneOrOneOf(`${path}.ipMode`, ipMode, ["Proxy", "VIP"]),
    ...(hostname === ""
      ? []
      : fromProblem(`${path}.hostname`, hostname, dnsSubdomainProblem(hostname))),
    ...errorIf(
      isAddress,
      invalid(`${path}.hostname`, hostname, "must be a DNS name, not an IP address"),
    ),
  ];
}
