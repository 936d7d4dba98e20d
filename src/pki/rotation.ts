/**
 * A server's certificate and the authorities that clients are told to trust, kept young. Nobody
 * announces who has read the newest set: whoever serves it reads it again and again, and whoever
 * trusts is told of an authority long before anything is signed by it. So the steps are apart by an
 * overlap, and at any time each certificate that may still be served is trusted:
 *
 *     authority 1 signs  ->  1 and 2 are trusted, 1 has signed what is served
 *          -> an overlap later: 2 signs, what 1 has signed may still be served somewhere
 *          -> an overlap later: only 2 is trusted
 *
 * All that is decided is decided by `nextStep`, from the set and the time alone.
 */
import "reflect-metadata"; // x509 refuses to load without it
import * as x509 from "@peculiar/x509";
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Env } from "../base/env.ts";
import {
  AUTHORITY_MS,
  createAuthority,
  DAY_MS,
  issueCertificate,
  isNamedIn,
} from "./certificates.ts";

/** All PEM. */
export type ServingSet = {
  /** What clients must trust, the newest authority first. */
  readonly authorities: string;
  /** Of the newest authority. */
  readonly authorityKey: string;
  /** What the server shows. */
  readonly certificate: string;
  readonly key: string;
};

/** How long a certificate of a server is valid. */
export const SERVING_MS: number = 90 * DAY_MS;
/** The part of its life after which a certificate or an authority is renewed. */
export const RENEWED_AFTER: number = 2 / 3;
/** Between a step and the next that relies on it. */
export const OVERLAP_MS: number = DAY_MS;
/** Shorter lives than this, and shorter overlaps, are lost in the whole seconds of certificates. */
export const SERVING_MS_MIN = 10_000;
export const OVERLAP_MS_MIN = 2_000;
/** Clocks of a cluster differ by less than this. */
const CLOCK_SKEW_MS = 3_600_000;
/** Authorities trusted at a time: more than the steps ever need. */
export const AUTHORITIES_MAX = 4;

export type RotationOptions = {
  /** All names and addresses clients reach the server by. */
  readonly hosts: readonly string[];
  /** Default ten years. */
  readonly authorityMs?: number;
  /** Default 90 days. */
  readonly servingMs?: number;
  /** Default one day. */
  readonly overlapMs?: number;
};

export type RotationStep =
  /** Nothing is to be done yet. */
  | { readonly kind: "keep" }
  /** A new authority is trusted besides the others. */
  | { readonly kind: "authority"; readonly why: string }
  /** The newest authority signs a new certificate. */
  | { readonly kind: "certificate"; readonly why: string }
  /** Only the newest authority is trusted. */
  | { readonly kind: "retire"; readonly why: string };

/** What a set, which may be broken, needs first at this time. Pure. */
export function nextStep(
  set: ServingSet | undefined,
  options: RotationOptions,
  nowMs: number,
): RotationStep {
  const { hosts, overlapMs = OVERLAP_MS } = options;
  const authorities = set === undefined ? [] : certificatesIn(set.authorities);
  const [newest, ...older] = authorities;
  if (set === undefined || newest === undefined) {
    return { kind: "authority", why: "there is none" };
  }
  const lack = lackOf(newest, set.authorityKey, nowMs) ?? (newest.isAuthority ? undefined : "odd");
  if (lack !== undefined) return { kind: "authority", why: lack };
  if (isDue(newest, nowMs)) return { kind: "authority", why: "the newest is old" };
  const served = certificatesIn(set.certificate)[0];
  const need = servedLack(served, set, { authorities, hosts, nowMs });
  if (served === undefined || need !== undefined) {
    return { kind: "certificate", why: need ?? "there is none" };
  }
  const isOfNewest = served.verifiedBy(newest);
  const isTrusted = ageMs(newest, nowMs) >= overlapMs;
  if (!isOfNewest && isTrusted) return { kind: "certificate", why: "there is a newer authority" };
  // One that is as new as what it has signed was trusted from the beginning.
  if (isDue(served, nowMs) && (isOfNewest || isTrusted)) {
    return { kind: "certificate", why: "it is old" };
  }
  const isMoved = isOfNewest && ageMs(served, nowMs) >= overlapMs;
  if (older.length > 0 && isMoved) return { kind: "retire", why: "nothing of it is served" };
  return { kind: "keep" };
}

/**
 * The set after all steps that are due; the very same one if there are none. Rejects with a
 * `RangeError` for lives in which the steps have no room.
 */
export async function renewed(
  set: ServingSet | undefined,
  options: RotationOptions,
  env: Env,
): Promise<{ readonly set: ServingSet; readonly steps: readonly RotationStep[] }> {
  refuseTooShort(options);
  const steps: RotationStep[] = [];
  let current = set;
  for (;;) {
    const step = nextStep(current, options, env.clock.now());
    if (current !== undefined && step.kind === "keep") return { set: current, steps };
    current = await take(step, current, options, env);
    steps.push(step);
    if (steps.length > STEPS_MAX) throw new Error(`certificates: ${step.kind} has no effect`);
  }
}

const STEPS_MAX = 5;

function refuseTooShort(options: RotationOptions): void {
  const { authorityMs = AUTHORITY_MS, servingMs = SERVING_MS, overlapMs = OVERLAP_MS } = options;
  if (!(servingMs >= SERVING_MS_MIN)) {
    throw new RangeError(`servingMs: ${servingMs} is less than ${SERVING_MS_MIN}`);
  }
  if (!(overlapMs >= OVERLAP_MS_MIN)) {
    throw new RangeError(`overlapMs: ${overlapMs} is less than ${OVERLAP_MS_MIN}`);
  }
  // What is left of an authority when the next one is made: one overlap until that one signs, and
  // one more in which the certificates of before may be served.
  const leftMs = authorityMs * (1 - RENEWED_AFTER);
  if (!(leftMs >= 2 * overlapMs)) {
    throw new RangeError(`authorityMs: ${authorityMs} is less than 6 times overlapMs`);
  }
}

