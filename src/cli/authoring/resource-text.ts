/** A definition that exists, as a module of TypeScript: its types, and `defineResource`. */
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { UserError } from "../user-error.ts";
import { literalText } from "./literal-text.ts";
import { hasDefaults, NOTHING, typeText } from "./schema-types.ts";

const DEFINITIONS = "apiextensions.k8s.io/v1";

/** The parts of a custom resource definition that a kind is made of. */
type Definition = {
  readonly name: string;
  readonly spec: Fields;
  readonly names: Fields;
  /** The one that is stored. */
  readonly version: Fields;
  readonly others: readonly Fields[];
  /** In the schema of the version. */
  readonly schema: Fields;
};

/** The module of all definitions given. Throws `UserError` for what is none. */
export function resourceModule(objects: readonly Fields[]): string {
  const definitions = objects.map(definitionOf);
  const texts = definitions.flatMap((definition) => [
    resourceText(definition),
    ...servedOthers(definition).map((version) => otherVersionText(definition, version)),
  ]);
  const names = definitions.flatMap((definition) => [
    identifierOf(definition),
    ...servedOthers(definition).map((version) => identifierIn(definition, version)),
  ]);
  const hasOthers = names.length > definitions.length;
  const types = hasOthers ? "CustomObject, DefinedResource, ObjectOf" : "DefinedResource, ObjectOf";
  const header =
    "/** Made by `setpoint generate types`: make it anew when the definition changes. */\n" +
    (hasOthers ? 'import type { ResourceType } from "setpoint/client";\n' : "") +
    'import { defineResource, structural } from "setpoint/controller-runtime";\n' +
    `import type { ${types} } from "setpoint/controller-runtime";\n`;
  const twice = names.find((name, index, all) => all.indexOf(name) !== index);
  if (twice !== undefined) {
    const hint = "Make a file of each, from manifests with one definition.";
    throw new UserError(`two of the definitions are of a kind called ${twice}`, hint);
  }
  return [header, ...texts].join("\n");
}

function definitionOf(object: Fields): Definition {
  const name = textAt(fieldsOf(own(object, "metadata")), "name");
  if (own(object, "apiVersion") !== DEFINITIONS) {
    throw new UserError(
      `the definition ${name} is of ${textAt(object, "apiVersion")}`,
      `Only ${DEFINITIONS} is served by Kubernetes 1.22 and newer.`,
    );
  }
  const spec = fieldsOf(own(object, "spec"));
  const listed = own(spec, "versions");
  const versions = (Array.isArray(listed) ? listed : []).filter(isFields);
  const version = versions.find((each) => own(each, "storage") === true) ?? versions[0];
  if (version === undefined) throw new UserError(`the definition ${name} has no versions`);
  const others = versions.filter((each) => each !== version);
  const schema = schemaOf(version);
  return { name, spec, names: fieldsOf(own(spec, "names")), version, others, schema };
}

function schemaOf(version: Fields): Fields {
  return fieldsOf(own(fieldsOf(own(version, "schema")), "openAPIV3Schema"));
}

function servedOthers({ others }: Definition): readonly Fields[] {
  return others.filter((version) => own(version, "served") === true);
}

/** A version that is served beside the stored one: its types, and what a client needs to ask. */
function otherVersionText(definition: Definition, version: Fields): string {
  const { spec, names } = definition;
  const id = identifierIn(definition, version);
  const schema = schemaOf(version);
  const properties = fieldsOf(own(schema, "properties"));
  const status = statusText(id, schema);
  const group = textAt(spec, "group");
  const type = {
    group,
    version: textAt(version, "name"),
    kind: textAt(names, "kind"),
    resource: textAt(names, "plural"),
    isNamespaced: own(spec, "scope") !== "Cluster",
  };
  const title = `${type.kind} of ${group}/${type.version}: the same objects, in that version`;
  return [
    `export type ${id}Spec = ${typeText(objectSchema(own(properties, "spec")), "stored")};\n`,
    ...status.declared,
    `/** ${inComment(title)}. */\n` +
      `export const ${id}: ResourceType<CustomObject<${id}Spec, ${status.name}>> = ` +
      `${literalText(type, "", WIDTH)};\nexport type ${id} = ObjectOf<typeof ${id}>;\n`,
  ].join("\n");
}

/** One field a line, as it is longer than a line. */
const WIDTH = 100;

