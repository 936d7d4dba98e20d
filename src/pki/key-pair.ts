/** A certificate and its key, as Node sees them. */
import { createPrivateKey, X509Certificate } from "node:crypto";

/** Whether both can be read and the key is the certificate's; of a chain: of the first. */
export function isPair(pair: { readonly certificate: string; readonly key: string }): boolean {
  try {
    const key = createPrivateKey(pair.key);
    return new X509Certificate(pair.certificate).checkPrivateKey(key);
  } catch {
    return false; // not readable at all
  }
}

/** When a certificate (the first of a chain) ends, in milliseconds since 1970. */
export function endOf(certificate: string): number {
  return new X509Certificate(certificate).validToDate.getTime();
}
