/**
 * Which addresses a proxy may be sent to. Upstream refuses all of loopback, so that nobody reaches
 * what a machine serves for itself alone. Here pods that run as plain processes have loopback
 * addresses from 127.64.0.0 on: those are let through, and what is below is refused.
 */
import { parseIp } from "../../apis/ip-validation.ts";
import { badRequest, type StatusError } from "../../machinery/status.ts";

/** The second number from which addresses of 127.0.0.0/8 belong to pods and services. */
const POD_RANGES_FROM = 64;

export function isProxiableAddress(address: string): boolean {
  if (parseIp(address) === undefined) return false;
  return address.includes(":") ? isProxiableV6(address.toLowerCase()) : isProxiableV4(address);
}

export function addressNotAllowed(): StatusError {
  return badRequest("address not allowed");
}

function isProxiableV4(address: string): boolean {
  const [first = 0, second = 0] = address.split(".").map(Number);
  if (first === 0 || first >= 224) return false;
  if (first === 169 && second === 254) return false;
  return first !== 127 || second >= POD_RANGES_FROM;
}

/** Loopback, link-local, multicast and IPv4 addresses in IPv6 clothes are not. */
function isProxiableV6(address: string): boolean {
  return !/^(?:::|fe[89ab]|ff|[0:]+:1$|[0:]+$)/.test(address);
}
