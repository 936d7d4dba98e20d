/** Server-side apply: what a configuration makes of an object, or why it is refused. */
import { exactMember } from "../../machinery/codec/exact-json.ts";
import { apiTime } from "../../machinery/api-time.ts";
import type { Context } from "../../base/context.ts";
import { apiVersionOf, parseApiVersion } from "../../machinery/gvk.ts";
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";
import { badRequest, plainRefusal, StatusError } from "../../machinery/status.ts";
import { conflictCauses, conflictMessage, conflictsOf } from "../../patch/apply/conflicts.ts";
import {
  KUBECTL,
  LAST_APPLIED,
  lastAppliedText,
  trackApply,
  type ApplyOutcome,
} from "../../patch/apply/field-manager.ts";
import type { FieldSet } from "../../patch/apply/field-set.ts";
import { decodeManaged, encodeManaged } from "../../patch/apply/managed-fields.ts";
import { ManagerError } from "../../patch/apply/manager-error.ts";
import { compareBytes } from "../../patch/apply/path-element.ts";
import { problemsText, typeProblems } from "../../patch/apply/validate.ts";
import { identityOf, type FieldWriter, type TrackingDeps } from "./managed-fields.ts";
import { settled } from "./managed-fields-conversion.ts";
import { filtersOf, typedFields, typedObject, zeroObject } from "./managed-fields-kinds.ts";
import { ANNOTATIONS_BYTES_MAX } from "./metadata-validation.ts";
import type { Resource } from "./resource.ts";

/** A configuration to be applied. */
export type Application = {
  readonly config: Fields;
  /** Takes fields from other managers. */
  readonly isForced: boolean;
};

/**
 * The object with the configuration applied, as it stands before defaults: nulls mark what is gone.
 * `live` undefined: there is no object yet. Throws 400, 409 or 500.
 */
export async function appliedObject(
  live: ApiObject | undefined,
  application: Application,
  writer: FieldWriter,
  deps: TrackingDeps,
  context: Context,
): Promise<Fields> {
  const { config, isForced } = application;
  const { resource, subresource } = writer;
  checkConfig(config, resource);
  const typedConfig = typedFields(config, resource);
  const problems = typeProblems(typedConfig);
  if (problems.length > 0) {
    throw failure(
      `failed to create typed patch object (${configText(config)}): ${problemsText(problems)}`,
    );
  }
  const decoded = decodeManaged(live?.metadata.managedFields ?? [], "stored");
  if (decoded.kind === "malformed") {
    throw failure(`failed to decode managed fields: ${decoded.problem}`);
  }
  const zero = zeroObject(resource);
  const before = live === undefined ? zero : typedObject(live, resource);
  const computation = trackApply({
    live: before,
    zero,
    config: typedConfig,
    isForced,
    managed: decoded.managed,
    identity: identityOf(writer),
    filters: filtersOf(resource, subresource),
    time: apiTime(deps.env.clock.now()),
  });
  const outcome = await orFailure(settled(computation, resource, deps.resources, context));
  if (outcome.kind === "conflicts") throw applyConflict(outcome.conflicts);
  const value = outcome.value ?? before.value;
  const fields = isFields(value) ? value : {};
  const owned = withOwners(fields, encodeManaged(outcome.managed));
  return writer.manager === KUBECTL ? withLastApplied(owned, config) : owned;
}

/** What a refusal calls the configuration: `default/web; apps/v1, Kind=Deployment`. */
export function configText(config: Fields): string {
  const metadata = own(config, "metadata");
  const textOf = (name: string): string => {
    const value = isFields(metadata) ? own(metadata, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  return `${textOf("namespace")}/${textOf("name")}; ${kindText(config)}`;
}

function checkConfig(config: Fields, resource: Resource): void {
  const expected = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  if (kindText(config) !== kindText(expected)) {
    throw badRequest(`invalid object type: ${kindText(config)}`);
  }
  const metadata = own(config, "metadata");
  const entries = isFields(metadata) ? own(metadata, "managedFields") : undefined;
  if (Array.isArray(entries)) throw badRequest("metadata.managedFields must be nil");
}

/** `apps/v1, Kind=Deployment`; of what names no kind, `/, Kind=`. */
function kindText(fields: Fields): string {
  const apiVersion = own(fields, "apiVersion");
  const kind = own(fields, "kind");
  const isNamed = typeof apiVersion === "string" && apiVersion !== "";
  const parsed = isNamed ? parseApiVersion(apiVersion) : { group: "", version: "" };
  if (parsed === undefined) return "/, Kind=";
  return `${parsed.group}/${parsed.version}, Kind=${typeof kind === "string" ? kind : ""}`;
}

async function orFailure(outcome: Promise<ApplyOutcome>): Promise<ApplyOutcome> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof ManagerError) throw failure(error.message);
    throw error;
  }
}

function applyConflict(owned: ReadonlyMap<string, FieldSet>): StatusError {
  const conflicts = conflictsOf(owned);
  const { status } = plainRefusal(409, "Conflict", conflictMessage(conflicts));
  const causes = conflictCauses(conflicts).map(({ message, field }) => ({
    reason: "FieldManagerConflict",
    message,
    field,
  }));
  return new StatusError({ ...status, details: { causes } });
}

function withOwners(object: Fields, entries: readonly unknown[]): Fields {
  const metadata = own(object, "metadata");
  const kept = isFields(metadata) ? metadata : {};
  return { ...object, metadata: { ...kept, managedFields: entries } };
}

/**
 * Where kubectl's client-side apply left its annotation, its server-side apply keeps it up to date,
 * so that both can be used in turn.
 */
function withLastApplied(object: Fields, config: Fields): Fields {
  if (lastAppliedText(object) === undefined) return object;
  const metadata = own(object, "metadata");
  const annotations = isFields(metadata) ? own(metadata, "annotations") : undefined;
  if (!isFields(metadata) || !isFields(annotations)) return object;
  const updated: Fields = { ...annotations, [LAST_APPLIED]: lastAppliedOf(config) };
  const { [LAST_APPLIED]: _tooLarge, ...others } = updated;
  const kept = sizeOf(updated) > ANNOTATIONS_BYTES_MAX ? others : updated;
  return { ...object, metadata: { ...metadata, annotations: kept } };
}

function lastAppliedOf(config: Fields): string {
  const metadata = own(config, "metadata");
  const annotations = isFields(metadata) ? own(metadata, "annotations") : undefined;
  if (!isFields(metadata) || !isFields(annotations)) return jsonLine(config);
  const { [LAST_APPLIED]: _own, ...others } = annotations;
  return jsonLine({ ...config, metadata: { ...metadata, annotations: others } });
}

/** JSON as Go's encoder writes a document: keys sorted, a line's end. */
function jsonLine(value: unknown): string {
  const json = JSON.stringify(value, (_key, member: unknown) =>
    isFields(member) ? sorted(member) : exactMember(member),
  );
  const escaped = json.replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
  return `${escaped}\n`;
}

function sorted(fields: Fields): Fields {
  const result: MutableFields = {};
  for (const key of Object.keys(fields).sort(compareBytes)) setField(result, key, fields[key]);
  return result;
}

function sizeOf(annotations: Fields): number {
  return Object.entries(annotations).reduce(
    (size, [key, value]) => size + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
}

/** Upstream has no reason for these. */
function failure(message: string): StatusError {
  return plainRefusal(500, "", message);
}
