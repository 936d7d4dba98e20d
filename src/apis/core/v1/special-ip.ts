/**
 * Addresses at which no endpoint can be reached from elsewhere.
 *
 * Upstream refuses loopback addresses, too: an endpoint must not lead a proxy to what its node
 * serves for itself alone. Here they are allowed, because pods that run as plain processes have
 * addresses of 127.0.0.0/8 and nothing else.
 */

/** What is wrong with such an address; undefined if nothing, or if it is none at all. */
export function specialIpProblem(address: string): string | undefined {
  return address.includes(":") ? specialV6Problem(address) : specialV4Problem(address);
}

function specialV4Problem(address: string): string | undefined {
  if (address === "0.0.0.0") return "may not be unspecified (0.0.0.0)";
  if (address.startsWith("169.254.")) {
    return "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
  }
  if (address.startsWith("224.0.0.")) {
    return "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
  }
  return undefined;
}

function specialV6Problem(address: string): string | undefined {
  if (/^[0:]+$/.test(address)) return "may not be unspecified (::)";
  if (/^fe[89ab]/i.test(address)) {
    return "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
  }
  if (/^ff[0-9a-f]2:/i.test(address)) {
    return "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
  }
  return undefined;
}
