/**
 * Users as a proxy in front of the server names them. Believed only over a connection whose client
 * certificate the proxies' own authority has issued, for one of the names that proxies have.
 */
import type { Env } from "../../base/env.ts";
import { issuedBy } from "../http/shown-certificate.ts";
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
  const checkShown = issuedBy(options.authorityPem);
  return ({ shownCertificate, headers = {} }) => {
    const [name = ""] = listHeader(headers, "x-remote-user");
    if (name === "" || shownCertificate === undefined) return { kind: "none" };
    const proxy = checkShown(shownCertificate, env.clock.now());
    if (proxy === undefined) {
      return { kind: "refused", problem: "x509: certificate signed by unknown authority" };
    }
    if (options.allowedNames.length > 0 && !options.allowedNames.includes(proxy)) {
      const problem = `x509: subject with cn=${proxy} is not in the allowed list`;
      return { kind: "refused", problem };
    }
    const [uid = ""] = listHeader(headers, "x-remote-uid");
    const groups = listHeader(headers, "x-remote-group");
    const extra = extraOf(headers, "x-remote-extra-");
    const user = { name, groups, ...(uid === "" ? {} : { uid }), ...extra };
    return { kind: "user", user: authenticated(user) };
  };
}
