/** Secrets as texts. */
import { X509Certificate } from "node:crypto";
import type { Secret } from "setpoint/client";
import type { KeyPair } from "./x509.ts";

/** What is there, be it fit or not. */
export function pairIn(secret: Secret | undefined): KeyPair | undefined {
  const certificate = textIn(secret, "tls.crt");
  const key = textIn(secret, "tls.key");
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

/** The certificate of who signed the pair, if it can be read. */
export function authorityIn(secret: Secret | undefined): string | undefined {
  try {
    return new X509Certificate(textIn(secret, "ca.crt") ?? "").toString();
  } catch {
    return undefined;
  }
}

/** The fields of a Secret, encoded. */
export function dataOf(pair: KeyPair, authority?: string): Readonly<Record<string, string>> {
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  return {
    "tls.crt": encode(pair.certificate),
    "tls.key": encode(pair.key),
    ...(authority === undefined ? {} : { "ca.crt": encode(authority) }),
  };
}

function textIn(secret: Secret | undefined, name: string): string | undefined {
  const encoded = secret?.data?.[name];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString();
}
