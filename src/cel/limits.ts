/** The limits Kubernetes sets on expressions. Their users apply them; `evaluate` only the first. */

/** Cost of one evaluation. */
export const CALL_COST_MAX = 1_000_000;
/** Cost of all validation rules of one object. */
export const OBJECT_COST_MAX = 10_000_000;
/** Cost of all match conditions of one webhook or policy and request. */
export const MATCH_CONDITIONS_COST_MAX = 2_500_000;
/** Estimated cost of one expression of a custom resource definition. */
export const ESTIMATED_COST_MAX = 10_000_000;
/** Estimated cost of all expressions of a version of a custom resource definition. */
export const ESTIMATED_TOTAL_COST_MAX = 100_000_000;
/** Bytes of a request, from which the sizes of unlimited values are estimated. */
export const REQUEST_BYTES_MAX = 3_145_728;

/** Characters of an expression. */
export const SOURCE_SIZE_MAX = 100_000;
/** Nesting of an expression. */
export const NESTING_MAX = 250;
/** Characters or bytes a single operation may build; more is an error, not a crash. */
export const RESULT_SIZE_MAX = 33_554_432;
/** Elements a single operation may build. */
export const RESULT_LENGTH_MAX = 4_194_304;
