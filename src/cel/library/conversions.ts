/** Values of one type from values of another: `int("5")`, `string(1.5)`, `type(x)`, `dyn(x)`. */
import { CelError } from "../cel-error.ts";
import {
  intOfDouble,
  INT_MAX,
  INT_MIN,
  UINT_MAX,
  uintOfDouble,
  uintResult,
} from "../eval/numbers.ts";
import { typeNameOf } from "../eval/runtime-types.ts";
import { declare, overload, type FunctionDeclaration, type Overload } from "../functions.ts";
import { STRING_CONVERSION_COST, BYTES_CONVERSION_COST } from "../cost/standard-costs.ts";
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  parameter,
  STRING,
  TIMESTAMP,
  typeOf,
  UINT,
  type CelType,
} from "../types.ts";
import {
  CelDuration,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelResult,
  type CelValue,
} from "../values.ts";
import { NANOS_PER_SECOND, SECONDS_MAX, SECONDS_MIN, secondsOf } from "./civil-time.ts";
import { doubleText, parseDoubleText } from "./number-text.ts";
import { durationText, parseDuration, parseTimestamp, timestampText } from "./time-text.ts";

const A = parameter("A");
const utf8 = new TextEncoder();
const fatalUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const TRUE_TEXTS: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE_TEXTS: ReadonlySet<string> = new Set(["0", "f", "F", "FALSE", "false", "False"]);

export const CONVERSIONS: readonly FunctionDeclaration[] = [
  {
    name: "type",
    overloads: [overload("type", [A], typeOf(A))],
    run: ([value = null]) => new CelTypeValue(typeNameOf(value)),
  },
  { name: "dyn", overloads: [overload("to_dyn", [A], DYN)], run: ([value = null]) => value },
  declare("bool", [identity("bool", BOOL), from("string_to_bool", STRING, BOOL, boolOf)]),
  {
    ...declare("bytes", [
      identity("bytes", BYTES),
      from("string_to_bytes", STRING, BYTES, (value) =>
        typeof value === "string" ? utf8.encode(value) : undefined,
      ),
    ]),
    cost: BYTES_CONVERSION_COST,
  },
  declare("double", [
    identity("double", DOUBLE),
    from("int64_to_double", INT, DOUBLE, (value) =>
      typeof value === "bigint" ? Number(value) : undefined,
    ),
    from("string_to_double", STRING, DOUBLE, (value) =>
      typeof value === "string" ? parseDoubleText(value) : undefined,
    ),
    from("uint64_to_double", UINT, DOUBLE, (value) =>
      value instanceof CelUint ? Number(value.value) : undefined,
    ),
  ]),
  declare("duration", [
    identity("duration", DURATION),
    from("string_to_duration", STRING, DURATION, (value) =>
      typeof value === "string" ? parseDuration(value) : undefined,
    ),
  ]),
  declare("int", [
    identity("int64", INT),
    from("double_to_int64", DOUBLE, INT, (value) =>
      typeof value === "number" ? intOfDouble(value) : undefined,
    ),
    from("duration_to_int64", DURATION, INT, (value) =>
      value instanceof CelDuration ? value.nanos : undefined,
    ),
    from("string_to_int64", STRING, INT, (value) => wholeNumber(value, INT_MIN, INT_MAX)),
    from("timestamp_to_int64", TIMESTAMP, INT, (value) =>
      value instanceof CelTimestamp ? BigInt(secondsOf(value.nanos)) : undefined,
    ),
    from("uint64_to_int64", UINT, INT, intOfUint),
  ]),
  {
    ...declare("string", [
      identity("string", STRING),
      from("bool_to_string", BOOL, STRING, textOfScalar),
      from("bytes_to_string", BYTES, STRING, textOfBytes),
      from("double_to_string", DOUBLE, STRING, (value) =>
        typeof value === "number" ? doubleText(value) : undefined,
      ),
      from("duration_to_string", DURATION, STRING, (value) =>
        value instanceof CelDuration ? durationText(value) : undefined,
      ),
      from("int64_to_string", INT, STRING, textOfScalar),
      from("timestamp_to_string", TIMESTAMP, STRING, (value) =>
        value instanceof CelTimestamp ? timestampText(value) : undefined,
      ),
      from("uint64_to_string", UINT, STRING, (value) =>
        value instanceof CelUint ? `${value.value}` : undefined,
      ),
    ]),
    cost: STRING_CONVERSION_COST,
  },
  declare("timestamp", [
    identity("timestamp", TIMESTAMP),
    from("int64_to_timestamp", INT, TIMESTAMP, (value) =>
      typeof value === "bigint" ? timestampOf(value * NANOS_PER_SECOND) : undefined,
    ),
    from("string_to_timestamp", STRING, TIMESTAMP, (value) => {
      const timestamp = typeof value === "string" ? parseTimestamp(value) : undefined;
      return timestamp && timestampOf(timestamp.nanos, timestamp.zoneSeconds);
    }),
  ]),
  declare("uint", [
    identity("uint64", UINT),
    from("double_to_uint64", DOUBLE, UINT, (value) =>
      typeof value === "number" ? uintOfDouble(value) : undefined,
    ),
    from("int64_to_uint64", INT, UINT, (value) =>
      typeof value === "bigint" ? uintResult(value) : undefined,
    ),
    from("string_to_uint64", STRING, UINT, (value) => {
      const number = wholeNumber(value, 0n, UINT_MAX);
      return number === undefined ? undefined : new CelUint(number);
    }),
  ]),
];

