/** What may be wrong with metadata, the same for every kind. */
import { fromProblem, notNegative } from "../../apis/field-errors.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../machinery/finalizers.ts";
import {
  dnsLabelProblem,
  labelValueProblem,
  pathSegmentProblem,
  qualifiedNameProblem,
} from "../../machinery/names.ts";
import {
  isApiObject,
  type ApiObject,
  type Fields,
  type ManagedFieldsEntry,
  type ObjectMeta,
  type OwnerReference,
} from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { roundsOf } from "./metadata-rounds.ts";
import type { Resource } from "./resource.ts";

/** Keys and values of all annotations together. */
export const ANNOTATIONS_BYTES_MAX: number = 256 * 1024;

/** Finalizer names without a domain that upstream itself uses. */
const STANDARD_FINALIZERS: readonly string[] = [
  ORPHAN_FINALIZER,
  FOREGROUND_FINALIZER,
  "kubernetes",
];

const FIELD_ANNOTATIONS = "metadata.annotations";
const FIELD_FINALIZERS = "metadata.finalizers";
const FIELD_LABELS = "metadata.labels";
const FIELD_OWNERS = "metadata.ownerReferences";

const encoder = new TextEncoder();

/** Of a new object. */
export function validateMetadata(object: ApiObject, resource: Resource): readonly FieldError[] {
  return [
    ...validateNames(object.metadata, resource),
    ...validateNamespace(object.metadata, resource),
    ...notNegative("metadata.generation", object.metadata.generation),
    ...validateLabelsToOwners(object.metadata),
    ...validateFinalizers(object.metadata.finalizers ?? []),
    ...validateOwnerEntries(object.metadata),
    ...validateDomains(object.metadata.finalizers ?? [], resource),
  ];
}

/**
 * Of a changed object, which was `sent`: what identifies it stays, `keepIdentity` saw to that, but
 * nobody may ask for anything else. Upstream judges all this in several rounds and tells each time.
 */
export function validateMetadataUpdate(
  states: { readonly sent: ApiObject; readonly next: ApiObject; readonly old: ApiObject },
  resource: Resource,
  subresource: string,
): readonly FieldError[] {
  const { sent, next, old } = states;
  const { metadata } = next;
  const content = validateLabelsToOwners(metadata);
  const entries = validateOwnerEntries(metadata);
  const whole = [...content, ...validateFinalizers(metadata.finalizers ?? []), ...entries];
  const change = [
    ...validateFinalizersKept(next, old),
    ...validateIdentity(sent, old),
    ...content,
    ...entries,
  ];
  const domains = validateDomains(metadata.finalizers ?? [], resource);
  const ofKind = roundsOf(resource, subresource).flatMap((round) => [
    ...(round === "change" ? change : whole),
    ...domains,
  ]);
  return [...whole, ...change, ...ofKind];
}

/** What of the identity of an object was sent cannot be other than it is. */
function validateIdentity({ metadata: sent }: ApiObject, old: ApiObject): readonly FieldError[] {
  const { uid, deletionTimestamp, deletionGracePeriodSeconds } = old.metadata;
  const isOther = (sent.uid ?? "") !== "" && sent.uid !== uid;
  const graceSeconds = sent.deletionGracePeriodSeconds;
  return [
    ...immutableIf(isOther, "uid", sent.uid),
    ...immutableIf(
      sent.deletionTimestamp !== undefined && deletionTimestamp === undefined,
      "deletionTimestamp",
      sent.deletionTimestamp,
    ),
    ...immutableIf(
      graceSeconds !== undefined && graceSeconds !== deletionGracePeriodSeconds,
      "deletionGracePeriodSeconds",
      graceSeconds,
    ),
  ];
}

function immutableIf(isOther: boolean, name: string, value: unknown): readonly FieldError[] {
  return isOther ? [wrong(`metadata.${name}`, value, "field is immutable")] : [];
}

