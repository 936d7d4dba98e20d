/** What is doubtful in a definition that is accepted. */
import { isFields } from "../../../machinery/object.ts";
import { someSchema } from "../../../schema/check/schema-walk.ts";
import { enforcedFormat } from "../../../schema/formats/formats.ts";
import { textAt } from "../../../schema/schema-props.ts";
import type { Definition } from "./definition-conditions.ts";
import { placesOf } from "./version-parts.ts";

/** Formats that are not enforced, one warning a place; those of `old` are known already. */
export function definitionWarnings(
  definition: Definition,
  old: Definition | undefined,
): readonly string[] {
  const known = new Set(old === undefined ? [] : formatsWithoutMeaning(old));
  return formatsWithoutMeaning(definition)
    .filter((format) => !known.has(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

function formatsWithoutMeaning({ spec }: Definition): readonly string[] {
  const found: string[] = [];
  for (const { value } of placesOf(spec, "schema")) {
    const schema: unknown = value.openAPIV3Schema;
    if (!isFields(schema)) continue;
    someSchema(schema, (props) => {
      const format = textAt(props, "format");
      const isKnown = format === "" || enforcedFormat(format, textAt(props, "type")) !== "";
      if (!isKnown) found.push(format);
      return false;
    });
  }
  return found;
}
