/**
 * Users as a proxy in front of the server names them. Believed only over a connection whose client
 * certificate the proxies' own authority has issued, for one of the names that proxies have.
 */
import { X509Certificate } from "node:crypto";
import type { Env } from "../../base/env.ts";
import { authenticated, type Authenticator } from "./authenticator.ts";
import { extraOf, listHeader } from "./identity-headers.ts";

export type FrontProxyOptions = {
  /** PEM of the authority that issues the certificates of proxies. */
  readonly authorityPem: string;
  /** Common names of proxies; none: whoever has a certificate of that authority. */
  readonly allowedNames: readonly string[];
};

/** Reads `X-Remote-User`, `-Uid`, `-Group` and `-Extra-…`. Throws if the PEM is none. */
export function frontProxyAuthenticator(options: FrontProxyOptions, env: Env): Authenticator {
  const authority = new X509Certificate(options.authorityPem);
  return ({ shownCertificate, headers = {} }) => {
    const [name = ""] = listHeader(headers, "x-remote-user");
    if (name === "" || shownCertificate === undefined) return { kind: "none" };
    const shown = new X509Certificate(shownCertificate);
    if (!isIssued(shown, authority, env.clock.now())) {
      return { kind: "refused", problem: "x509: certificate signed by unknown authority" };
    }
    const common = commonNameOf(shown);
    if (options.allowedNames.length > 0 && !options.allowedNames.includes(common)) {
      const problem = `x509: subject with cn=${common} is not in the allowed list`;
      return { kind: "refused", problem };
    }
    const [uid = ""] = listHeader(headers, "x-remote-uid");
    const groups = listHeader(headers, "x-remote-group");
    const extra = extraOf(headers, "x-remote-extra-");
    const user = { name, groups, ...(uid === "" ? {} : { uid }), ...extra };
    return { kind: "user", user: authenticated(user) };
  };
}

function isIssued(shown: X509Certificate, authority: X509Certificate, nowMs: number): boolean {
  if (!shown.checkIssued(authority) || !shown.verify(authority.publicKey)) return false;
  const isTime = shown.validFromDate.getTime() <= nowMs && nowMs <= shown.validToDate.getTime();
  const { keyUsage } = shown;
  // clientAuth, or no statement at all
  return isTime && (keyUsage === undefined || keyUsage.includes("1.3.6.1.5.5.7.3.2"));
}

function commonNameOf(certificate: X509Certificate): string {
  const line = certificate.subject.split("\n").find((each) => each.startsWith("CN="));
  return line?.slice(3) ?? "";
}
