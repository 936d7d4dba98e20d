/** The package in which upstream handles the kinds of a group: its error texts name it. */
export function goPackage(group: string): string {
  const [name = ""] = group.split(".");
  return name === "" || name === "events" ? "core" : name;
}
