/** See prepare.mjs. */
export function ensureBuild(): Promise<void>
