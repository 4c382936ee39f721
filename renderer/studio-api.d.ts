import type { StudioApi } from '../shared/window/contract.ts'

declare global {
  interface Window {
    readonly studio: StudioApi
  }
}