/** Of a resource inside another one, whose metadata stands at `field`. */
export function validateEmbeddedMetadata(metadata: Fields, field: string): readonly FieldError[] {
  const embedded: Fields = { metadata: { name: "embedded", ...metadata } };
  if (!isApiObject(embedded)) return [];
  const { name = "" } = embedded.metadata;
  const problem = name === "" ? undefined : pathSegmentProblem(name);
  const errors = [
    ...fromProblem("metadata.name", name, problem),
    ...validateEmbeddedNamespace(embedded.metadata),
    ...validateLabelsToOwners(embedded.metadata),
    ...validateFinalizers(embedded.metadata.finalizers ?? []),
    ...validateOwnerEntries(embedded.metadata),
  ];
  return errors.map((error) => ({
    ...error,
    field: `${field}${error.field.slice("metadata".length)}`,
  }));
}

/** An embedded resource is namespaced if it says so. */
function validateEmbeddedNamespace({ namespace = "" }: ObjectMeta): readonly FieldError[] {
  const problem = namespace === "" ? undefined : dnsLabelProblem(namespace, false);
  return fromProblem("metadata.namespace", namespace, problem);
}

function validateNames(metadata: ObjectMeta, resource: Resource): readonly FieldError[] {
  const { nameProblem } = resource.strategy;
  const { name = "", generateName = "" } = metadata;
  const errors: FieldError[] = [];
  if (generateName !== "") {
    const problem = nameProblem(generateName, true);
    errors.push(...fromProblem("metadata.generateName", generateName, problem));
  }
  if (name === "") {
    const detail = "name or generateName is required";
    return [...errors, { field: "metadata.name", type: "FieldValueRequired", detail }];
  }
  return [...errors, ...fromProblem("metadata.name", name, nameProblem(name, false))];
}

function validateNamespace(metadata: ObjectMeta, resource: Resource): readonly FieldError[] {
  if (!resource.isNamespaced) return [];
  const namespace = metadata.namespace ?? "";
  const problem = dnsLabelProblem(namespace, false);
  return fromProblem("metadata.namespace", namespace, problem);
}

function validateLabelsToOwners(metadata: ObjectMeta): readonly FieldError[] {
  return [
    ...validateLabels(metadata.labels ?? {}),
    ...validateAnnotations(metadata.annotations ?? {}),
    ...validateOwners(metadata.ownerReferences ?? []),
  ];
}

function validateOwnerEntries(metadata: ObjectMeta): readonly FieldError[] {
  return (metadata.managedFields ?? []).flatMap(validateOwnerEntry);
}

function validateLabels(labels: Readonly<Record<string, string>>): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    errors.push(...fromProblem(FIELD_LABELS, key, qualifiedNameProblem(key)));
    errors.push(...fromProblem(FIELD_LABELS, value, labelValueProblem(value)));
  }
  return errors;
}

function validateAnnotations(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += encoder.encode(key).length + encoder.encode(value).length;
    const problem = qualifiedNameProblem(key.toLowerCase());
    errors.push(...fromProblem(FIELD_ANNOTATIONS, key, problem));
  }
  if (size > ANNOTATIONS_BYTES_MAX) {
    const detail = `may not be more than ${ANNOTATIONS_BYTES_MAX} bytes`;
    errors.push({ field: FIELD_ANNOTATIONS, type: "FieldValueTooLong", detail });
  }
  return errors;
}

function validateOwners(owners: readonly OwnerReference[]): readonly FieldError[] {
  const errors: FieldError[] = [];
  let first: OwnerReference | undefined;
  for (const owner of owners) {
    errors.push(...validateOwner(owner));
    if (owner.controller !== true) continue;
    if (first === undefined) {
      first = owner;
      continue;
    }
    const detail =
      'Only one reference can have Controller set to true. Found "true" in references for ' +
      `${first.kind}/${first.name} and ${owner.kind}/${owner.name}`;
    errors.push(wrong(FIELD_OWNERS, owners, detail));
  }
  return errors;
}

function validateOwner(owner: Partial<OwnerReference>): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { apiVersion = "", kind = "", name = "", uid = "" } = owner;
  if (!/^([^/]+\/)?[^/]+$/.test(apiVersion)) {
    errors.push(wrong(`${FIELD_OWNERS}.apiVersion`, apiVersion, "version must not be empty"));
  }
  for (const [field, value] of Object.entries({ kind, name, uid })) {
    if (value === "") errors.push(wrong(`${FIELD_OWNERS}.${field}`, "", "must not be empty"));
  }
  if (apiVersion === "v1" && kind === "Event") {
    errors.push(wrong(FIELD_OWNERS, owner, "/v1, Kind=Event is disallowed from being an owner"));
  }
  return errors;
}

