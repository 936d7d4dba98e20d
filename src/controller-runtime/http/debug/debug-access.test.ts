import { expect, test } from "vitest";
import { isOwnRequest } from "./debug-access.ts";

const OWN = { address: "127.0.0.1", headers: { host: "localhost:8080" } };

test.each([
  ["port-forward, which connects from inside", OWN, true],
  ["IPv6", { address: "::1", headers: { host: "[::1]:8080" } }, true],
  ["IPv4 in IPv6", { address: "::ffff:127.0.0.1", headers: { host: "127.0.0.1" } }, true],
  ["another pod", { ...OWN, address: "10.1.2.3" }, false],
  ["another pod that lies about the host", { ...OWN, address: "::ffff:10.1.2.3" }, false],
  ["a mesh's sidecar, whose address is its own", { ...OWN, address: "127.0.0.6" }, false],
  ["a proxy", { ...OWN, headers: { ...OWN.headers, "x-forwarded-for": "10.1.2.3" } }, false],
  ["a page of another host in a browser", { ...OWN, headers: { host: "evil.example" } }, false],
  ["a host that begins as ours", { ...OWN, headers: { host: "localhost.evil.example" } }, false],
  ["no host", { ...OWN, headers: {} }, false],
  ["a connection that is gone", { ...OWN, address: undefined }, false],
])("%s: the debug page is shown: %#", (_, request, isShown) => {
  expect(isOwnRequest(request)).toBe(isShown);
});
