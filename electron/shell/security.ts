import { app, type Session, type WebContents } from 'electron'
import { PAGE_ORIGIN } from './page.ts'

/** Denies permissions, network, navigation and new windows: the page needs none of them. */
export function harden(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, grant) => grant(false))
  session.setPermissionCheckHandler(() => false)
  session.webRequest.onBeforeRequest((details, decide) => {
    const allowed = details.url.startsWith(`${PAGE_ORIGIN}/`) || details.url.startsWith('devtools://')
    decide({ cancel: !allowed })
  })
  app.on('web-contents-created', (_event, contents) => confine(contents))
}

function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