function resourceText(definition: Definition): string {
  const { names, version, schema } = definition;
  const id = identifierOf(definition);
  const properties = fieldsOf(own(schema, "properties"));
  const spec = objectSchema(own(properties, "spec"));
  const { name: status, declared, schema: statusSchema } = statusText(id, schema);
  const input = hasDefaults(spec) ? `${id}SpecInput` : `${id}Spec`;
  const types = [`export type ${id}Spec = ${typeText(spec, "stored")};\n`];
  if (input !== `${id}Spec`) {
    types.push(
      `/** As it is written: what has a default may be left out. */\n` +
        `export type ${input} = ${typeText(spec, "written")};\n`,
    );
  }
  types.push(...declared);
  const generics = input === `${id}Spec` ? input : `${id}Spec, ${input}`;
  const fields = [
    ...optionsOf(definition).map(([key, value]) => {
      return `  ${key}: ${literalText(value, "  ", key.length + 2)},\n`;
    }),
    `  spec: structural<${generics}>(${literalText(spec, "  ", 70)}),\n`,
    ...(statusSchema === undefined
      ? []
      : [`  status: structural<${status}>(${literalText(statusSchema, "  ", 70)}),\n`]),
  ];
  const group = textAt(definition.spec, "group");
  const title = `${textAt(names, "kind")} of ${group}/${textAt(version, "name")}`;
  const of = `${id}Spec, ${status}, ${input}`;
  return [
    `${comment(definition)}${types.join("\n")}`,
    `/** ${inComment(title)}. */\n` +
      `export const ${id}: DefinedResource<${of}> = defineResource({\n${fields.join("")}});\n` +
      `export type ${id} = ObjectOf<typeof ${id}>;\n`,
  ].join("\n");
}

/** What these types leave out, for whoever reads them. */
function comment({ name, others, schema, version }: Definition): string {
  const known = new Set(["apiVersion", "kind", "metadata", "spec", "status"]);
  const beside = Object.keys(fieldsOf(own(schema, "properties"))).filter((each) => {
    return !known.has(each);
  });
  const lines = [
    ...(others.length === 0
      ? []
      : [
          `${name} has other versions than ${textAt(version, "name")}: ` +
            `${others.map((each) => textAt(each, "name")).join(", ")}.`,
          "Do not install the definition below, it would take them away.",
        ]),
    ...(beside.length === 0
      ? []
      : [`Fields beside spec and status are not in these types: ${beside.join(", ")}.`]),
  ];
  return lines.map((line) => `// ${inComment(line)}\n`).join("") + (lines.length === 0 ? "" : "\n");
}

/** A manifest may have any text for a name; none of it becomes code. */
function inComment(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("*/", "* /");
}

/** Everything else that `defineResource` takes, where it is not what it would be anyway. */
function optionsOf({ spec, names, version, schema }: Definition): readonly [string, unknown][] {
  const scale = own(fieldsOf(own(version, "subresources")), "scale");
  const selectable = own(version, "selectableFields");
  const options: Fields = {
    group: own(spec, "group"),
    version: own(version, "name"),
    kind: own(names, "kind"),
    plural: own(names, "plural"),
    singular: own(names, "singular"),
    shortNames: own(names, "shortNames"),
    categories: own(names, "categories"),
    scope: own(spec, "scope") === "Cluster" ? "Cluster" : undefined,
    description: own(schema, "description"),
    rules: own(schema, "x-kubernetes-validations"),
    columns: own(version, "additionalPrinterColumns") ?? [],
    selectableFields: Array.isArray(selectable)
      ? selectable.map((each) => textAt(fieldsOf(each), "jsonPath"))
      : undefined,
    scale,
  };
  return Object.entries(options).filter(([, value]) => value !== undefined);
}

/** The type of a status, and how it is declared. */
type StatusText = {
  /** `unknown`: there is nothing in it but what every status has. */
  readonly name: string;
  readonly declared: readonly string[];
  /** Undefined: a server keeps none. */
  readonly schema: Fields | undefined;
};

function statusText(id: string, schema: Fields): StatusText {
  const given = own(fieldsOf(own(schema, "properties")), "status");
  if (given === undefined && own(schema, "x-kubernetes-preserve-unknown-fields") !== true) {
    return { name: "unknown", declared: [], schema: undefined };
  }
  const whole = objectSchema(given);
  const text = typeText(ownStatus(whole), "stored");
  if (text === NOTHING) return { name: "unknown", declared: [], schema: whole };
  const name = `${id}Status`;
  return { name, declared: [`export type ${name} = ${text};\n`], schema: whole };
}

/** Conditions and the observed generation are part of every status as it is. */
function ownStatus(schema: Fields): Fields {
  const properties = Object.entries(fieldsOf(own(schema, "properties"))).filter(
    ([name]) => name !== "conditions" && name !== "observedGeneration",
  );
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** A schema that is missing says nothing: anything may be there. */
function objectSchema(schema: unknown): Fields {
  if (isFields(schema) && own(schema, "type") === "object") return schema;
  return { type: "object", "x-kubernetes-preserve-unknown-fields": true };
}

/** The kind, as far as it can name a constant. */
function identifierOf({ names }: Definition): string {
  const kind = textAt(names, "kind").replace(/[^A-Za-z0-9]+(.?)/g, (_, next: string) => {
    return next.toUpperCase();
  });
  return kind === "" || kind === "ObjectOf" || kind === "DefinedResource" ? `${kind}Kind` : kind;
}

/** The kind with the version, e.g. SiteV1beta1. */
function identifierIn(definition: Definition, version: Fields): string {
  const [first = "", ...rest] = textAt(version, "name").replaceAll(/[^A-Za-z0-9]/g, "");
  return `${identifierOf(definition)}${first.toUpperCase()}${rest.join("")}`;
}

function textAt(fields: Fields, name: string): string {
  const value = own(fields, name);
  return typeof value === "string" ? value : "";
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}
