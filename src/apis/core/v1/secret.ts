/** Secrets: bytes by key, of a type that says which keys there must be. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import {
  forbidden,
  fromProblem,
  IMMUTABLE,
  invalid,
  required,
  tooLong,
} from "../../field-errors.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { base64Bytes, CONFIG_BYTES_MAX, configKeyProblem, SEALED } from "./config-key.ts";
import { secretSchema } from "./schema.generated.ts";
import type { Secret } from "./types.generated.ts";

const ACCOUNT_NAME = "kubernetes.io/service-account.name";

/** Keys a secret of the type must have. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

export const secretStrategy: Strategy<Secret> = {
  names: {
    group: "",
    version: "v1",
    kind: "Secret",
    plural: "secrets",
    singular: "secret",
    shortNames: [],
    categories: [],
    isNamespaced: true,
  },
  schema: secretSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: false,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (secret) => withDefaults(canonicalForm(secret, secretSchema)),
  prepareForCreate: (secret) => secret,
  prepareForUpdate: (next) => next,
  validate: (secret) => [...keyErrors(secret), ...typeErrors(secret)],
  validateUpdate: (next, old) => [
    ...(next.type === old.type ? [] : [invalid("type", next.type, IMMUTABLE)]),
    ...(old.immutable === true && next.immutable !== true ? [forbidden("immutable", SEALED)] : []),
    ...(old.immutable === true && !equalValues(next.data, old.data)
      ? [forbidden("data", SEALED)]
      : []),
  ],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: { type: (secret) => secret.type ?? "" },
  columns: [
    NAME_COLUMN,
    column("Type", "What the secret is for."),
    column("Data", "Number of keys."),
    AGE_COLUMN,
  ],
  row: (secret, nowMs) => [
    nameOf(secret),
    secret.type ?? "",
    Object.keys(secret.data ?? {}).length,
    ageOf(secret, nowMs),
  ],
};

/** What was written as text is kept as bytes. */
function withDefaults(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  const type = secret.type || "Opaque";
  if (stringData === undefined) return { ...rest, type };
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64Of(text)] as const);
  const data = Object.fromEntries([...Object.entries(secret.data ?? {}), ...encoded]);
  return { ...rest, data, type };
}

function base64Of(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function keyErrors(secret: Secret): readonly FieldError[] {
  const data = Object.entries(secret.data ?? {});
  const bytes = data.reduce((sum, [, text]) => sum + base64Bytes(text), 0);
  return [
    ...data.flatMap(([key]) => fromProblem(`data[${key}]`, key, configKeyProblem(key))),
    ...(bytes > CONFIG_BYTES_MAX ? [tooLong("data", CONFIG_BYTES_MAX)] : []),
  ];
}

function typeErrors(secret: Secret): readonly FieldError[] {
  const has = (key: string): boolean => Object.hasOwn(secret.data ?? {}, key);
  switch (secret.type) {
    case "kubernetes.io/service-account-token": {
      const account = secret.metadata.annotations?.[ACCOUNT_NAME] ?? "";
      return account === "" ? [required(`metadata.annotations[${ACCOUNT_NAME}]`)] : [];
    }
    case "kubernetes.io/basic-auth":
      return has("username") || has("password")
        ? []
        : [required("data[username]"), required("data[password]")];
    default: {
      const type = secret.type ?? "";
      const keys = Object.hasOwn(REQUIRED_KEYS, type) ? (REQUIRED_KEYS[type] ?? []) : [];
      return keys.filter((key) => !has(key)).map((key) => required(`data[${key}]`));
    }
  }
}
