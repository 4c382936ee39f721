import { create } from 'zustand'
import type { Evidence } from '#shared/wizard/finding.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { onEvent } from './studio-store.ts'

export type PanelId =
  | 'devices'
  | 'topology'
  | 'drivers'
  | 'vm'
  | 'console'
  | 'diagnose'
  | 'health'
  | 'report'
  | 'journal'
  | 'recovery'
  | 'about'
export type PageId = StepId | PanelId

/** What the drawer shows: a title and what was seen, each with its source. */
export interface DrawerContent {
  title: string
  evidence: readonly Pick<Evidence, 'source' | 'quote'>[]
}

interface ViewStore {
  /** null: follow main's focus until the admin picks a page. */
  page: PageId | null
  drawer: DrawerContent | null
}

export const useView = create<ViewStore>(() => ({ page: null, drawer: null }))

export function openPage(page: PageId | null): void {
  useView.setState({ page, drawer: null })
}

export function showEvidence(drawer: DrawerContent | null): void {
  useView.setState({ drawer })
}

/** Opens what main asks for, from now on. */
export function followPages(): void {
  onEvent('page', openPage)
}
