/**
 * One place of a compiled custom-resource schema. Nodes are immutable and shared: two places with
 * the same rules are the same node, so a node knows nothing of where it stands.
 */

/** Types a place can be restricted to; "" is none. */
export type NodeType = "" | "object" | "array" | "string" | "integer" | "number" | "boolean";

export type SchemaNode = {
  readonly type: NodeType;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  /** Values of a map. */
  readonly additionalProperties?: SchemaNode;
  /** `additionalProperties: true` or `false`; absent with a schema, or if nothing is said. */
  readonly allowsAdditional?: boolean;
  readonly items?: SchemaNode;
  readonly isNullable?: true;
  readonly isIntOrString?: true;
  readonly isEmbedded?: true;
  readonly keepsUnknown?: true;
  readonly listType?: string;
  readonly listKeys?: readonly string[];
  readonly mapType?: string;
  /** Absent if there is none; a default of null is no default. */
  readonly default?: unknown;
  readonly checks?: ValueChecks;
  readonly rules?: readonly ValidationRule[];
  /** What the node or a place below it has, as bits of `Trait`. Junctors do not count. */
  readonly traits: number;
};

/** Bits that let a walk leave out whole subtrees. */
export const TRAIT = { defaults: 1, rules: 2, embedded: 4, uniqueLists: 8 } as const;

/** What a value is held against, beyond its shape. */
export type ValueChecks = {
  readonly format?: string;
  readonly maximum?: number;
  readonly exclusiveMaximum?: true;
  readonly minimum?: number;
  readonly exclusiveMinimum?: true;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: true;
  readonly multipleOf?: number;
  readonly enum?: readonly unknown[];
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly allOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly not?: SchemaNode;
};

/** An entry of `x-kubernetes-validations`. */
export type ValidationRule = {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
};
