/** Definitions as the server's own parts see them: read from stored bytes. */
import type { Definition } from "../../apis/apiextensions/v1/definition-conditions.ts";
import type { Entry } from "../../store/store.ts";

const decoder = new TextDecoder();

/** The whole definition, read anew: large ones are not kept in memory twice. */
export function readDefinition(entry: Entry): Definition {
  return JSON.parse(decoder.decode(entry.value)) as Definition;
}

/** The definition without schemas and owners of fields: small enough to keep. */
export function lightDefinition(entry: Entry): Definition {
  const { metadata, spec, status, ...rest } = readDefinition(entry);
  const { managedFields: _owners, annotations: _annotations, ...light } = metadata;
  const approval = metadata.annotations?.["api-approved.kubernetes.io"];
  return {
    ...rest,
    metadata: {
      ...light,
      resourceVersion: String(entry.revision),
      ...(approval === undefined
        ? {}
        : { annotations: { "api-approved.kubernetes.io": approval } }),
    },
    spec: {
      ...spec,
      versions: spec.versions.map(({ schema: _schema, ...version }) => version),
    },
    status,
  };
}
