/** See runtime.mjs. */
export function findRuntime(): Promise<{ executable: string; official: boolean }>
export function fallbackPath(): string
