import { generateKeyPairSync } from "node:crypto";
import { compactVerify, decodeProtectedHeader, importJWK } from "jose";
import { expect, test } from "vitest";
import { aServer, type TestServer } from "../../testing/test-server.ts";
import { askToken, makeAccount, whoIs, withToken } from "../testing.ts";
import { encodeLegacyClaims } from "./token-claims.ts";
import { TokenIssuer } from "./token-issuer.ts";
import { createTokenKey, readTokenKeys, type TokenKeys } from "./token-keys.ts";

const ISSUER = "https://kubernetes.default.svc.cluster.local";
const PODS = "/api/v1/namespaces/t/pods";

async function aKey(): Promise<TokenKeys> {
  return readTokenKeys(await createTokenKey());
}

async function aToken(server: TestServer, spec: object = {}): Promise<string> {
  const { status, value } = await askToken(server, "builder", spec);
  expect([status, value.message]).toEqual([201, undefined]);
  return value.status.token;
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ""] = token.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Readonly<
    Record<string, unknown>
  >;
}

async function makePod(server: TestServer, name: string, account: string): Promise<string> {
  await server.call("POST", "/api/v1/nodes", { body: { metadata: { name: "n1" } } });
  const containers = [{ name: "c", image: "i" }];
  const spec = { serviceAccountName: account, containers, nodeName: "n1" };
  const { value } = await server.call("POST", PODS, { body: { metadata: { name }, spec } });
  return value.metadata.uid;
}

test("a token says for whom it is, and the server believes it", async () => {
  const server = await aServer();
  const uid = await makeAccount(server, "builder");
  const now = Math.floor(server.env.clock.now() / 1_000);
  const token = await aToken(server, { expirationSeconds: 600 });
  const claims = claimsOf(token);
  expect(claims).toEqual({
    aud: [ISSUER],
    exp: now + 600,
    iat: now,
    iss: ISSUER,
    jti: expect.any(String),
    "kubernetes.io": { namespace: "t", serviceaccount: { name: "builder", uid } },
    nbf: now,
    sub: "system:serviceaccount:t:builder",
  });
  expect(await whoIs(server, withToken(token))).toEqual({
    name: "system:serviceaccount:t:builder",
    uid,
    groups: ["system:serviceaccounts", "system:serviceaccounts:t", "system:authenticated"],
    extra: { "authentication.kubernetes.io/credential-id": [`JTI=${String(claims["jti"])}`] },
  });
});

test("a token of a pod names the pod and its node, and ends with the pod", async () => {
  const server = await aServer();
  await makeAccount(server, "builder");
  const podUid = await makePod(server, "web", "builder");
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: "web" };
  const token = await aToken(server, { boundObjectRef });
  const node = (await server.call("GET", "/api/v1/nodes/n1")).value.metadata.uid;
  expect(claimsOf(token)["kubernetes.io"]).toMatchObject({
    node: { name: "n1", uid: node },
    pod: { name: "web", uid: podUid },
  });
  expect(await whoIs(server, withToken(token))).toMatchObject({
    extra: {
      "authentication.kubernetes.io/pod-name": ["web"],
      "authentication.kubernetes.io/pod-uid": [podUid],
      "authentication.kubernetes.io/node-name": ["n1"],
      "authentication.kubernetes.io/node-uid": [node],
    },
  });
  await server.call("DELETE", `${PODS}/web?gracePeriodSeconds=0`);
  expect(await whoIs(server, withToken(token))).toBe(
    "refused: service account token has been invalidated",
  );
  const other = await makePod(server, "web", "builder");
  expect(await whoIs(server, withToken(token))).toBe(
    `refused: pod UID (${other}) does not match service account pod ref claim (${podUid})`,
  );
});

