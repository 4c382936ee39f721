/** Names under which a boot framebuffer holds memory (kernel drivers/video, drivers/firmware/sysfb). */
const FRAMEBUFFERS = /^(BOOTFB|efifb|simplefb|simpledrm|simple-framebuffer|vesafb)/u

/**
 * Boot framebuffer ranges in /proc/iomem. Without privilege the kernel prints every address as zero;
 * then the answer is null: not readable, which is not the same as none.
 */
export function parseFramebuffers(text: string): { name: string; start: string; end: string }[] | null {
  const rows = text.split('\n').map((line) => /^\s*([0-9a-f]+)-([0-9a-f]+) : (.+)$/u.exec(line))
  const ranges = rows.filter((row) => row !== null)
  if (ranges.length > 0 && ranges.every((row) => /^0+$/u.test(row[2] ?? ''))) return null
  return ranges
    .map((row) => ({ name: row[3] ?? '', start: row[1] ?? '', end: row[2] ?? '' }))
    .filter((range) => FRAMEBUFFERS.test(range.name))
}
