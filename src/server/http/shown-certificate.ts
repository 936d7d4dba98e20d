/** Certificates that clients show, checked against an authority of our choice. */
import { X509Certificate } from "node:crypto";

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** The common name in a DER certificate at a time; undefined: it proves nothing. */
export type CheckShown = (der: Uint8Array, nowMs: number) => string | undefined;

/**
 * Takes certificates that `authorityPem` itself has issued, within their time, and for clients as
 * far as they say for whom. Throws if the PEM is none.
 */
export function issuedBy(authorityPem: string): CheckShown {
  const authority = new X509Certificate(authorityPem);
  return (der, nowMs) => {
    const shown = new X509Certificate(der);
    const { keyUsage, validFromDate, validToDate } = shown;
    const isGood =
      shown.checkIssued(authority) &&
      shown.verify(authority.publicKey) &&
      validFromDate.getTime() <= nowMs &&
      nowMs <= validToDate.getTime() &&
      (keyUsage === undefined || keyUsage.includes(CLIENT_AUTH));
    return isGood ? commonNameOf(shown) : undefined;
  };
}

function commonNameOf({ subject }: X509Certificate): string {
  const line = subject.split("\n").find((each) => each.startsWith("CN="));
  return line?.slice(3) ?? "";
}
