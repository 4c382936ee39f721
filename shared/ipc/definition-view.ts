import { z } from 'zod'
import { VIEW_FIELDS } from '../vm/options/options.ts'

/** What step 8 offers on this host, and what it decides where nothing is chosen. */
export const definitionView = z.strictObject(VIEW_FIELDS)
export type DefinitionView = z.infer<typeof definitionView>
