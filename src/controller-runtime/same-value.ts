export { equalValues as isSameValue } from "../machinery/json-value.ts";