const EMPTY: ServingSet = { authorities: "", authorityKey: "", certificate: "", key: "" };

async function take(
  step: RotationStep,
  set: ServingSet = EMPTY,
  options: RotationOptions,
  env: Env,
): Promise<ServingSet> {
  const trusted = certificatesIn(set.authorities);
  switch (step.kind) {
    case "keep":
      return set;
    case "authority": {
      const { authorityMs: lifetimeMs = AUTHORITY_MS } = options;
      const nowMs = env.clock.now();
      // Names differ, so that nobody takes one authority for the other.
      const name = `webhook-authority-${Math.floor(nowMs / 1_000)}`;
      const lifetime = { lifetimeMs, backdateMs: CLOCK_SKEW_MS };
      const made = await createAuthority(name, env, lifetime);
      const kept = trusted.filter(({ notAfterMs }) => notAfterMs > nowMs);
      const all = [made.certificate, ...kept.map(({ pem }) => pem)].slice(0, AUTHORITIES_MAX);
      return { ...set, authorities: bundleOf(all), authorityKey: made.key };
    }
    case "certificate": {
      const authority = { certificate: trusted[0]?.pem ?? "", key: set.authorityKey };
      const leftMs = (trusted[0]?.notAfterMs ?? 0) - env.clock.now();
      const { hosts, servingMs = SERVING_MS } = options;
      const made = await issueCertificate(
        authority,
        {
          commonName: "webhook-server",
          organizations: [],
          hosts,
          usages: ["server"],
          lifetimeMs: Math.min(servingMs, leftMs),
          backdateMs: CLOCK_SKEW_MS,
        },
        env,
      );
      return { ...set, certificate: bundleOf([made.certificate]), key: made.key };
    }
    case "retire":
      return { ...set, authorities: bundleOf([trusted[0]?.pem ?? ""]) };
  }
}

/** Whether keys, certificate and authorities of a set belong together, at whatever time. */
export function isSound(set: ServingSet): boolean {
  const authorities = certificatesIn(set.authorities);
  const [newest] = authorities;
  const [served] = certificatesIn(set.certificate);
  return (
    newest !== undefined &&
    served !== undefined &&
    newest.isOwnerOf(set.authorityKey) &&
    served.isOwnerOf(set.key) &&
    authorities.some((each) => served.verifiedBy(each))
  );
}

type Parsed = {
  readonly pem: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isAuthority: boolean;
  readonly isOwnerOf: (key: string) => boolean;
  readonly verifiedBy: (other: Parsed) => boolean;
  readonly isNamed: (host: string) => boolean;
  readonly parsed: X509Certificate;
};

const PEM = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** All certificates in a text that can be read. */
function certificatesIn(text: string): readonly Parsed[] {
  return [...text.matchAll(PEM)].flatMap(([pem]) => {
    try {
      return [parse(pem)];
    } catch {
      return []; // what cannot be read is as good as absent: it is made anew
    }
  });
}

function parse(pem: string): Parsed {
  const parsed = new X509Certificate(pem);
  const { notBefore, notAfter } = new x509.X509Certificate(pem);
  return {
    pem,
    parsed,
    notBeforeMs: notBefore.getTime(),
    notAfterMs: notAfter.getTime(),
    isAuthority: parsed.ca,
    isOwnerOf: (key) => isOwner(parsed, key),
    verifiedBy: (other) =>
      parsed.checkIssued(other.parsed) && parsed.verify(other.parsed.publicKey),
    isNamed: (host) => isNamedIn(parsed, host),
  };
}

function isOwner(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false; // no key at all
  }
}

/** Why a pair cannot be used now; undefined: it can. */
function lackOf(certificate: Parsed, key: string, nowMs: number): string | undefined {
  if (!certificate.isOwnerOf(key)) return "its key is not there";
  if (certificate.notBeforeMs > nowMs) return "it is not valid yet";
  return certificate.notAfterMs <= nowMs ? "it has expired" : undefined;
}

function servedLack(
  served: Parsed | undefined,
  set: ServingSet,
  by: {
    readonly authorities: readonly Parsed[];
    readonly hosts: readonly string[];
    readonly nowMs: number;
  },
): string | undefined {
  if (served === undefined) return "there is none";
  const lack = lackOf(served, set.key, by.nowMs);
  if (lack !== undefined) return lack;
  const signer = by.authorities.find((each) => served.verifiedBy(each));
  if (signer === undefined) return "nobody trusted has signed it";
  if (signer.notBeforeMs > by.nowMs || signer.notAfterMs <= by.nowMs) {
    return "its authority is not valid now";
  }
  const missing = by.hosts.find((host) => !served.isNamed(host));
  return missing === undefined ? undefined : `it is not for ${missing}`;
}

function isDue(certificate: Parsed, nowMs: number): boolean {
  const age = ageMs(certificate, nowMs);
  return age >= (age + certificate.notAfterMs - nowMs) * RENEWED_AFTER;
}

/** Since it was made, not since it is valid. */
function ageMs({ notBeforeMs }: Parsed, nowMs: number): number {
  return nowMs - notBeforeMs - CLOCK_SKEW_MS;
}

function bundleOf(certificates: readonly string[]): string {
  return certificates.map((pem) => `${pem.trim()}\n`).join("");
}
