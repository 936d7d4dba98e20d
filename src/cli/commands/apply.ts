/** `apply -f`: makes the stored objects what the manifests say. */
import type { ResourceType } from "../../client/resource-type.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { applyObject, type ApplyResult } from "../client-side-apply.ts";
import type { Manifest } from "../manifests.ts";
import type { Session } from "../session.ts";
import { explainError, ExitCode, UserError } from "../user-error.ts";
import { kindPrefix } from "./get.ts";

/** An object of a manifest with the kind the server knows it as. */
export type Applied = { readonly type: ResourceType; readonly object: ApiObject };

/**
 * Applies all manifests, namespaces first and the rest in their order. A refused one does not keep
 * the others from being applied, but the command fails.
 */
export async function apply(
  session: Session,
  manifests: readonly Manifest[],
): Promise<readonly Applied[]> {
  const applied: Applied[] = [];
  let failures = 0;
  for (const manifest of inOrder(manifests)) {
    try {
      const { type, result } = await applyManifest(session, manifest);
      applied.push({ type, object: result.object });
      const name = `${kindPrefix(type)}/${result.object.metadata.name ?? ""}`;
      session.terminal.write(`${name} ${result.outcome}\n`);
    } catch (error) {
      const text = explainError(error);
      if (text === undefined || session.context.signal.aborted) throw error;
      failures += 1;
      session.terminal.warn(`${manifest.source}: ${text.replace(/^error: /, "")}\n`);
    }
  }
  if (failures > 0) throw new ExitCode(1);
  return applied;
}

async function applyManifest(
  session: Session,
  manifest: Manifest,
): Promise<{ readonly type: ResourceType; readonly result: ApplyResult }> {
  const type = (await session.mapper()).forKind(manifest.apiVersion, manifest.kind);
  const object = placed(manifest, type, session.namespace);
  return { type, result: await applyObject(session.client, type, object, session.context) };
}

/** The object in the namespace it belongs to. */
export function placed(manifest: Manifest, type: ResourceType, namespace: string): ApiObject {
  const { object } = manifest;
  if (object.metadata.name === undefined) {
    throw new UserError(
      `${manifest.source}: metadata.name is missing`,
      "generateName needs create",
    );
  }
  if (!type.isNamespaced) return object;
  const own = manifest.namespace === "" ? namespace : manifest.namespace;
  return { ...object, metadata: { ...object.metadata, namespace: own } };
}

function inOrder(manifests: readonly Manifest[]): readonly Manifest[] {
  const isNamespace = ({ kind }: Manifest): boolean => kind === "Namespace";
  return [...manifests.filter(isNamespace), ...manifests.filter((one) => !isNamespace(one))];
}
