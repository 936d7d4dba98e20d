import fc from "fast-check";
import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { pemBlocks } from "./pem.ts";
import { requestProblem } from "./request-signature.ts";
import { certificateSigningRequestStrategy } from "./signing-request.ts";
import type { CertificateSigningRequest } from "./types.generated.ts";

/** Made for these tests; nobody has the key any more. */
const REQUEST = [
  "-----BEGIN CERTIFICATE REQUEST-----",
  "MIHIMHECAQAwDzENMAsGA1UEAwwEamFuZTBZMBMGByqGSM49AgEGCCqGSM49AwEH",
  "A0IABAP+Kp5mZiKp3dEJtlLMWxoRZAZlS4M4WSBAt9Q5LXg3BA2iqs48mK9xrwMg",
  "DmWnxkIhvswtimnVagIEmj9GSpigADAKBggqhkjOPQQDAgNHADBEAiAf52e0GY+p",
  "pgpBJ0SuYLR0BarMzsyA0sYa0IUA5A7ABgIgJFm4pKgQIJgMliCUc2+SaQOajb2s",
  "H6AYwv+WzLxgRxo=",
  "-----END CERTIFICATE REQUEST-----",
].join("\n");

const CERTIFICATE = [
  "-----BEGIN CERTIFICATE-----",
  "MIIBdDCCARugAwIBAgIUM6iQIIxfZXLHhD/EIhBY+5d7nHMwCgYIKoZIzj0EAwIw",
  "DzENMAsGA1UEAwwEamFuZTAgFw0yNjExMjMwNDQ1MjdaGA8yMTI2MTAzMDA0NDUy",
  "N1owDzENMAsGA1UEAwwEamFuZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAP+",
  "Kp5mZiKp3dEJtlLMWxoRZAZlS4M4WSBAt9Q5LXg3BA2iqs48mK9xrwMgDmWnxkIh",
  "vswtimnVagIEmj9GSpijUzBRMB0GA1UdDgQWBBTITIfoveXJKMTCzp2RuzBqxrCN",
  "QDAfBgNVHSMEGDAWgBTITIfoveXJKMTCzp2RuzBqxrCNQDAPBgNVHRMBAf8EBTAD",
  "AQH/MAoGCCqGSM49BAMCA0cAMEQCIC9HHouXXbV5J6qS05dY41pM35AAxmtc2ja6",
  "Pul8XaaxAiBFZ+JIgigbm+oZJolVF9aEWX3ZKTcqu4LMcVZCmq77ug==",
  "-----END CERTIFICATE-----",
].join("\n");

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const spec = {
  request: base64(REQUEST),
  signerName: "example.com/serving",
  usages: ["digital signature"],
};
const moment = { nowMs: NOW_MS, random: () => 0 };

function aRequest(status: CertificateSigningRequest["status"] = {}): CertificateSigningRequest {
  return { ...created(certificateSigningRequestStrategy, { spec }), status };
}

test("who asks is who sent it", () => {
  const sent = { ...aRequest(), spec: { ...spec, username: "root", groups: ["system:masters"] } };
  const user = { name: "jane", uid: "u1", groups: ["team"], extra: { a: ["b"] } };
  const kept = certificateSigningRequestStrategy.prepareForCreate(sent, { ...moment, user });
  expect(kept.spec).toEqual({
    ...spec,
    username: "jane",
    uid: "u1",
    groups: ["team"],
    extra: { a: ["b"] },
  });
});

for (const { name, fields, told } of [
  { name: "a genuine request", fields: {}, told: "" },
  {
    name: "no request",
    fields: { request: "" },
    told: 'spec.request: Invalid value: "": PEM block type must be CERTIFICATE REQUEST',
  },
  {
    name: "a certificate for a request",
    fields: { request: base64(CERTIFICATE) },
    told: "PEM block type must be CERTIFICATE REQUEST",
  },
  {
    name: "a request for another name than was signed",
    fields: { request: base64(REQUEST.replace("EamFuZTB", "EamFuZjB")) },
    told: "signature verification failure",
  },
  { name: "no usages", fields: { usages: [] }, told: "spec.usages: Required value" },
  {
    name: "a usage twice",
    fields: { usages: ["any", "any"] },
    told: 'spec.usages[1]: Duplicate value: "any"',
  },
  {
    name: "a usage that is none",
    fields: { usages: ["fun"] },
    told: 'spec.usages[0]: Unsupported value: "fun": supported values: "any", "cert sign"',
  },
  { name: "no signer", fields: { signerName: "" }, told: "spec.signerName: Required value" },
  {
    name: "a signer without a domain",
    fields: { signerName: "serving" },
    told:
      'spec.signerName: Invalid value: "serving": must be a fully qualified domain and path of ' +
      "the form 'example.com/signer-name'",
  },
  {
    name: "the signer of old",
    fields: { signerName: "kubernetes.io/legacy-unknown" },
    told: "the legacy signerName is not allowed via this API version",
  },
  {
    name: "a validity of a minute",
    fields: { expirationSeconds: 60 },
    told:
      "spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 600 " +
      "seconds (10 minutes)",
  },
]) {
  test(`a request with ${name} is told: ${told}`, () => {
    const sent = { spec: { ...spec, ...fields } };
    const refusal = refusalOf(certificateSigningRequestStrategy, sent);
    if (told === "") expect(refusal).toBe("");
    else expect(refusal).toContain(told);
  });
}

