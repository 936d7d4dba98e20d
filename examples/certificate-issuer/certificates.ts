/** Keeps a certificate and its key in a Secret for every Certificate. */
import { X509Certificate } from "node:crypto";
import { Secret } from "setpoint/client";
import {
  controller,
  watches,
  type DeclaredController,
  type ObjectOf,
  type Outcome,
  type ReconcileContext,
} from "setpoint/controller-runtime";
import { index, type TypedIndex } from "setpoint/informer";
import { apiTime, isControlledBy, keyOf, keyText } from "setpoint/machinery";
import { authoritySecret } from "./issuers.ts";
import {
  judge,
  lifeOf,
  renewalOf,
  untilExpiry,
  untilRenewal,
  validityOf,
  type Flaw,
} from "./judge.ts";
import { Certificate, Issuer } from "./kinds.ts";
import { authorityIn, dataOf, pairIn } from "./secrets.ts";
import { fingerprintOf, issue, type KeyPair } from "./x509.ts";

type Certificate = ObjectOf<typeof Certificate>;

const byIssuer: TypedIndex<Certificate> = index(Certificate, ({ metadata, spec }) => [
  keyText({ namespace: metadata.namespace ?? "", name: spec.issuer }),
]);

export const certificates: DeclaredController = controller(Certificate, {
  owns: [Secret],
  watches: [
    watches(Issuer, (issuer, _event, { informers }) => {
      return informers
        .for(Certificate)
        .by(byIssuer, keyText(keyOf(issuer)))
        .map(keyOf);
    }),
  ],
  async reconcile(certificate, ctx) {
    const { spec, metadata } = certificate;
    const { secretName = metadata.name ?? "" } = spec;
    const secret = await ctx.get(Secret, secretName);
    if (secret !== undefined && !isControlledBy(secret, certificate)) {
      ctx.status.condition("Ready", false, "SecretTaken", `Secret ${secretName} is another's`);
      return ctx.requeueAfter("1m"); // nobody tells us when a Secret of others goes
    }

    const issuer = await issuerOf(spec.issuer, ctx);
    const authority = issuer?.certificate ?? authorityIn(secret);
    const verdict = judge(pairIn(secret), { ...spec, authority }, ctx.now());
    let pair: KeyPair;
    if (verdict.kind === "fit") pair = verdict.pair;
    else if (issuer === undefined) return withoutIssuer(verdict.flaw, secret, spec.issuer, ctx);
    else {
      pair = issue(issuer, spec.dnsNames, validityOf(spec.hours, ctx.now()));
      ctx.event("Issued", `a new certificate was issued: ${verdict.flaw}`);
    }

    await ctx.apply(Secret, {
      metadata: { name: secretName },
      type: "kubernetes.io/tls",
      data: dataOf(pair, authority),
    });
    for (const other of ctx.owned(Secret)) {
      if (other.metadata.name !== secretName) await ctx.delete(Secret, other);
    }
    tell(pair, secretName, ctx);
    return ctx.requeueAfter(untilRenewal(pair.certificate, ctx.now()));
  },
});

/** The issuer's key pair; undefined while there is none, or not the one that its status names. */
async function issuerOf(
  name: string,
  ctx: ReconcileContext<Certificate>,
): Promise<KeyPair | undefined> {
  const issuer = await ctx.get(Issuer, name);
  const pair = pairIn(await ctx.get(Secret, authoritySecret(name)));
  if (pair === undefined) return undefined;
  return fingerprintOf(pair) === issuer?.status?.fingerprint ? pair : undefined;
}

/** What is there may still be of use. The watch of issuers brings us back when one is ready. */
function withoutIssuer(
  flaw: Flaw,
  secret: Secret | undefined,
  issuer: string,
  ctx: ReconcileContext<Certificate>,
): Outcome {
  const message = `${flaw}, and issuer ${issuer} is not ready`;
  const present = pairIn(secret);
  const isOfUse = flaw === "RenewalDue" && present !== undefined;
  ctx.status.condition("Ready", isOfUse, "IssuerNotReady", message);
  return isOfUse ? ctx.requeueAfter(untilExpiry(present.certificate, ctx.now())) : ctx.done();
}

function tell(pair: KeyPair, secretName: string, ctx: ReconcileContext<Certificate>): void {
  const { serialNumber } = new X509Certificate(pair.certificate);
  const notAfter = apiTime(lifeOf(pair.certificate).untilMs);
  const renewsAt = apiTime(renewalOf(pair.certificate));
  ctx.status.set({ secretName, serialNumber, notAfter, renewsAt });
  ctx.status.condition("Ready", true, "Issued", `valid until ${notAfter}`);
}
