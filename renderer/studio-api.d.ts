import type { StudioApi } from '../shared/contract.ts'

declare global {
  interface Window {
    readonly studio: StudioApi
  }
}
