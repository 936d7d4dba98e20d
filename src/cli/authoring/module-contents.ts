/** What a module exports that manifests can be made of. */
import type { DefinedResource } from "../../client/resource/define-resource.ts";
import { isConverted } from "../../client/resource/conversion-address.ts";
import { conversion } from "../../controller-runtime/conversion/conversion.ts";
import type { DeclaredController } from "../../controller-runtime/declared/declared-controller.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { DeclaredWebhook } from "./webhook-manifests.ts";
import { UserError } from "../user-error.ts";

export type ModuleContents = {
  /** In order of the names of their definitions, each once. */
  readonly kinds: readonly DefinedResource[];
  /** In order of their names, each once. */
  readonly controllers: readonly DeclaredController[];
  /** In the order of the module. */
  readonly webhooks: readonly DeclaredWebhook[];
};

/**
 * Exported by themselves, or in an exported list or record; kinds also as what an exported
 * controller is for, owns or reads, and what an exported webhook is for. Kinds whose versions are
 * converted have a webhook for it, exported or not. Throws `UserError` where two kinds have the
 * same name.
 */
export function contentsOf(exports: Fields): ModuleContents {
  const values = Object.values(exports).flatMap((value) => [value, ...inside(value)]);
  const controllers = [...new Set(values.filter(isController))];
  const webhooks = [...new Set(values.filter(isWebhook))];
  const reached = [
    ...controllers.flatMap(({ type, owns, reads }) => [type, ...owns, ...reads]),
    ...webhooks.map(({ type }) => type),
  ];
  const kinds = [...new Set<unknown>([...values, ...reached])].filter(isKind);
  const byName = Map.groupBy(kinds, definitionName);
  for (const [name, same] of byName) {
    if (same.length === 1) continue;
    throw new UserError(
      `the module has ${same.length} definitions of ${name}`,
      "Define each kind once, with defineResource in a file of its own, and import it from there.",
    );
  }
  return {
    kinds: kinds.toSorted((a, b) => compare(definitionName(a), definitionName(b))),
    controllers: controllers.toSorted((a, b) => compare(a.controllerName, b.controllerName)),
    webhooks: [...webhooks, ...conversionsOf(kinds, webhooks)],
  };
}

function conversionsOf(
  kinds: readonly DefinedResource[],
  webhooks: readonly DeclaredWebhook[],
): readonly DeclaredWebhook[] {
  const known = webhooks.filter(({ kind }) => kind === "conversion").map(({ type }) => type);
  return kinds.filter((kind) => isConverted(kind) && !known.includes(kind)).map(conversion);
}

/** A list or a record of what might be looked for. */
function inside(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isFields(value) && !isKind(value) ? Object.values(value) : [];
}

/** By its shape: the module may have a copy of this package of its own. */
function isKind(value: unknown): value is DefinedResource {
  const definition = isFields(value) ? own(value, "definition") : undefined;
  return isFields(definition) && own(definition, "kind") === "CustomResourceDefinition";
}

function isController(value: unknown): value is DeclaredController {
  return typeof value === "function" && "controllerName" in value && "owns" in value;
}

function isWebhook(value: unknown): value is DeclaredWebhook {
  if (!isFields(value) || typeof own(value, "handlers") !== "function") return false;
  const kind = own(value, "kind");
  return kind === "admission" || kind === "conversion";
}

function definitionName({ definition }: DefinedResource): string {
  return definition.metadata.name ?? "";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
