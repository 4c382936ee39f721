/** What this window uses of noVNC (docs/API.md of the package), which brings no types of its own. */
declare module '@novnc/novnc' {
  interface RfbEvents {
    connect: Event
    disconnect: CustomEvent<{ clean: boolean }>
    securityfailure: CustomEvent<{ status: number; reason?: string }>
  }

  export default class RFB {
    constructor(target: HTMLElement, channel: object, options: { credentials?: { password: string } })
    background: string
    scaleViewport: boolean
    addEventListener<E extends keyof RfbEvents>(event: E, listener: (event: RfbEvents[E]) => void): void
    focus(): void
    blur(): void
    disconnect(): void
    sendCtrlAltDel(): void
    toBlob(done: (picture: Blob | null) => void, type: 'image/png'): void
  }
}
