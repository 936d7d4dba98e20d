/** Numbers and names of ports, and addresses they are at. */
import type { FieldError } from "../../../machinery/status.ts";
import { inRange, invalid } from "../../field-errors.ts";

export const PORT_MAX = 65_535;
const NAME_LENGTH_MAX = 15;

/** What is said of a text that is no address. */
export const NOT_AN_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

export const PROTOCOLS: readonly string[] = ["SCTP", "TCP", "UDP"];

/** A port must be one that can be connected to. */
export function portNumberErrors(field: string, port: number | undefined): readonly FieldError[] {
  return inRange(field, port, 1, PORT_MAX);
}

/** The name of a port, as IANA allows service names. */
export function portNameErrors(field: string, name: string): readonly FieldError[] {
  return portNameProblems(name).map((problem) => invalid(field, name, problem));
}

/** A port given by number or by name. */
export function portErrors(field: string, port: number | string): readonly FieldError[] {
  return typeof port === "number" ? portNumberErrors(field, port) : portNameErrors(field, port);
}

function portNameProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (name.length > NAME_LENGTH_MAX) {
    problems.push(`must be no more than ${NAME_LENGTH_MAX} characters`);
  }
  if (!/^[-a-z0-9]+$/.test(name)) {
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(name)) problems.push("must contain at least one letter (a-z)");
  if (name.includes("--")) problems.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) {
    problems.push("must not begin or end with a hyphen");
  }
  return problems;
}
