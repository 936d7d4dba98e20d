export { isSameValue } from "../machinery/same-value.ts";