const APPROVED = { type: "Approved", status: "True" };

function approval(next: CertificateSigningRequest["status"], old = aRequest()): unknown {
  const [endpoint] = certificateSigningRequestStrategy.otherSubresources ?? [];
  const sent = endpoint?.strategy?.prepareForUpdate({ ...old, status: next }, old, moment);
  if (sent === undefined) return undefined;
  const errors = endpoint?.strategy?.validateUpdate(sent, old);
  return errors?.length === 0 ? sent.status : errors?.map(({ detail }) => detail);
}

test("who approves writes a condition, dated, and nothing else", () => {
  const now = "2026-01-10T00:00:00Z";
  expect(approval({ conditions: [APPROVED], certificate: base64("x") })).toEqual({
    conditions: [{ ...APPROVED, lastUpdateTime: now, lastTransitionTime: now }],
  });
});

test("what was approved is not denied, and stays approved", () => {
  const denied = { type: "Denied", status: "True" };
  expect(approval({ conditions: [APPROVED, denied] })).toEqual([
    "Approved and Denied conditions are mutually exclusive",
  ]);
  expect(approval({ conditions: [] }, aRequest({ conditions: [APPROVED] }))).toEqual([
    'updates may not remove a condition of type "Approved"',
  ]);
  expect(approval({ conditions: [{ type: "Approved", status: "False" }] })).toEqual([
    'supported values: "True"',
  ]);
});

function signing(next: CertificateSigningRequest["status"], old = aRequest()): unknown {
  const { status } = certificateSigningRequestStrategy;
  const sent = status?.prepareForUpdate({ ...old, status: next }, old, moment);
  if (sent === undefined) return undefined;
  return status?.validateUpdate(sent, old).map(({ detail }) => detail);
}

test("who signs writes the certificate once, and does not approve", () => {
  const certificate = base64(CERTIFICATE);
  expect(signing({ certificate })).toEqual([]);
  expect(signing({ certificate: base64("no armour") })).toEqual([
    "must contain at least one CERTIFICATE PEM block",
  ]);
  expect(signing({ certificate: base64(REQUEST) })).toEqual([
    'only CERTIFICATE PEM blocks are allowed, found "CERTIFICATE REQUEST"',
  ]);
  expect(signing({ certificate: base64(`${CERTIFICATE}\n`) }, aRequest({ certificate }))).toEqual([
    "updates may not modify existing certificate content",
  ]);
  expect(signing({ conditions: [APPROVED] })).toEqual([
    'updates may not add a condition of type "Approved"',
  ]);
});

test("nothing of a request changes through the request itself", () => {
  const old = aRequest({ conditions: [APPROVED] });
  const kept = certificateSigningRequestStrategy.prepareForUpdate(
    { ...old, spec: { ...spec, signerName: "example.com/other" }, status: {} },
    old,
    moment,
  );
  expect(kept).toEqual(old);
  expect(updateRefusalOf(certificateSigningRequestStrategy, old, (same) => same)).toBe("");
});

test("a row says what became of a request", () => {
  const state = (status: CertificateSigningRequest["status"]): unknown =>
    certificateSigningRequestStrategy.row(aRequest(status), NOW_MS)[5];
  expect(state({})).toBe("Pending");
  expect(state({ conditions: [APPROVED], certificate: "eA==" })).toBe("Approved,Issued");
  expect(state({ conditions: [{ type: "Failed", status: "True" }] })).toBe("Pending,Failed");
});

test("armour that is broken is passed over", () => {
  expect(pemBlocks("-----BEGIN A-----\nAA==\n-----END B-----")).toEqual([]);
  const [block] = pemBlocks(`noise\n${CERTIFICATE}\nnoise`);
  expect(block).toMatchObject({ label: "CERTIFICATE", hasHeaders: false });
});

test("whatever bytes are sent for a request, they are judged", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const body = Buffer.from(bytes).toString("base64");
      const label = "CERTIFICATE REQUEST";
      const armoured = `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;
      expect(requestProblem(base64(armoured))).toBe("x509: malformed certificate request");
    }),
  );
});
