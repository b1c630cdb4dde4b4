/** Milliseconds that only grow, to measure with. `performance` would be loaded first, which costs half a millisecond. */
export function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}
