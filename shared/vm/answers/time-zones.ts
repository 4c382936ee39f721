import { z } from 'zod'

/** Windows' names of time zones, each with places whose IANA name stands for it (CLDR, windowsZones.xml). */
const ZONES = {
  UTC: ['UTC', 'Etc/UTC'],
  'GMT Standard Time': ['Europe/London', 'Europe/Dublin', 'Europe/Lisbon'],
  'W. Europe Standard Time': [
    ...['Europe/Berlin', 'Europe/Vienna', 'Europe/Zurich', 'Europe/Amsterdam', 'Europe/Rome'],
    ...['Europe/Stockholm', 'Europe/Oslo', 'Europe/Luxembourg'],
  ],
  'Romance Standard Time': ['Europe/Paris', 'Europe/Brussels', 'Europe/Madrid', 'Europe/Copenhagen'],
  'Central Europe Standard Time': ['Europe/Prague', 'Europe/Budapest', 'Europe/Belgrade', 'Europe/Bratislava'],
  'Central European Standard Time': ['Europe/Warsaw', 'Europe/Zagreb'],
  'FLE Standard Time': ['Europe/Helsinki', 'Europe/Kyiv', 'Europe/Kiev', 'Europe/Riga', 'Europe/Vilnius'],
  'GTB Standard Time': ['Europe/Athens', 'Europe/Bucharest'],
  'Turkey Standard Time': ['Europe/Istanbul'],
  'Russian Standard Time': ['Europe/Moscow'],
  'Israel Standard Time': ['Asia/Jerusalem'],
  'South Africa Standard Time': ['Africa/Johannesburg'],
  'Arabian Standard Time': ['Asia/Dubai'],
  'India Standard Time': ['Asia/Kolkata', 'Asia/Calcutta'],
  'SE Asia Standard Time': ['Asia/Bangkok', 'Asia/Jakarta', 'Asia/Ho_Chi_Minh'],
  'China Standard Time': ['Asia/Shanghai', 'Asia/Hong_Kong'],
  'Singapore Standard Time': ['Asia/Singapore'],
  'Taipei Standard Time': ['Asia/Taipei'],
  'Tokyo Standard Time': ['Asia/Tokyo'],
  'Korea Standard Time': ['Asia/Seoul'],
  'AUS Eastern Standard Time': ['Australia/Sydney', 'Australia/Melbourne'],
  'W. Australia Standard Time': ['Australia/Perth'],
  'New Zealand Standard Time': ['Pacific/Auckland'],
  'E. South America Standard Time': ['America/Sao_Paulo'],
  'Argentina Standard Time': ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  'Atlantic Standard Time': ['America/Halifax'],
  'Eastern Standard Time': ['America/New_York', 'America/Toronto'],
  'Central Standard Time': ['America/Chicago', 'America/Winnipeg'],
  'Central Standard Time (Mexico)': ['America/Mexico_City'],
  'Mountain Standard Time': ['America/Denver', 'America/Edmonton'],
  'US Mountain Standard Time': ['America/Phoenix'],
  'Pacific Standard Time': ['America/Los_Angeles', 'America/Vancouver'],
  'Alaskan Standard Time': ['America/Anchorage'],
  'Hawaiian Standard Time': ['Pacific/Honolulu'],
} as const

type ZoneName = keyof typeof ZONES
const isZone = (name: string): name is ZoneName => name in ZONES
const names = Object.keys(ZONES).filter(isZone)

export const windowsTimeZone = z.enum(['UTC', ...names.filter((name) => name !== 'UTC')])
export type WindowsTimeZone = z.infer<typeof windowsTimeZone>

/** Time zones as they are offered: Windows' name, with a place in it. */
export const TIME_ZONE_ROWS: readonly { id: WindowsTimeZone; name: string }[] = names.map((id) => ({
  id,
  name: id === 'UTC' ? 'UTC' : `${placeOf(ZONES[id][0])} (${id})`,
}))

/** `Europe/Berlin` → `Berlin`. */
function placeOf(iana: string): string {
  return (iana.split('/').at(-1) ?? iana).replaceAll('_', ' ')
}

/** Windows' name of a time zone by its IANA name; null: we do not know it. */
export function timeZoneOf(iana: string): WindowsTimeZone | null {
  return names.find((name) => ZONES[name].some((place) => place === iana)) ?? null
}
