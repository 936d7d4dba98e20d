/** Amounts of resources: `quantity("1.5Gi").isGreaterThan(quantity("1G"))`. */
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  QUANTITY_RULE,
  quantityOf,
  subtractQuantities,
  type Quantity,
} from "../../machinery/quantity.ts";
import { CelError, noSuchOverload } from "../cel-error.ts";
import { PARSE_COST } from "../cost/kubernetes-costs.ts";
import { INT_MAX, INT_MIN } from "../eval/numbers.ts";
import { declare, method, overload, type CelLibrary, type Implementation } from "../functions.ts";
import { BOOL, DOUBLE, INT, objectType, STRING, type CelObjectType } from "../types.ts";
import type { CelOpaque, CelResult, CelValue } from "../values.ts";

export const QUANTITY: CelObjectType = objectType("kubernetes.Quantity", {});

const NANO = 10n ** 9n;

/** A quantity as a value. */
export class QuantityValue implements CelOpaque {
  readonly kind = "opaque";
  readonly type: CelObjectType = QUANTITY;
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof QuantityValue && other.quantity.nano === this.quantity.nano;
  }
}

export const QUANTITY_LIBRARY: CelLibrary = {
  name: "kubernetes.quantity",
  functions: [
    declare(
      "quantity",
      [overload("string_to_quantity", [STRING], QUANTITY, toQuantity)],
      PARSE_COST,
    ),
    declare(
      "isQuantity",
      [
        overload("is_quantity_string", [STRING], BOOL, ([text = null]) =>
          typeof text === "string" ? parseQuantity(text) !== undefined : noSuchOverload(),
        ),
      ],
      PARSE_COST,
    ),
    declare("sign", [
      overload(
        "quantity_sign",
        [QUANTITY],
        INT,
        of(({ nano }) => (nano > 0n ? 1n : nano < 0n ? -1n : 0n)),
      ),
    ]),
    declare("isGreaterThan", [
      method(
        "quantity_is_greater_than",
        [QUANTITY, QUANTITY],
        BOOL,
        ofTwo((a, b) => compareQuantities(a, b) > 0),
      ),
    ]),
    declare("isLessThan", [
      method(
        "quantity_is_less_than",
        [QUANTITY, QUANTITY],
        BOOL,
        ofTwo((a, b) => compareQuantities(a, b) < 0),
      ),
    ]),
    declare("compareTo", [
      method(
        "quantity_compare_to",
        [QUANTITY, QUANTITY],
        INT,
        ofTwo((a, b) => BigInt(compareQuantities(a, b))),
      ),
    ]),
    declare("asApproximateFloat", [
      method(
        "quantity_get_float",
        [QUANTITY],
        DOUBLE,
        of(({ nano }) => Number(nano / NANO) + Number(nano % NANO) / 1e9),
      ),
    ]),
    declare("asInteger", [
      method(
        "quantity_get_int",
        [QUANTITY],
        INT,
        of((quantity) => wholeUnits(quantity) ?? new CelError("cannot convert value to integer")),
      ),
    ]),
    declare("isInteger", [
      method(
        "quantity_is_integer",
        [QUANTITY],
        BOOL,
        of((quantity) => wholeUnits(quantity) !== undefined),
      ),
    ]),
    calculation("add", addQuantities),
    calculation("sub", subtractQuantities),
  ],
};

function calculation(
  name: string,
  calculate: (a: Quantity, b: Quantity) => Quantity,
): CelLibrary["functions"][number] {
  const run = ofTwo((a, b) => new QuantityValue(calculate(a, b)));
  return declare(name, [
    method(`quantity_${name}`, [QUANTITY, QUANTITY], QUANTITY, run),
    method(`quantity_${name}_int`, [QUANTITY, INT], QUANTITY, run),
  ]);
}

function toQuantity([text = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string") return noSuchOverload();
  const quantity = parseQuantity(text);
  return quantity === undefined ? new CelError(QUANTITY_RULE) : new QuantityValue(quantity);
}

function of(run: (quantity: Quantity) => CelResult): Implementation {
  return ([value = null]) =>
    value instanceof QuantityValue ? run(value.quantity) : noSuchOverload();
}

function ofTwo(run: (a: Quantity, b: Quantity) => CelResult): Implementation {
  return ([left = null, right = null]) => {
    if (!(left instanceof QuantityValue)) return noSuchOverload();
    if (typeof right === "bigint") return run(left.quantity, quantityOf(right, "DecimalExponent"));
    return right instanceof QuantityValue ? run(left.quantity, right.quantity) : noSuchOverload();
  };
}

/** The amount, if it is a whole number of 64 bits. */
function wholeUnits({ nano }: Quantity): bigint | undefined {
  if (nano % NANO !== 0n) return undefined;
  const units = nano / NANO;
  return units < INT_MIN || units > INT_MAX ? undefined : units;
}
