const MINUTE_MS = 60_000

/** "Since 14:02, for 3 h 20 min."; from another day with the date. `now` in milliseconds since 1970. */
export function uptimeWords(started: string, now: number): string {
  const from = new Date(started)
  const sameDay = from.toDateString() === new Date(now).toDateString()
  const clock = from.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const minutes = Math.floor(Math.max(0, now - from.getTime()) / MINUTE_MS)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const length = minutes < 1 ? '' : `, for ${hours > 0 ? `${hours} h ` : ''}${rest} min`
  return `Since ${sameDay ? clock : `${from.toLocaleDateString()} ${clock}`}${length}.`
}
