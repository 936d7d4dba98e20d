import { expect, test } from "vitest";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { unauthorized } from "../../machinery/status.ts";
import { refusalOf } from "../response.ts";
import type { ShownCredentials } from "./connection-options.ts";
import { aCertificate } from "./testing/test-certificate.ts";
import { withAdvice } from "./unauthorized.ts";

const NOW_MS = 1_800_000_000_000;
const server = "https://a:6443";
const caller = { name: 'user "u" (context "dev" of /k/config)', renewal: "Renew it: there" };
const NONE = { token: undefined, clientCertificate: undefined };

/** An unsigned JWT with these claims. */
function aToken(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

function refused(message = "Unauthorized"): ApiResponse {
  const status: object = { ...unauthorized().status, message };
  const object = EncodedObject.fromBytes(new TextEncoder().encode(JSON.stringify(status)));
  return { status: 401, headers: {}, warnings: [], body: { kind: "object", object } };
}

async function said(
  shown: Partial<ShownCredentials>,
  message?: string,
  options: { readonly server: string; readonly caller?: typeof caller } = { server, caller },
): Promise<string> {
  const error = await refusalOf(
    withAdvice(refused(message), { ...NONE, ...shown }, options, NOW_MS),
  );
  expect(error).toMatchObject({ code: 401, reason: "Unauthorized" });
  return error.message;
}

test("who is not accepted is told whose credentials these are, and what to do", async () => {
  expect(await said({ token: "t" })).toBe(
    'https://a:6443 does not accept the token of user "u" (context "dev" of /k/config). ' +
      "Renew it: there",
  );
  expect(await said({ token: "t" }, undefined, { server })).toBe(
    "https://a:6443 does not accept the token of this program",
  );
  expect(await said({}, undefined, { server })).toBe(
    "https://a:6443 wants to know who asks, and this program shows neither token nor certificate",
  );
});

test("what has expired is said, of tokens that say so and of certificates", async () => {
  const expired = "which has expired at 2027-01-15T07:59:59Z. Renew it: there";
  expect(await said({ token: aToken({ exp: NOW_MS / 1_000 - 1 }) })).toContain(expired);
  expect(await said({ token: aToken({ exp: NOW_MS / 1_000 + 1 }) })).not.toContain("expired");
  for (const exp of ["soon", 1e300, null]) {
    expect(await said({ token: aToken({ exp }) })).not.toContain("expired");
  }
  const validity = { notBefore: new Date(0), notAfter: new Date(NOW_MS - 1_000) };
  const clientCertificate = await aCertificate(validity);
  expect(await said({ clientCertificate })).toContain(
    'does not accept the client certificate of user "u" (context "dev" of /k/config), ' + expired,
  );
  const bad = { certificate: "no PEM", key: "" };
  expect(await said({ clientCertificate: bad })).not.toContain("expired");
});

test("what a server says beyond its one word is kept", async () => {
  expect(await said({ token: "t" }, "token revoked")).toMatch(/\. The server says: token revoked$/);
});

test("other answers are left as they are", () => {
  const page = { kind: "bytes", bytes: new TextEncoder().encode("<html>") } as const;
  for (const response of [
    { ...refused(), status: 403 },
    { ...refused(), body: page },
  ]) {
    expect(withAdvice(response, NONE, { server, caller }, NOW_MS)).toBe(response);
  }
});
