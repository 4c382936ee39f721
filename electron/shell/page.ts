import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { protocol } from 'electron'

const decoder = new TextDecoder()

export const PAGE_ORIGIN = 'studio://app'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/**
 * The style library fills one empty style element through CSSOM; the hash is that of the empty text. The data grid
 * writes its variables into a style element that carries the nonce of this load. Nothing else inline, nothing from
 * anywhere else.
 */
const policy = (nonce: string) =>
  `default-src 'self'; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'nonce-${nonce}'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** Has to run before the app is ready (electron protocol documentation). */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'studio', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built window from one directory, and nothing outside it. */
export function servePage(directory: string): void {
  protocol.handle('studio', async (request) => {
    const { pathname } = new URL(request.url)
    const path = normalize(join(directory, decodeURIComponent(pathname === '/' ? '/index.html' : pathname)))
    const type = TYPES[extname(path)]
    if (!path.startsWith(`${directory}/`) || type === undefined) return new Response(null, { status: 404 })
    try {
      const nonce = randomBytes(16).toString('base64')
      const bytes = new Uint8Array(await readFile(path))
      const body = type === TYPES['.html'] ? decoder.decode(bytes).replace('__STYLE_NONCE__', nonce) : bytes
      return new Response(body, { headers: { 'content-type': type, 'content-security-policy': policy(nonce) } })
    } catch {
      return new Response(null, { status: 404 })
    }
  })
}
