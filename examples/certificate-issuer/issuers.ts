/** Keeps a certificate authority in a Secret for every Issuer. */
import { Secret } from "setpoint/client";
import { controller, type DeclaredController } from "setpoint/controller-runtime";
import { apiTime } from "setpoint/machinery";
import { judge, lifeOf, untilRenewal, validityOf } from "./judge.ts";
import { Issuer } from "./kinds.ts";
import { dataOf, pairIn } from "./secrets.ts";
import { fingerprintOf, newAuthority } from "./x509.ts";

/** Where the authority of an Issuer is kept. */
export function authoritySecret(issuer: string): string {
  return `${issuer}-authority`;
}

export const issuers: DeclaredController = controller(Issuer, {
  owns: [Secret],
  async reconcile({ metadata: { name = "" }, spec: { commonName, days } }, ctx) {
    const wanted = { authority: "itself", dnsNames: [], hours: days * 24 };
    const present = pairIn(await ctx.get(Secret, authoritySecret(name)));
    const verdict = judge(present, wanted, ctx.now());
    const pair =
      verdict.kind === "fit"
        ? verdict.pair
        : newAuthority(commonName, validityOf(wanted.hours, ctx.now()));
    await ctx.apply(Secret, {
      metadata: { name: authoritySecret(name) },
      type: "kubernetes.io/tls",
      data: dataOf(pair),
    });
    if (verdict.kind === "flawed") ctx.event("Issued", `a new authority was made: ${verdict.flaw}`);

    const notAfter = apiTime(lifeOf(pair.certificate).untilMs);
    ctx.status.set({ fingerprint: fingerprintOf(pair), notAfter });
    ctx.status.condition("Ready", true, "Issued", `valid until ${notAfter}`);
    return ctx.requeueAfter(untilRenewal(pair.certificate, ctx.now()));
  },
});