test("a token ends with its account, also if there is one of the same name again", async () => {
  const server = await aServer();
  const uid = await makeAccount(server, "builder");
  const token = await aToken(server);
  await server.call("DELETE", "/api/v1/namespaces/t/serviceaccounts/builder");
  expect(await whoIs(server, withToken(token))).toBe(
    'refused: serviceaccounts "builder" not found',
  );
  const next = await makeAccount(server, "builder");
  expect(await whoIs(server, withToken(token))).toBe(
    `refused: service account UID (${next}) does not match claim (${uid})`,
  );
});

test("a token of a secret or a node ends with it", async () => {
  for (const { kind, path } of [
    { kind: "Secret", path: "/api/v1/namespaces/t/secrets" },
    { kind: "Node", path: "/api/v1/nodes" },
  ]) {
    const server = await aServer();
    await makeAccount(server, "builder");
    await server.call("POST", path, { body: { metadata: { name: "x" } } });
    const token = await aToken(server, { boundObjectRef: { kind, name: "x", apiVersion: "v1" } });
    expect(await whoIs(server, withToken(token))).toMatchObject({ groups: expect.anything() });
    await server.call("DELETE", `${path}/x`);
    expect(await whoIs(server, withToken(token))).toBe(
      "refused: service account token has been invalidated",
    );
  }
});

test("a token is good from its minute on until a minute after its end", async () => {
  const server = await aServer();
  await makeAccount(server, "builder");
  const token = await aToken(server, { expirationSeconds: 600 });
  server.env.jumpWallClock(659_000);
  expect(await whoIs(server, withToken(token))).toMatchObject({ uid: expect.any(String) });
  server.env.jumpWallClock(2_000);
  expect(await whoIs(server, withToken(token))).toBe("refused: service account token has expired");
  server.env.jumpWallClock(-900_000);
  expect(await whoIs(server, withToken(token))).toBe(
    "refused: service account token is not valid yet",
  );
});

test("a token for others is no token for the server", async () => {
  const server = await aServer();
  await makeAccount(server, "builder");
  const token = await aToken(server, { audiences: ["vault"] });
  expect(await whoIs(server, withToken(token))).toBe(
    `refused: token audiences ["vault"] is invalid for the target audiences ["${ISSUER}"]`,
  );
});

test("what somebody else has signed, or changed, is refused", async () => {
  const server = await aServer();
  await makeAccount(server, "builder");
  const token = await aToken(server);
  const [head = "", , signature = ""] = token.split(".");
  const claims = { ...claimsOf(token), sub: "system:serviceaccount:kube-system:root" };
  const forged = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const stranger = new TokenIssuer({ issuer: ISSUER, keys: aKey });
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  for (const bad of [
    `${head}.${forged}.${signature}`,
    `${none}.${forged}.`,
    await stranger.sign(claimsOf(token)),
  ]) {
    expect(await whoIs(server, withToken(bad))).toBe(
      "refused: go-jose/go-jose: error in cryptographic primitive",
    );
  }
  for (const odd of ["a.b.c", "..", "e30.e30.e30", `${head}.bnVsbA.x`, "x".repeat(100_000)]) {
    expect(await whoIs(server, withToken(odd))).toBe("refused: invalid bearer token");
  }
});

test("a token in a secret is good as long as it is the one that is there", async () => {
  const keys = await aKey();
  const server = await aServer({ authentication: { serviceAccounts: { keys } } });
  const uid = await makeAccount(server, "builder");
  const issuer = new TokenIssuer({ issuer: ISSUER, keys: () => Promise.resolve(keys) });
  const token = await issuer.sign(encodeLegacyClaims("t", "kept", { name: "builder", uid }));
  expect(await whoIs(server, withToken(token))).toBe(
    "refused: service account token has been invalidated",
  );
  await server.call("POST", "/api/v1/namespaces/t/secrets", {
    body: {
      metadata: { name: "kept", annotations: { "kubernetes.io/service-account.name": "builder" } },
      type: "kubernetes.io/service-account-token",
      stringData: { token },
    },
  });
  expect(await whoIs(server, withToken(token))).toMatchObject({
    name: "system:serviceaccount:t:builder",
  });
});

