import type { StudioApi } from '#shared/ipc/contract.ts'

declare global {
  interface Window {
    readonly studio: StudioApi
  }
}
