/** Programs that show a guest, and where packages and builds of one's own put them. */
export const VIEWERS = {
  'looking-glass-client': ['/usr/bin/looking-glass-client', '/usr/local/bin/looking-glass-client'],
  'remote-viewer': ['/usr/bin/remote-viewer', '/usr/local/bin/remote-viewer'],
  moonlight: ['/usr/bin/moonlight', '/var/lib/flatpak/exports/bin/com.moonlight_stream.Moonlight'],
  xfreerdp: ['/usr/bin/xfreerdp', '/usr/bin/xfreerdp3', '/usr/bin/remmina'],
  'pcoip-client': ['/usr/bin/pcoip-client'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type ViewerName = keyof typeof VIEWERS
