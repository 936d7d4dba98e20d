/** Stops here where a debugger is attached; does nothing otherwise. */
export function breakpoint(): void {
  // oxlint-disable-next-line no-debugger -- the one place that is for it.
  debugger;
}