test("others can check tokens by the keys the server lists", async () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
  const pem = rsa.export({ type: "pkcs8", format: "pem" }).toString();
  for (const { serviceAccounts, algorithm } of [
    { serviceAccounts: {}, algorithm: "ES256" },
    {
      serviceAccounts: { keys: await readTokenKeys(pem, [await createTokenKey()]) },
      algorithm: "RS256",
    },
  ]) {
    const server = await aServer({ authentication: { serviceAccounts } });
    await makeAccount(server, "builder");
    const token = await aToken(server);
    expect(await whoIs(server, withToken(token))).toMatchObject({ uid: expect.any(String) });
    const configuration = await server.call("GET", "/.well-known/openid-configuration");
    expect(JSON.parse(configuration.value)).toMatchObject({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/openid/v1/jwks`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
    });
    const listed = await server.call("GET", "/openid/v1/jwks");
    expect(listed.headers["content-type"]).toBe("application/jwk-set+json");
    const { keys } = JSON.parse(listed.value);
    const { kid, alg } = decodeProtectedHeader(token);
    expect(alg).toBe(algorithm);
    const key = keys.find((each: { kid: string }) => each.kid === kid);
    expect(key).toMatchObject({ use: "sig", alg });
    expect(key).not.toHaveProperty("d");
    await compactVerify(token, await importJWK(key, algorithm));
  }
});

test("a request for a token is checked before one is made", async () => {
  const server = await aServer();
  await makeAccount(server, "builder");
  await makeAccount(server, "other");
  await makePod(server, "web", "other");
  const reference = (kind: string, name: string): object => ({ apiVersion: "v1", kind, name });
  const kind = "TokenRequest.authentication.k8s.io";
  for (const { account = "builder", spec = {}, code, message } of [
    {
      spec: { expirationSeconds: 10 },
      code: 422,
      message:
        `${kind} "" is invalid: spec.expirationSeconds: Invalid value: 10: ` +
        "may not specify a duration less than 10 minutes",
    },
    {
      spec: { expirationSeconds: 2 ** 33 },
      code: 422,
      message:
        `${kind} "" is invalid: spec.expirationSeconds: Invalid value: 8589934592: ` +
        "may not specify a duration larger than 2^32 seconds",
    },
    { account: "nobody", code: 404, message: 'serviceaccounts "nobody" not found' },
    {
      spec: { boundObjectRef: reference("Pod", "gone") },
      code: 404,
      message: 'pods "gone" not found',
    },
    {
      spec: { boundObjectRef: reference("Pod", "web") },
      code: 400,
      message:
        'cannot bind token for serviceaccount "builder" to pod running with ' +
        "different serviceaccount name.",
    },
    {
      spec: { boundObjectRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
      code: 400,
      message: "cannot bind token to object of type apps/v1, Kind=Deployment",
    },
    {
      spec: { boundObjectRef: { ...reference("Node", "n1"), uid: "7" } },
      code: 409,
      message:
        'Operation cannot be fulfilled on Node "n1": the UID in the bound object reference (7) ' +
        "does not match the UID in record. The object might have been deleted and then recreated",
    },
  ]) {
    const { status, value } = await askToken(server, account, spec);
    expect([status, value.message]).toEqual([code, message]);
  }
});

test("a server may shorten what is asked for, and says so", async () => {
  const serviceAccounts = { tokenSecondsMax: 1_800 };
  const server = await aServer({ authentication: { serviceAccounts } });
  await makeAccount(server, "builder");
  const { value, warnings } = await askToken(server, "builder", { expirationSeconds: 3_600 });
  expect(warnings).toEqual(["requested expiration of 3600 seconds shortened to 1800 seconds"]);
  const nothing = { boundObjectRef: null };
  expect(value.spec).toEqual({ audiences: [ISSUER], expirationSeconds: 1_800, ...nothing });
  expect(value.metadata).toMatchObject({ name: "builder", namespace: "t" });
});
