/** A kind of no meaning, for tests of what is true of every kind. */
import type { ResourceType } from "../../client/resource-type.ts";
import type { ApiObject } from "../../machinery/object.ts";

export type Widget = ApiObject & {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
};

export const Widget: ResourceType<Widget> = {
  group: "test.example",
  version: "v1",
  kind: "Widget",
  resource: "widgets",
  isNamespaced: true,
};

/** In the namespace `default`, with an empty spec. */
export function aWidget(name: string, fields: Partial<Widget> = {}): Widget {
  const { metadata, ...rest } = fields;
  return { metadata: { name, namespace: "default", ...metadata }, spec: {}, ...rest };
}
