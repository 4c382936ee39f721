/** See package.mjs. */
export function standInDeb(version?: string): Promise<string>
