/** Service accounts: who a pod is when it speaks to the API. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { serviceAccountSchema } from "./schema.generated.ts";
import type { ServiceAccount } from "./types.generated.ts";

export const serviceAccountStrategy: Strategy<ServiceAccount> = {
  names: {
    group: "",
    version: "v1",
    kind: "ServiceAccount",
    plural: "serviceaccounts",
    singular: "serviceaccount",
    shortNames: ["sa"],
    categories: [],
    isNamespaced: true,
  },
  schema: serviceAccountSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: false,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (account) => canonicalForm(account, serviceAccountSchema),
  prepareForCreate: withNamedSecrets,
  prepareForUpdate: withNamedSecrets,
  validate: () => [],
  validateUpdate: () => [],
  otherSubresources: [
    {
      name: "token",
      group: "authentication.k8s.io",
      version: "v1",
      kind: "TokenRequest",
      verbs: ["create"],
    },
  ],
  isReturnedWhenDeleted: true,
  isCollectionDeletable: true,
  fieldSelectors: {},
  columns: [NAME_COLUMN, AGE_COLUMN],
  row: (account, nowMs) => [nameOf(account), ageOf(account, nowMs)],
};

/** Secrets are referred to by name alone: they are in the namespace of the account. */
function withNamedSecrets(account: ServiceAccount): ServiceAccount {
  if (account.secrets === undefined) return account;
  const secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
  return { ...account, secrets };
}
