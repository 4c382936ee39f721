/** Blanks that mail clients and browsers put in: no-break, figure, narrow, ideographic. */
const ODD_BLANKS = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu
const INVISIBLE = /[\u200b-\u200d\u2060\ufeff\u00ad]/gu
// eslint-disable-next-line no-control-regex -- terminal colours are control sequences
const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/gu

/** A shell prompt with a command: `user@host:~$ lspci -nn`, `[root@host ~]# dmesg`, `$ lspci`. */
const PROMPT = /^(?:\[?[\w.-]+@[^$#%]*|[\w.~/-]*)[$#%>] ?\s*\S/u

/** Lines of a pasted text without the damage that pasting does: line ends, odd blanks, colours, mail quotes. */
export function pastedLines(text: string): string[] {
  return text
    .replace(/\r\n?/gu, '\n')
    .replace(COLOURS, '')
    .replace(ODD_BLANKS, ' ')
    .replace(INVISIBLE, '')
    .split('\n')
    .map((line) => line.replace(/^(?:> ?)+/u, '').trimEnd())
}

/** Returns whether a line ends what came before it: an empty one, a prompt, a code fence. */
export function isBreak(line: string): boolean {
  return line.trim() === '' || line.startsWith('```') || PROMPT.test(line)
}
