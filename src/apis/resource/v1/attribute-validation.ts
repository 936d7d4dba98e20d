/** Attributes of devices: one value each, or a list of values of one type. */
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, invalid, tooLong } from "../../field-errors.ts";
import { goStruct } from "../../go-struct.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import { attributeStruct } from "./go-structs.ts";
import type { DeviceAttribute } from "./types.generated.ts";

const VALUE_BYTES_MAX = 64;
const NOT_ONE = "exactly one value must be specified";
const NOT_A_VERSION = "must be a string compatible with semver.org spec 2.0.0";

/** How many values an attribute has. */
export function attributeCount(attribute: DeviceAttribute): number {
  const { bools = [], ints = [], strings = [], versions = [] } = attribute;
  return Math.max(1, bools.length + ints.length + strings.length + versions.length);
}

/** What is wrong with an attribute. */
export function attributeErrors(path: string, attribute: DeviceAttribute): readonly FieldError[] {
  const { string: text, version, strings = [], versions = [] } = attribute;
  const given = Object.values(attribute).filter((value) => value !== undefined).length;
  return [
    ...(text === undefined ? [] : lengthErrors(`${path}.string`, text)),
    ...(version === undefined ? [] : versionErrors(`${path}.version`, version)),
    ...strings.flatMap((each, index) => lengthErrors(`${path}.strings[${index}]`, each)),
    ...versions.flatMap((each, index) => versionErrors(`${path}.versions[${index}]`, each)),
    ...errorIf(given === 0, invalid(path, "", NOT_ONE)),
    ...errorIf(given > 1, invalid(path, goStruct(attribute, attributeStruct), NOT_ONE)),
  ];
}

function lengthErrors(field: string, text: string): readonly FieldError[] {
  return errorIf(byteLength(text) > VALUE_BYTES_MAX, tooLong(field, VALUE_BYTES_MAX));
}

function versionErrors(field: string, text: string): readonly FieldError[] {
  return [
    ...errorIf(!isSemanticVersion(text), invalid(field, text, NOT_A_VERSION)),
    ...lengthErrors(field, text),
  ];
}

const NUMBER = /^(?:0|[1-9][0-9]*)$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;

/** `1.2.3-rc.1+build.5`: read part by part, so that long texts take no longer than they are. */
function isSemanticVersion(text: string): boolean {
  const plus = text.indexOf("+");
  const version = plus < 0 ? text : text.slice(0, plus);
  const build = plus < 0 ? [] : text.slice(plus + 1).split(".");
  const dash = version.indexOf("-");
  const core = (dash < 0 ? version : version.slice(0, dash)).split(".");
  const release = dash < 0 ? [] : version.slice(dash + 1).split(".");
  return (
    core.length === 3 &&
    core.every((part) => NUMBER.test(part)) &&
    release.every((part) => IDENTIFIER.test(part) && !/^0[0-9]+$/.test(part)) &&
    build.every((part) => IDENTIFIER.test(part))
  );
}
