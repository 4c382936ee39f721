import { dialog } from 'electron'
import { writeText } from '#app/write-text.ts'

/** Lets the user choose where a text or a picture goes; null when the dialog was closed. Throws `permission`. */
export async function saveAs(name: string, content: string | Uint8Array): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name })
  if (canceled || filePath === '') return null
  await writeText(filePath, content)
  return filePath
}
