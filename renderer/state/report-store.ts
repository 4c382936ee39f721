import { create } from 'zustand'
import type { ReportView } from '#shared/ipc/report.ts'
import { call } from './studio-store.ts'

interface ReportStore {
  /** The report that was made last; null: none yet. */
  report: ReportView | null
  /** The part that is shown, and its redacted text. */
  open: { id: number; text: string } | null
  search: string
  working: boolean
  savedTo: string | null
}

const BLANK: ReportStore = { report: null, open: null, search: '', working: false, savedTo: null }

export const useReport = create<ReportStore>(() => BLANK)

/** Reads the host again; what was shown of an earlier report goes. */
export async function makeReport(): Promise<void> {
  useReport.setState({ ...BLANK, working: true })
  try {
    const report = await call('help.report', null)
    useReport.setState({ report })
    const first = report?.parts[0]
    if (first !== undefined) await openPart(first.id)
  } finally {
    useReport.setState({ working: false })
  }
}

export async function openPart(id: number): Promise<void> {
  const text = await call('help.reportPart', id)
  useReport.setState({ open: text === null ? null : { id, text } })
}

export function searchParts(search: string): void {
  useReport.setState({ search })
}

export async function saveReport(): Promise<void> {
  useReport.setState({ savedTo: await call('help.saveReport', null) })
}

export function forgetSaved(): void {
  useReport.setState({ savedTo: null })
}
