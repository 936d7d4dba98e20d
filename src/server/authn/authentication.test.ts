import { expect, test } from "vitest";
import { aServer } from "../testing/test-server.ts";
import { whoIs, withToken } from "./testing.ts";
import { parseTokenFile } from "./token-file.ts";

const TOM = { token: "secret", user: { name: "tom", uid: "2", groups: ["devs"] } };
const certificate = { commonName: "carl", organizations: ["ops"] };

test("a certificate or a token says who it is, and a bad token lets nobody in", async () => {
  const server = await aServer({ authentication: { tokens: [TOM] } });
  const tom = { name: "tom", uid: "2", groups: ["devs", "system:authenticated"] };
  const carl = { name: "carl", groups: ["ops", "system:authenticated"] };
  const protocol = `base64url.bearer.authorization.k8s.io.${btoa("secret")}`;
  for (const { credentials, who } of [
    { credentials: withToken("secret"), who: tom },
    { credentials: { authorization: " bearer secret and more " }, who: tom },
    {
      credentials: { authorization: "bearer  secret" },
      who: { name: "system:anonymous", groups: ["system:unauthenticated"] },
    },
    { credentials: { headers: { "sec-websocket-protocol": `a, ${protocol}` } }, who: tom },
    { credentials: { certificate }, who: carl },
    { credentials: { certificate, ...withToken("wrong") }, who: carl },
    { credentials: withToken("wrong"), who: "refused: invalid bearer token" },
    { credentials: withToken("secretsecret"), who: "refused: invalid bearer token" },
    {
      credentials: {},
      who: { name: "system:anonymous", groups: ["system:unauthenticated"] },
    },
    {
      credentials: { authorization: "Basic dG9tOnNlY3JldA==" },
      who: { name: "system:anonymous", groups: ["system:unauthenticated"] },
    },
  ]) {
    expect(await whoIs(server, credentials)).toEqual(who);
  }
});

test("without anonymous users, who shows nothing is nobody", async () => {
  const server = await aServer({ authentication: { allowsAnonymous: false } });
  expect(await whoIs(server, {})).toBe("none");
});

test("a bootstrap token is good as long as its secret says so", async () => {
  const server = await aServer();
  await server.call("POST", "/api/v1/namespaces", { body: { metadata: { name: "kube-system" } } });
  const secrets = "/api/v1/namespaces/kube-system/secrets";
  const path = `${secrets}/bootstrap-token-abcdef`;
  const token = "abcdef.0123456789abcdef";
  const data = {
    "token-id": "abcdef",
    "token-secret": "0123456789abcdef",
    "usage-bootstrap-authentication": "true",
    "auth-extra-groups": "system:bootstrappers:x",
  };
  await server.call("POST", secrets, {
    body: {
      metadata: { name: "bootstrap-token-abcdef" },
      type: "bootstrap.kubernetes.io/token",
      stringData: data,
    },
  });
  const change = (stringData: object): Promise<unknown> =>
    server.call("PATCH", path, {
      body: { stringData },
      contentType: "application/merge-patch+json",
    });
  expect(await whoIs(server, withToken(token))).toEqual({
    name: "system:bootstrap:abcdef",
    groups: ["system:bootstrappers", "system:bootstrappers:x", "system:authenticated"],
  });
  const refused = "refused: invalid bearer token";
  expect(await whoIs(server, withToken("abcdef.0123456789abcdeX"))).toBe(refused);
  expect(await whoIs(server, withToken("abcdef.0000000000000000"))).toBe(refused);
  for (const bad of [
    { expiration: "2020-01-01T00:00:00Z" },
    { expiration: "tomorrow" },
    { "auth-extra-groups": "system:masters" },
    { "usage-bootstrap-authentication": "false" },
  ]) {
    await change(bad);
    expect(await whoIs(server, withToken(token))).toBe(refused);
    await change({ ...data, expiration: "" });
    expect(await whoIs(server, withToken(token))).not.toBe(refused);
  }
  await server.call("DELETE", path);
  expect(await whoIs(server, withToken(token))).toBe(refused);
});

test("a file of tokens has a user a line, with groups in quotes", () => {
  expect(parseTokenFile('a,tom,1\r\n\n# nobody\nb,"a ""b"", c",2,"devs,ops"\nc,eve,,devs')).toEqual(
    [
      { token: "a", user: { name: "tom", uid: "1", groups: [] } },
      { token: "b", user: { name: 'a "b", c', uid: "2", groups: ["devs", "ops"] } },
      { token: "c", user: { name: "eve", groups: ["devs"] } },
    ],
  );
  for (const [text, problem] of [
    ["a,b", "line 1: fewer than three columns"],
    ['a,b,c\na,b,"c', "line 2: a quoted column is not closed"],
    ["a,,c", "line 1: a token is `token,user,uid`"],
    ["a,b,c,d,e", "line 1: a token is `token,user,uid`"],
  ] as const) {
    expect(() => parseTokenFile(text)).toThrow(problem);
  }
});
