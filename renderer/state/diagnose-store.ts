import { create } from 'zustand'
import type { Diagnosis, DiagnosisRequest } from '#shared/ipc/diagnosis.ts'
import { call } from './studio-store.ts'

interface DiagnoseStore {
  /** What is in the paste box. */
  text: string
  /** The last answer; stays while the admin looks at the step that fixes it. */
  diagnosis: Diagnosis | null
  working: boolean
}

export const useDiagnose = create<DiagnoseStore>(() => ({ text: '', diagnosis: null, working: false }))

export function typeText(text: string): void {
  useDiagnose.setState({ text })
}

export function clearDiagnosis(): void {
  useDiagnose.setState({ text: '', diagnosis: null })
}

export async function ask(request: DiagnosisRequest): Promise<void> {
  useDiagnose.setState({ working: true })
  try {
    useDiagnose.setState({ diagnosis: await call('help.diagnose', request) })
  } finally {
    useDiagnose.setState({ working: false })
  }
}
