/** Names of all calls from the window to main. Apart from the schemas, so that the preload carries no validator. */
export const CALL_NAMES = [
  'snapshot',
  'recheck',
  'choose',
  'stepApply',
  'stepUndo',
  'undoAll',
  'keepNetwork',
  'readClosed',
  'reboot',
  'dismissProblem',
  'useHost',
  'vmSelect',
  'vmAdd',
  'vmForget',
  'vmStart',
  'vmShutDown',
  'vmForceOff',
  'vmProve',
  'journal',
  'recoverySheet',
  'saveRecoverySheet',
  'devices',
  'lspciOf',
  'topology',
  'drivers',
  'savePicture',
  'copyText',
  'diagnose',
  'report',
  'reportPart',
  'saveReport',
  'about',
  'helperInstall',
  'helperRemove',
  'restart',
  'guestReach',
  'viewerOpen',
  'screenOpen',
  'screenRead',
  'screenWrite',
  'screenClose',
  'saveScreenshot',
  'vmUsage',
  'vmLog',
  'snapshots',
  'snapshotTake',
  'snapshotGoBack',
  'snapshotRemove',
] as const
export type CallName = (typeof CALL_NAMES)[number]

/** Channel of the one event: main pushes a new snapshot. */
export const SNAPSHOT_CHANNEL = 'studio:snapshot'

/** Channel on which main asks the window to show a page, e.g. from the tray. */
export const PAGE_CHANNEL = 'studio:page'

/** Pages main asks for. */
export type AskedPage = 'console'

export function callChannel(name: CallName): string {
  return `studio:call:${name}`
}
