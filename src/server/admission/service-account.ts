/**
 * Pods run as an account that exists, and their containers get a token of it.
 *
 * The account `default` of a new namespace is made by a controller a moment after the namespace:
 * who creates a pod in between is kept waiting for it, for a second or two, before being refused.
 */
import { withServiceAccount } from "../../apis/core/v1/pod-admission.ts";
import { withAccountOf } from "../../apis/core/v1/service-account-volume.ts";
import type { Container, Pod, ServiceAccount } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { generateName } from "../registry/generate-name.ts";
import { isAbout, refusal, type AdmissionPlugin, type Review } from "./admission.ts";
import type { ClusterReader, KindOf } from "./cluster-reader.ts";

const ACCOUNTS: KindOf<ServiceAccount> = { group: "", version: "v1", resource: "serviceaccounts" };

/** A pod that a node made, as the API shows it. */
export const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

const ENFORCED_ANNOTATION = "kubernetes.io/enforce-mountable-secrets";

/** Looks for the default account, and the least time between two of them; chance adds as much. */
export const ACCOUNT_LOOKS_MAX = 40;
export const ACCOUNT_LOOK_MS = 25;

export function serviceAccounts(deps: {
  readonly env: Env;
  readonly reader: ClusterReader;
}): AdmissionPlugin {
  const { env, reader } = deps;
  return {
    name: "ServiceAccount",
    concerns: (review) => review.verb === "create" && isAbout(review, "", "pods"),
    mutate: async (review, context) => {
      const pod = review.object as Pod;
      if (isMirror(pod)) {
        checkMirror(pod, review);
        return pod;
      }
      const named = withServiceAccount(pod);
      if (!reader.has(ACCOUNTS)) return named;
      const account = await find(named, review, deps, context);
      const given = withAccountOf(named, account, () => generateName("", env.random));
      checkSecrets(given, account, review);
      return given;
    },
    validate: async (review, context) => {
      const pod = review.object as Pod;
      if (isMirror(pod)) {
        checkMirror(pod, review);
        return;
      }
      if (!reader.has(ACCOUNTS)) return;
      checkSecrets(pod, await find(pod, review, deps, context), review);
    },
  };
}

export function isMirror(pod: Pod): boolean {
  return Object.hasOwn(pod.metadata.annotations ?? {}, MIRROR_ANNOTATION);
}

async function find(
  pod: Pod,
  review: Review,
  deps: { readonly env: Env; readonly reader: ClusterReader },
  context: Context,
): Promise<ServiceAccount> {
  const { namespace } = review;
  const { env, reader } = deps;
  const name = pod.spec.serviceAccountName ?? "";
  const looks = name === "default" ? ACCOUNT_LOOKS_MAX : 1;
  for (let look = 1; ; look += 1) {
    const account = await reader.get(ACCOUNTS, namespace, name, context);
    if (account !== undefined) return account;
    if (look >= looks) break;
    await env.timers.sleep(ACCOUNT_LOOK_MS * (1 + env.random.next()), context.signal);
  }
  const why =
    `error looking up service account ${namespace}/${name}: ` +
    `serviceaccount ${JSON.stringify(name)} not found`;
  throw refusal(review, why);
}

/** What a node makes by itself refers to nothing that only the API can give. */
function checkMirror(pod: Pod, review: Review): void {
  const { serviceAccountName = "", volumes = [], imagePullSecrets = [] } = pod.spec;
  if (serviceAccountName !== "") {
    throw refusal(review, "a mirror pod may not reference service accounts");
  }
  const hasSecrets =
    imagePullSecrets.length > 0 ||
    volumes.some(
      ({ secret, projected }) =>
        secret !== undefined || projected?.sources?.some((each) => each.secret !== undefined),
    ) ||
    allContainers(pod).some(({ container }) => secretsOfEnv(container).length > 0);
  if (hasSecrets) throw refusal(review, "a mirror pod may not reference secrets");
  const hasToken = volumes.some(({ projected }) =>
    projected?.sources?.some((each) => each.serviceAccountToken !== undefined),
  );
  if (!hasToken) return;
  throw refusal(review, "a mirror pod may not use ServiceAccountToken volume projections");
}

/** An account may say that its pods use no secrets but those it lists. */
function checkSecrets(pod: Pod, account: ServiceAccount, review: Review): void {
  const { annotations = {}, name = "" } = account.metadata;
  const enforced = Object.hasOwn(annotations, ENFORCED_ANNOTATION);
  if (!enforced || !/^(1|t|true)$/i.test(annotations[ENFORCED_ANNOTATION] ?? "")) return;
  const listed = new Set((account.secrets ?? []).map((secret) => secret.name));
  const tail = `is not allowed because service account ${name} does not reference that`;
  for (const { secret } of pod.spec.volumes ?? []) {
    if (secret === undefined || listed.has(secret.secretName)) continue;
    const what = `volume with secret.secretName=${JSON.stringify(secret.secretName ?? "")}`;
    throw refusal(review, `${what} ${tail} secret`);
  }
  for (const { container, title } of allContainers(pod)) {
    for (const { variable, secret } of secretsOfEnv(container)) {
      if (listed.has(secret)) continue;
      const from = variable === undefined ? "with envFrom" : `with envVar ${variable}`;
      const what = `${title} ${container.name} ${from} referencing secret.secretName=`;
      throw refusal(review, `${what}${JSON.stringify(secret)} ${tail} secret`);
    }
  }
  const pulled = new Set((account.imagePullSecrets ?? []).map((secret) => secret.name));
  for (const { name: pull = "" } of pod.spec.imagePullSecrets ?? []) {
    if (pulled.has(pull)) continue;
    const what = `imagePullSecrets with name=${JSON.stringify(pull)}`;
    throw refusal(review, `${what} ${tail} imagePullSecret`);
  }
}

type Titled = { readonly title: string; readonly container: Container };

function allContainers(pod: Pod): readonly Titled[] {
  const titled = (title: string, containers: readonly Container[] = []): readonly Titled[] =>
    containers.map((container) => ({ title, container }));
  return [
    ...titled("init container", pod.spec.initContainers),
    ...titled("container", pod.spec.containers),
  ];
}

type EnvSecret = { readonly variable: string | undefined; readonly secret: string };

function secretsOfEnv({ env = [], envFrom = [] }: Container): readonly EnvSecret[] {
  return [
    ...env.flatMap(({ name, valueFrom }): readonly EnvSecret[] => {
      const secret = valueFrom?.secretKeyRef?.name;
      return secret === undefined ? [] : [{ variable: name, secret }];
    }),
    ...envFrom.flatMap(({ secretRef }): readonly EnvSecret[] =>
      secretRef?.name === undefined ? [] : [{ variable: undefined, secret: secretRef.name }],
    ),
  ];
}
