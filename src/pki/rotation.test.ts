import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { AUTHORITY_MS, DAY_MS } from "./certificates.ts";
import {
  AUTHORITIES_MAX,
  isSound,
  nextStep,
  OVERLAP_MS,
  renewed,
  SERVING_MS,
  type RotationOptions,
  type ServingSet,
} from "./rotation.ts";

const OPTIONS = { hosts: ["hooks.shop.svc"] };

async function renew(
  set: ServingSet | undefined,
  env: VirtualEnv,
  options: RotationOptions = OPTIONS,
): Promise<{ readonly set: ServingSet; readonly steps: readonly string[] }> {
  const done = await renewed(set, options, env);
  return { set: done.set, steps: done.steps.map(({ kind }) => kind) };
}

function authoritiesOf({ authorities }: ServingSet): readonly X509Certificate[] {
  const pems = authorities.split(/(?<=-----END CERTIFICATE-----\n)/).filter((pem) => pem !== "");
  return pems.map((pem) => new X509Certificate(pem));
}

/** Whether a client that trusts the authorities of one set accepts the server of the other. */
function trusts(client: ServingSet, server: ServingSet): boolean {
  const served = new X509Certificate(server.certificate);
  return authoritiesOf(client).some((each) => served.verify(each.publicKey));
}

test("out of nothing comes an authority, and a certificate for all names", async () => {
  const env = virtualEnv();
  const options = { hosts: ["hooks.shop.svc", "10.0.0.1"] };
  const { set, steps } = await renew(undefined, env, options);
  expect(steps).toEqual(["authority", "certificate"]);
  const served = new X509Certificate(set.certificate);
  expect(served.checkHost("hooks.shop.svc")).toBe("hooks.shop.svc");
  expect(served.checkIP("10.0.0.1")).toBe("10.0.0.1");
  expect(served.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect([served.ca, authoritiesOf(set).map(({ ca }) => ca)]).toEqual([false, [true]]);
  expect([trusts(set, set), isSound(set)]).toEqual([true, true]);
  expect((await renew(set, env, options)).set).toBe(set);
});

test("a certificate is renewed after two thirds of its life, by the same authority", async () => {
  const env = virtualEnv();
  const first = await renew(undefined, env);
  env.jumpWallClock(59 * DAY_MS);
  expect((await renew(first.set, env)).steps).toEqual([]);
  env.jumpWallClock(2 * DAY_MS);
  const second = await renew(first.set, env);
  expect(second.steps).toEqual(["certificate"]);
  expect(second.set.authorities).toBe(first.set.authorities);
  expect(second.set.certificate).not.toBe(first.set.certificate);
});

test("an authority is trusted long before it signs, and long after it has", async () => {
  const env = virtualEnv();
  const years = Math.ceil(AUTHORITY_MS * (2 / 3));
  const young = await renew(undefined, env);
  env.jumpWallClock(years - 10 * DAY_MS);
  const before = await renew(young.set, env); // the certificate is of then
  env.jumpWallClock(10 * DAY_MS);
  const both = await renew(before.set, env);
  expect(both.steps).toEqual(["authority"]);
  expect(authoritiesOf(both.set)).toHaveLength(2);
  expect(both.set.certificate).toBe(before.set.certificate);
  expect((await renew(both.set, env)).steps).toEqual([]);

  env.jumpWallClock(OVERLAP_MS);
  const moved = await renew(both.set, env);
  expect(moved.steps).toEqual(["certificate"]);
  expect([trusts(both.set, moved.set), trusts(before.set, moved.set)]).toEqual([true, false]);

  env.jumpWallClock(OVERLAP_MS);
  const retired = await renew(moved.set, env);
  expect(retired.steps).toEqual(["retire"]);
  expect(authoritiesOf(retired.set)).toHaveLength(1);
  expect(trusts(retired.set, moved.set)).toBe(true);
});

test("a new name is served at once", async () => {
  const env = virtualEnv();
  const first = await renew(undefined, env);
  const second = await renew(first.set, env, { hosts: ["hooks.shop.svc", "other.shop.svc"] });
  expect(second.steps).toEqual(["certificate"]);
});

test("what was made while the clock was ahead is made anew when it is right again", async () => {
  const env = virtualEnv();
  const good = await renew(undefined, env);
  env.jumpWallClock(400 * DAY_MS);
  const ahead = await renew(good.set, env);
  expect(ahead.steps).toEqual(["certificate"]);
  env.jumpWallClock(-400 * DAY_MS);
  const right = await renew(ahead.set, env);
  expect(right.steps).toEqual(["certificate"]);
  expect(right.set.authorities).toBe(good.set.authorities);
});

test.each<{ readonly name: string; readonly breaks: (set: ServingSet) => ServingSet }>([
  { name: "no authority", breaks: (set) => ({ ...set, authorities: "" }) },
  { name: "no key of the authority", breaks: (set) => ({ ...set, authorityKey: "" }) },
  { name: "no certificate", breaks: (set) => ({ ...set, certificate: "-----BEGIN" }) },
  { name: "a key of another", breaks: (set) => ({ ...set, key: set.authorityKey }) },
  {
    name: "a damaged authority",
    breaks: (set) => ({ ...set, authorities: set.authorities.replace("MII", "AAA") }),
  },
])("a set with $name is mended, and serves", async ({ breaks }) => {
  const env = virtualEnv();
  const { set } = await renew(undefined, env);
  const broken = breaks(set);
  expect(isSound(broken)).toBe(false);
  const mended = await renew(broken, env);
  expect(isSound(mended.set)).toBe(true);
  expect(nextStep(mended.set, OPTIONS, env.clock.now()).kind).toBe("keep");
});

test("at any look, a reader trusts what the one before or after serves", async () => {
  const days = fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 20, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(days, async (waits) => {
      const env = virtualEnv();
      const options = { ...OPTIONS, authorityMs: 300 * DAY_MS, servingMs: SERVING_MS };
      let { set } = await renew(undefined, env, options);
      for (const wait of waits) {
        env.jumpWallClock(wait * DAY_MS);
        const next = (await renew(set, env, options)).set;
        expect([trusts(set, next), trusts(next, set)]).toEqual([true, true]);
        expect(authoritiesOf(next).length).toBeLessThan(AUTHORITIES_MAX);
        set = next;
      }
    }),
    { numRuns: 8 },
  );
});

