/** The issuer on a whole control plane in memory: weeks of renewals pass in a moment. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { EventObject, Secret } from "setpoint/client";
import { findCondition, isConditionTrue } from "setpoint/machinery";
import { createTestWorld, type TestWorld } from "setpoint/testing";
import { expect, test } from "vitest";
import { certificates } from "./certificates.ts";
import { issuers } from "./issuers.ts";
import { renewalOf } from "./judge.ts";
import { Certificate, Issuer } from "./kinds.ts";
import { authorityIn, pairIn } from "./secrets.ts";

const ISSUER = `
apiVersion: certificates.example.dev/v1
kind: Issuer
metadata: { name: home }
spec: { commonName: Home authority }
`;

const WEB = `
apiVersion: certificates.example.dev/v1
kind: Certificate
metadata: { name: web }
spec: { issuer: home, dnsNames: [web.example.dev, "*.web.example.dev"], hours: 24 }
`;

const BOTH = `${ISSUER}---${WEB}`;

/** Of the built-in controllers none is needed, and each has timers of its own. */
function aWorld(manifests = BOTH): Promise<TestWorld> {
  return createTestWorld({
    controllers: [issuers, certificates],
    manifests,
    hasControllers: false,
  });
}

/** The certificate that is kept for `web`, once there is one that is as wanted. */
async function issued(
  world: TestWorld,
  isWanted: (certificate: X509Certificate) => boolean = () => true,
  secretName = "web",
): Promise<X509Certificate> {
  const read = async (): Promise<X509Certificate | undefined> => {
    const pair = pairIn(await world.get(Secret, secretName));
    return pair === undefined ? undefined : new X509Certificate(pair.certificate);
  };
  const found = await world.eventually(read, (seen) => seen !== undefined && isWanted(seen));
  if (found === undefined) throw new Error("it is wanted, so it is there");
  return found;
}

async function readyOf(world: TestWorld): Promise<unknown> {
  return findCondition((await world.get(Certificate, "web"))?.status?.conditions, "Ready");
}

async function authority(world: TestWorld): Promise<X509Certificate> {
  const pair = pairIn(await world.get(Secret, "home-authority"));
  return new X509Certificate(pair?.certificate ?? "");
}

test("a certificate is issued: for its names, by its issuer, with the key beside it", async () => {
  await using world = await aWorld();
  const certificate = await issued(world);
  const ca = await authority(world);
  expect(ca.ca).toBe(true);
  expect(ca.subject).toBe("CN=Home authority");
  expect(certificate.verify(ca.publicKey)).toBe(true);
  expect(certificate.checkIssued(ca)).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.checkHost("web.example.dev")).toBe("web.example.dev");
  expect(certificate.checkHost("a.web.example.dev")).toBe("*.web.example.dev");
  expect(certificate.checkHost("example.dev")).toBeUndefined();

  const secret = await world.get(Secret, "web");
  expect(secret?.type).toBe("kubernetes.io/tls");
  expect(authorityIn(secret)).toBe(ca.toString());
  const key = createPrivateKey(pairIn(secret)?.key ?? "");
  expect(certificate.checkPrivateKey(key)).toBe(true);

  const status = (await world.get(Certificate, "web"))?.status;
  expect(status).toMatchObject({
    secretName: "web",
    serialNumber: certificate.serialNumber,
    notAfter: "2026-01-02T00:00:00Z",
    renewsAt: "2026-01-01T15:58:20Z",
  });
  expect(isConditionTrue(status?.conditions, "Ready")).toBe(true);
});

test("the order does not matter: a certificate waits for its issuer", async () => {
  await using world = await aWorld(WEB);
  await world.advance("10m");
  expect(await readyOf(world)).toMatchObject({ status: "False", reason: "IssuerNotReady" });
  expect(await world.get(Secret, "web")).toBeUndefined();
  await world.apply(ISSUER);
  await issued(world);
  expect(await readyOf(world)).toMatchObject({ status: "True" });
});

test("it is renewed in time, again and again: in a week there is no bad hour", async () => {
  await using world = await aWorld();
  const serials = new Set<string>();
  await issued(world);
  for (let hour = 0; hour < 7 * 24; hour += 1) {
    await world.advance("1h");
    const certificate = await issued(world);
    serials.add(certificate.serialNumber);
    const nowMs = world.env.clock.now();
    expect(nowMs).toBeLessThan(renewalOf(certificate.toString()) + 60_000);
    expect(nowMs).toBeGreaterThan(Date.parse(certificate.validFrom));
  }
  expect(serials.size).toBe(11); // each 16 hours, less a few minutes
});

test("between two renewals nothing is written", async () => {
  await using world = await aWorld();
  await issued(world);
  await world.advance("1h");
  const before = [await world.get(Secret, "web"), await world.get(Certificate, "web")];
  await world.advance("10h");
  expect([await world.get(Secret, "web"), await world.get(Certificate, "web")]).toEqual(before);
});

test("a clock that was wrong, or a machine that slept, is noticed within the hour", async () => {
  await using world = await aWorld();
  const { serialNumber } = await issued(world);
  await world.advance("1m");
  world.env.jumpWallClock(20 * 3_600_000); // the timers have not moved
  await world.advance("1h");
  await issued(world, (seen) => seen.serialNumber !== serialNumber);
});