/** Of new objects: who changes one may keep what would be wrong in these. */
function validateFinalizers(finalizers: readonly string[]): readonly FieldError[] {
  const errors = finalizers.flatMap((each) =>
    fromProblem(FIELD_FINALIZERS, each, qualifiedNameProblem(each)),
  );
  const isBoth = [ORPHAN_FINALIZER, FOREGROUND_FINALIZER].every((each) =>
    finalizers.includes(each),
  );
  if (!isBoth) return errors;
  const detail = `finalizer ${ORPHAN_FINALIZER} and ${FOREGROUND_FINALIZER} cannot be both set`;
  return [...errors, wrong(FIELD_FINALIZERS, finalizers, detail)];
}

/** Finalizers name a domain; those of custom resources and of definitions need not. */
function validateDomains(finalizers: readonly string[], resource: Resource): readonly FieldError[] {
  if (resource.custom !== undefined || GROUPS_WITHOUT_DOMAINS.includes(resource.group)) return [];
  return finalizers.flatMap((finalizer, index): readonly FieldError[] => {
    if (finalizer.includes("/") || STANDARD_FINALIZERS.includes(finalizer)) return [];
    const detail = "name is neither a standard finalizer name nor is it fully qualified";
    return [wrong(`${FIELD_FINALIZERS}[${index}]`, finalizer, detail)];
  });
}

const GROUPS_WITHOUT_DOMAINS: readonly string[] = [
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "policy",
];

/** Bytes of a code unit. */
const UTF8_BYTES_MAX = 3;

/** Bytes of the names in an entry of managedFields. */
const MANAGER_BYTES_MAX = 128;
const SUBRESOURCE_BYTES_MAX = 256;

/** Operation and type of an entry are right already: entries that are not are never taken over. */
function validateOwnerEntry(entry: ManagedFieldsEntry, index: number): readonly FieldError[] {
  const field = `metadata.managedFields[${index}]`;
  const { manager = "", subresource = "" } = entry;
  return [
    ...managerErrors(manager, `${field}.manager`),
    ...tooLong(subresource, SUBRESOURCE_BYTES_MAX, `${field}.subresource`),
  ];
}

/** What is wrong with the name of a field manager. */
export function managerErrors(manager: string, field: string): readonly FieldError[] {
  if (/^[ -~]*$/.test(manager)) return tooLong(manager, MANAGER_BYTES_MAX, field);
  const errors: FieldError[] = [...tooLong(manager, MANAGER_BYTES_MAX, field)];
  let offset = 0;
  for (const character of manager) {
    if (!isPrintable(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      errors.push(wrong(field, manager, `invalid character U+${code} (at position ${offset})`));
    }
    offset += encoder.encode(character).length;
  }
  return errors;
}

/** As Go's unicode.IsPrint: of all spaces, only the plain one. */
export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);
}

function tooLong(text: string, bytesMax: number, field: string): readonly FieldError[] {
  if (text.length * UTF8_BYTES_MAX <= bytesMax || encoder.encode(text).length <= bytesMax)
    return [];
  const detail = `may not be more than ${bytesMax} bytes`;
  return [{ field, type: "FieldValueTooLong", detail }];
}

/** Whoever waits for an object to go could wait forever if new finalizers were allowed. */
function validateFinalizersKept(next: ApiObject, old: ApiObject): readonly FieldError[] {
  if (old.metadata.deletionTimestamp === undefined) return [];
  const before = old.metadata.finalizers ?? [];
  const finalizers = new Set(next.metadata.finalizers ?? []);
  const added = [...finalizers].filter((name) => !before.includes(name));
  if (added.length === 0) return [];
  const list = added
    .toSorted()
    .map((name) => JSON.stringify(name))
    .join(", ");
  const detail =
    "no new finalizers can be added if the object is being deleted, " +
    `found new finalizers []string{${list}}`;
  return [{ field: FIELD_FINALIZERS, type: "FieldValueForbidden", detail }];
}

function wrong(field: string, value: unknown, detail: string): FieldError {
  return { field, type: "FieldValueInvalid", value, detail };
}
