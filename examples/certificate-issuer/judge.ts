/**
 * Whether what is kept in a Secret is what is wanted. All of it is read from the certificate: there
 * is no second record of what was issued that could be wrong.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyPair, Validity } from "./x509.ts";

const HOUR_MS = 3_600_000;
/** Clocks differ: a certificate is valid a little before it was made. */
const BACKDATE_MS = 5 * 60_000;

/** Why a certificate has to be issued. Only one that is due is of use until it has expired. */
export type Flaw =
  "Missing" | "Damaged" | "AuthorityChanged" | "SpecChanged" | "Expired" | "RenewalDue";

export type Wanted = {
  /** PEM of who must have signed it, or "itself"; undefined: not known now. */
  readonly authority: string | undefined;
  readonly dnsNames: readonly string[];
  readonly hours: number;
};

export type Verdict =
  | { readonly kind: "fit"; readonly pair: KeyPair }
  | { readonly kind: "flawed"; readonly flaw: Flaw };

/** From now, for so many hours. */
export function validityOf(hours: number, nowMs: number): Validity {
  const second = nowMs - (nowMs % 1_000);
  return { fromMs: second - BACKDATE_MS, untilMs: second + hours * HOUR_MS };
}

export function judge(pair: KeyPair | undefined, wanted: Wanted, nowMs: number): Verdict {
  const flaw = flawOf(pair, wanted, nowMs);
  if (flaw !== undefined) return { kind: "flawed", flaw };
  return pair === undefined ? { kind: "flawed", flaw: "Missing" } : { kind: "fit", pair };
}

function flawOf(pair: KeyPair | undefined, wanted: Wanted, nowMs: number): Flaw | undefined {
  if (pair === undefined) return "Missing";
  const certificate = readable(pair);
  if (certificate === undefined) return "Damaged";
  const { authority, dnsNames, hours } = wanted;
  if (authority !== undefined && !isSignedBy(certificate, authority)) return "AuthorityChanged";
  const { fromMs, untilMs } = lifeOf(pair.certificate);
  const isLong = untilMs - fromMs === hours * HOUR_MS + BACKDATE_MS;
  if (!isLong || namesOf(certificate) !== dnsNames.join()) return "SpecChanged";
  if (nowMs >= untilMs) return "Expired";
  return nowMs >= renewalOf(pair.certificate) ? "RenewalDue" : undefined;
}

function isSignedBy(certificate: X509Certificate, authority: string): boolean {
  const signer = authority === "itself" ? certificate : new X509Certificate(authority);
  return certificate.verify(signer.publicKey);
}

/** When two thirds of its life are over. */
export function renewalOf(certificate: string): number {
  const { fromMs, untilMs } = lifeOf(certificate);
  return fromMs + Math.floor(((untilMs - fromMs) * 2) / 3);
}

export function lifeOf(certificate: string): Validity {
  const { validFrom, validTo } = new X509Certificate(certificate);
  return { fromMs: Date.parse(validFrom), untilMs: Date.parse(validTo) };
}

/** When to look again: hourly at least, since timers stand still while a machine sleeps. */
export function untilRenewal(certificate: string, nowMs: number): number {
  return Math.min(HOUR_MS, renewalOf(certificate) - nowMs);
}

/** The same for one that cannot be renewed now. */
export function untilExpiry(certificate: string, nowMs: number): number {
  return Math.min(HOUR_MS, lifeOf(certificate).untilMs - nowMs);
}

/** The certificate, if its key is the one that is kept with it. */
function readable({ certificate, key }: KeyPair): X509Certificate | undefined {
  try {
    const read = new X509Certificate(certificate);
    return read.checkPrivateKey(createPrivateKey(key)) ? read : undefined;
  } catch {
    return undefined;
  }
}

function namesOf({ subjectAltName = "" }: X509Certificate): string {
  return subjectAltName.replaceAll("DNS:", "").replaceAll(", ", ",");
}