test("the shortest lives there are never fail a client, at any part of a second", async () => {
  const env = virtualEnv();
  const options = { ...OPTIONS, authorityMs: 30_000, servingMs: 10_000, overlapMs: 2_000 };
  let { set } = await renew(undefined, env, options);
  let told = set; // what clients trust: they look once a second
  let served = set; // what the server shows: it looks once a second, too
  const seen = new Set<string>();
  for (let tick = 0; tick < 320; tick += 1) {
    await env.advance(230);
    const nowMs = env.clock.now();
    if (tick % 4 === 0) set = (await renew(set, env, options)).set;
    if (tick % 4 === 1) served = set;
    if (tick % 4 === 3) told = set;
    const shown = new X509Certificate(served.certificate);
    const signer = authoritiesOf(told).find((each) => shown.verify(each.publicKey));
    if (signer === undefined) throw new Error(`nobody trusts what is served at ${nowMs}`);
    for (const { validFromDate, validToDate } of [shown, signer]) {
      expect(validFromDate.getTime()).toBeLessThanOrEqual(nowMs);
      expect(validToDate.getTime()).toBeGreaterThan(nowMs);
    }
    seen.add(signer.serialNumber);
  }
  expect(seen.size).toBeGreaterThan(2);
});

test("a certificate is never valid for less than it was made for", async () => {
  const env = virtualEnv();
  await env.advance(777);
  const { set } = await renew(undefined, env);
  const end = new X509Certificate(set.certificate).validToDate.getTime();
  expect(end - env.clock.now()).toBeGreaterThanOrEqual(SERVING_MS);
  expect(end - env.clock.now()).toBeLessThan(SERVING_MS + 1_000);
});

test.each([
  [{ servingMs: 2_400 }, "servingMs: 2400 is less than 10000"],
  [{ overlapMs: 300 }, "overlapMs: 300 is less than 2000"],
  [{ authorityMs: 5 * DAY_MS }, "authorityMs: 432000000 is less than 6 times overlapMs"],
])("lives in which the steps have no room are refused: %j", async (lives, problem) => {
  const made = renewed(undefined, { ...OPTIONS, ...lives }, virtualEnv());
  await expect(made).rejects.toThrow(problem);
});