/** Functions whose calls with a literal are done once, before any evaluation. */
export const CONVERSION_NAMES: ReadonlySet<string> = new Set(CONVERSIONS.map(({ name }) => name));

function identity(name: string, type: CelType): Overload {
  return overload(`${name}_to_${name}`, [type], type, ([value = null]) => value);
}

/** A conversion; undefined means that there is no such value of the other type. */
function from(
  id: string,
  given: CelType,
  wanted: CelType,
  convert: (value: CelValue) => CelResult | undefined,
): Overload {
  return overload(id, [given], wanted, ([value = null]) => {
    const result = convert(value);
    if (result !== undefined) return result;
    const names = `'${runtimeName(given)}' to '${runtimeName(wanted)}'`;
    return new CelError(`type conversion error from ${names}`);
  });
}

function runtimeName(type: CelType): string {
  if (type.kind === "timestamp") return "google.protobuf.Timestamp";
  return type.kind === "duration" ? "google.protobuf.Duration" : type.kind;
}

function boolOf(value: CelValue): CelResult | undefined {
  if (typeof value !== "string") return undefined;
  if (TRUE_TEXTS.has(value)) return true;
  return FALSE_TEXTS.has(value) ? false : undefined;
}

function wholeNumber(value: CelValue, min: bigint, max: bigint): bigint | undefined {
  const form = min < 0n ? /^[+-]?[0-9]+$/ : /^[0-9]+$/;
  // 64 bits have 20 digits; leading zeros may be more, within reason.
  if (typeof value !== "string" || value.length > 1000 || !form.test(value)) return undefined;
  const number = value.startsWith("-") ? -BigInt(value.slice(1)) : BigInt(value.replace(/^\+/, ""));
  return number < min || number > max ? undefined : number;
}

function intOfUint(value: CelValue): CelResult | undefined {
  if (!(value instanceof CelUint)) return undefined;
  return value.value > INT_MAX ? new CelError("integer overflow") : value.value;
}

function textOfScalar(value: CelValue): CelResult | undefined {
  return typeof value === "boolean" || typeof value === "bigint" ? String(value) : undefined;
}

function textOfBytes(value: CelValue): CelResult | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  try {
    return fatalUtf8.decode(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new CelError("invalid UTF-8 in bytes, cannot convert to string");
  }
}

function timestampOf(nanos: bigint, zoneSeconds = 0): CelResult {
  const seconds = secondsOf(nanos);
  if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) return new CelError("timestamp overflow");
  return new CelTimestamp(nanos, zoneSeconds);
}
