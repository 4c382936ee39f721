import type { StudioApi } from '#shared/ipc/schema.ts'

declare global {
  interface Window {
    readonly studio: StudioApi
  }
}
