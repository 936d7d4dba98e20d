/**
 * Fills secrets of the type `kubernetes.io/service-account-token`: people who need a token that
 * does not expire make one and name an account in it. The secret goes with its account.
 */
import type { Context } from "../../base/context.ts";
import { Secret, ServiceAccount } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { DONE } from "../../controller-runtime/controller/outcome.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { IndexFunctions } from "../../informer/lister.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import { accountNameOf, filledSecret, planToken } from "./token-plan.ts";

export type TokenControllerOptions = {
  /** PEM of the authority that signed the API server's certificate; undefined: not served. */
  readonly authorityPem: string | undefined;
  readonly signToken: SignToken;
};

/** A token that is good as long as this secret holds it. */
export type SignToken = (
  secret: ObjectKey,
  account: { readonly name: string; readonly uid: string },
) => Promise<string>;

const ACCOUNT_INDEX = "accounts";

const SECRET_INDEXES: IndexFunctions<Secret> = {
  [ACCOUNT_INDEX]: (secret) => {
    const name = accountNameOf(secret);
    if (name === "") return [];
    return [keyText({ namespace: secret.metadata.namespace ?? "", name })];
  },
};

export function tokenController(
  { client, informers }: ControllerDeps,
  { authorityPem, signToken }: TokenControllerOptions,
): ControllerSpec {
  const secrets = informers.for(Secret, SECRET_INDEXES);
  const accounts = informers.for(ServiceAccount);

  /** The watch may be behind, and a secret that is deleted is lost: where in doubt it is asked. */
  async function accountOf(secret: Secret, context: Context): Promise<ServiceAccount | undefined> {
    const key = { namespace: secret.metadata.namespace ?? "", name: accountNameOf(secret) };
    const known = accounts.lister.get(key);
    if (planToken(secret, known, authorityPem).kind !== "delete") return known;
    try {
      return await client.get(ServiceAccount, key, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  return {
    name: "serviceaccount-token-controller",
    reconcile: async (key, context) => {
      const secret = secrets.lister.get(key);
      if (secret === undefined || accountNameOf(secret) === "") return DONE;
      const plan = planToken(secret, await accountOf(secret, context), authorityPem);
      try {
        if (plan.kind === "delete") {
          const { uid = "" } = secret.metadata;
          await client.delete(Secret, key, context, { preconditions: { uid } });
        } else if (plan.kind === "fill") {
          const token = plan.needsToken ? await signToken(key, plan.account) : undefined;
          await client.update(Secret, filledSecret(secret, plan, token), context);
        }
      } catch (error) {
        // Whoever changed or removed it wakes the key again.
        if (!isStatus(error, "Conflict") && !isStatus(error, "NotFound")) throw error;
      }
      return DONE;
    },
    sources: [
      ownSource(secrets),
      watchSource(
        accounts,
        (account) => secrets.lister.byIndex(ACCOUNT_INDEX, keyText(keyOf(account))).map(keyOf),
        { name: "accounts of tokens" },
      ),
    ],
  };
}
