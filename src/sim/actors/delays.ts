/** How long things may be under way, in milliseconds by name. The first is the calm one. */

/** A request, or an answer. */
export const LATENCIES: Readonly<Record<Latency, number>> = {
  "": 0,
  "10ms": 10,
  "200ms": 200,
  "3s": 3_000,
  "20s": 20_000,
};
export type Latency = "" | "10ms" | "200ms" | "3s" | "20s";
export const LATENCY_OPTIONS: readonly [Latency, ...Latency[]] = ["", "10ms", "200ms", "3s", "20s"];

/**
 * How far behind all events of a stream are. The longest is longer than the five minutes after
 * which expectations of a controller are given up.
 */
export const LAGS: Readonly<Record<Lag, number>> = {
  "": 0,
  "20ms": 20,
  "500ms": 500,
  "10s": 10_000,
  "400s": 400_000,
};
export type Lag = "" | "20ms" | "500ms" | "10s" | "400s";
export const LAG_OPTIONS: readonly [Lag, ...Lag[]] = ["", "20ms", "500ms", "10s", "400s"];

/** What may happen to a stream just before an event. What comes after it waits with it. */
export const EVENT_OPTIONS: readonly [EventFate, ...EventFate[]] = [
  "",
  "pause 50ms",
  "pause 2s",
  "pause 60s",
  "cut",
  "expired",
];
/**
 * "cut": the connection is lost, and goes on from where it was; "expired": the same, but what was
 * missed is no longer known, so that the view must list anew and never sees what was between.
 */
export type EventFate = "" | "pause 50ms" | "pause 2s" | "pause 60s" | "cut" | "expired";

export const PAUSES: Readonly<Record<EventFate, number>> = {
  "": 0,
  "pause 50ms": 50,
  "pause 2s": 2_000,
  "pause 60s": 60_000,
  cut: 0,
  expired: 0,
};
