import { X509Certificate } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { Secret } from "../../client/builtin.ts";
import { DAY_MS } from "../../pki/certificates.ts";
import { fakeCluster, type FakeCluster } from "../testing/fake-cluster.ts";
import type { ServedCertificates } from "./certificates.ts";
import { CERTIFICATES_ANNOTATION, SecretCertificates } from "./secret-certificates.ts";

const KEY = { namespace: "shop", name: "hooks-certificates" };
const HOSTS = ["hooks.shop.svc"];

let env: VirtualEnv;
let cluster: FakeCluster;

beforeEach(() => {
  env = virtualEnv();
  cluster = fakeCluster(env);
});

/** One that looks as a process of its own. */
function aReplica(): () => Promise<ServedCertificates> {
  const source = new SecretCertificates(KEY, { hosts: HOSTS }, { client: cluster.client, env });
  return () => source.look(aContext(env));
}

function secret(): Secret {
  const found = cluster.find(Secret, KEY);
  if (found === undefined) throw new Error("there is no Secret");
  return found;
}

function writes(): number {
  return cluster.requests.filter(({ verb }) => verb === "create" || verb === "update").length;
}

/** Whether clients that trust what one tells accept what the other shows. */
function trusts(teller: ServedCertificates, server: ServedCertificates): boolean {
  const served = new X509Certificate(server.certificate);
  const pems = (teller.authorities ?? "").split(/(?<=-----END CERTIFICATE-----\n)/);
  return pems
    .filter((pem) => pem !== "")
    .some((pem) => served.verify(new X509Certificate(pem).publicKey));
}

test("of replicas that start together one makes the Secret, all serve it", async () => {
  const looks = await Promise.all([aReplica(), aReplica(), aReplica()].map((look) => look()));
  expect(new Set(looks.map(({ certificate }) => certificate)).size).toBe(1);
  expect(secret().metadata.annotations).toHaveProperty([CERTIFICATES_ANNOTATION]);
  expect(writes()).toBe(3); // of which two were refused
});

test("an empty Secret that manifests have made is filled, its labels kept", async () => {
  const metadata = { ...KEY, labels: { app: "shop" } };
  cluster.seed(Secret, { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque" });
  await Promise.all([aReplica()(), aReplica()()]);
  expect(Object.keys(secret().data ?? {}).sort()).toEqual([
    "ca.crt",
    "ca.key",
    "tls.crt",
    "tls.key",
  ]);
  expect(secret().metadata.labels).toEqual({ app: "shop" });
});

test("while nothing is due, a look only reads", async () => {
  const look = aReplica();
  const first = await look();
  env.jumpWallClock(DAY_MS);
  expect(await look()).toEqual(first);
  expect(writes()).toBe(1);
});

test("the certificate is renewed by one, the others follow, all trust both", async () => {
  const [a, b] = [aReplica(), aReplica()];
  const [first] = [await a(), await b()];
  env.jumpWallClock(61 * DAY_MS);
  const [fromA, fromB] = await Promise.all([a(), b()]);
  expect(fromA.certificate).not.toBe(first.certificate);
  expect(fromB).toEqual(fromA);
  expect([trusts(first, fromA), trusts(fromA, first)]).toEqual([true, true]);
});

test("for seven years, what is shown was trusted at the look before", async () => {
  const look = aReplica();
  let last = await look();
  const authorities = new Set([last.authorities]);
  for (let month = 0; month < 85; month += 1) {
    env.jumpWallClock(29 * DAY_MS);
    for (let day = 0; day < 2; day += 1) {
      env.jumpWallClock(DAY_MS);
      const now = await look();
      expect([trusts(last, now), trusts(now, last)]).toEqual([true, true]);
      last = now;
    }
    authorities.add(last.authorities);
  }
  expect(authorities.size).toBe(3); // the first, both, the second
});

test("a Secret that is lost is put back as it was: nobody notices", async () => {
  const look = aReplica();
  const first = await look();
  cluster.vanish(Secret, KEY);
  expect(await look()).toEqual(first);
  expect(await aReplica()()).toEqual(first);
});

test.each(["ca.crt", "ca.key", "tls.crt", "tls.key"])(
  "a Secret with a bad %s is mended",
  async (key) => {
    const look = aReplica();
    const first = await look();
    const data = { ...secret().data, [key]: btoa("no such thing") };
    const spoil = () => cluster.client.update(Secret, { ...secret(), data }, aContext(env));
    await spoil();
    expect(await look()).toEqual(first); // by who knows what was in it
    await spoil();
    const mended = await aReplica()(); // by who does not
    expect(trusts(mended, mended)).toBe(true);
    expect(trusts(await look(), mended)).toBe(true);
  },
);

test("a replica whose clock is wrong does no harm to the others", async () => {
  const [right, wrong] = [aReplica(), aReplica()];
  const first = await right();
  env.jumpWallClock(100 * DAY_MS);
  await wrong();
  env.jumpWallClock(-100 * DAY_MS);
  const second = await right();
  expect([trusts(first, second), trusts(second, first)]).toEqual([true, true]);
  const { validFromDate } = new X509Certificate(second.certificate);
  expect(validFromDate.getTime()).toBeLessThanOrEqual(env.clock.now());
});

test("a Secret of somebody else is left alone, and named", async () => {
  const data = { "tls.crt": btoa("theirs"), "tls.key": btoa("theirs") };
  const metadata = KEY;
  cluster.seed(Secret, { apiVersion: "v1", kind: "Secret", metadata, data });
  await expect(aReplica()()).rejects.toThrow(
    /the Secret shop\/hooks-certificates holds tls\.crt, tls\.key, which this program has not put/,
  );
  expect(writes()).toBe(0);
});