test("a change of the spec is a new certificate", async () => {
  await using world = await aWorld();
  await issued(world);
  await world.change(Certificate, "web", { spec: { dnsNames: ["new.example.dev"] } });
  await issued(world, (seen) => seen.checkHost("new.example.dev") !== undefined);
  const before = await issued(world);
  await world.change(Certificate, "web", { spec: { hours: 48 } });
  await issued(world, ({ serialNumber }) => serialNumber !== before.serialNumber);
  expect((await world.get(Certificate, "web"))?.status?.notAfter).toBe("2026-01-03T00:00:00Z");
});

test.each([
  ["no certificate", { "tls.crt": "" }],
  ["half a certificate", { "tls.crt": btoa("-----BEGIN CERTIFICATE-----\nMIIB") }],
  ["another's key", { "tls.key": btoa("-----BEGIN PRIVATE KEY-----\nMIIB") }],
])("a Secret with %s is mended", async (_, data) => {
  await using world = await aWorld();
  const { serialNumber } = await issued(world);
  await world.change(Secret, "web", { data });
  const mended = async (): Promise<boolean> => {
    const pair = pairIn(await world.get(Secret, "web"));
    if (pair === undefined || pair.certificate === "" || pair.key.length < 100) return false;
    const certificate = new X509Certificate(pair.certificate);
    return certificate.serialNumber !== serialNumber;
  };
  await world.eventually(() => mended().catch(() => false));
  expect(await readyOf(world)).toMatchObject({ status: "True" });
});

test("a damaged authority beside a good certificate is put back, and nothing issued", async () => {
  await using world = await aWorld();
  const before = await issued(world);
  await world.change(Secret, "web", { data: { "ca.crt": btoa("nonsense") } });
  const ca = await authority(world);
  await world.eventually(async () => authorityIn(await world.get(Secret, "web")) === ca.toString());
  expect((await issued(world)).serialNumber).toBe(before.serialNumber);
});

test("a new authority is a new certificate for all who have one of the old", async () => {
  await using world = await aWorld();
  await issued(world);
  const old = await authority(world);
  await world.delete(Secret, "home-authority");
  await world.eventually(async () => (await world.get(Secret, "home-authority")) !== undefined);
  const ca = await authority(world);
  expect(ca.fingerprint256).not.toBe(old.fingerprint256);
  await issued(world, (seen) => seen.verify(ca.publicKey));
  expect(authorityIn(await world.get(Secret, "web"))).toBe(ca.toString());
});

test("without its issuer a certificate is good until it expires, and says so", async () => {
  await using world = await aWorld();
  await issued(world);
  await world.delete(Issuer, "home");
  await world.delete(Secret, "home-authority"); // the garbage collector's work
  await world.advance("15h");
  expect(await readyOf(world)).toMatchObject({ status: "True", reason: "Issued" });
  await world.advance("5h");
  expect(await readyOf(world)).toMatchObject({ status: "True", reason: "IssuerNotReady" });
  await world.advance("5h");
  expect(await readyOf(world)).toMatchObject({ status: "False", reason: "IssuerNotReady" });
  await world.apply(ISSUER);
  await issued(world, ({ validTo }) => Date.parse(validTo) > world.env.clock.now());
  expect(await readyOf(world)).toMatchObject({ status: "True", reason: "Issued" });
});

test("a Secret of somebody else is left alone, and taken when it is free", async () => {
  const theirs = "\n---\n{apiVersion: v1, kind: Secret, metadata: {name: web}, data: {a: Yg==}}";
  await using world = await aWorld(`${BOTH}${theirs}`);
  await world.advance("10m");
  expect((await world.get(Secret, "web"))?.data).toEqual({ a: "Yg==" });
  expect(await readyOf(world)).toMatchObject({ status: "False", reason: "SecretTaken" });
  await world.delete(Secret, "web");
  await issued(world);
});

test("another name for the Secret moves it", async () => {
  await using world = await aWorld();
  await issued(world);
  await world.change(Certificate, "web", { spec: { secretName: "tls" } });
  await issued(world, () => true, "tls");
  await world.eventually(async () => (await world.get(Secret, "web")) === undefined);
});

test("after a restart in the middle everything is as it was", async () => {
  await using world = await aWorld();
  const { serialNumber } = await issued(world);
  await using again = await world.fork();
  await again.advance("2h");
  expect((await issued(again)).serialNumber).toBe(serialNumber);
  await again.advance("15h");
  await issued(again, (seen) => seen.serialNumber !== serialNumber);
});

test("people are told why there is a new certificate", async () => {
  await using world = await aWorld();
  await issued(world);
  await world.advance("17h");
  const reasons = async (): Promise<readonly string[]> => {
    const events = await world.list(EventObject);
    const ours = events.filter(({ involvedObject }) => involvedObject.name === "web");
    return ours.map(({ message = "" }) => message).toSorted();
  };
  await world.eventually(reasons, (seen) => seen.length === 2);
  expect(await reasons()).toEqual([
    "a new certificate was issued: Missing",
    "a new certificate was issued: RenewalDue",
  ]);
});

test("names that are none are refused by the server", async () => {
  await using world = await aWorld("");
  for (const name of ["-a", "a..b", "a b", "*"]) {
    const manifest = WEB.replace("web.example.dev,", `${JSON.stringify(name)},`);
    await expect(world.apply(manifest)).rejects.toThrow(/spec\.dnsNames\[0\]: Invalid value/);
  }
});
