import { argv } from 'node:process'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { freshVm } from './roster.ts'
import { type SavedState } from './saved-state.ts'
import { FileStore } from './state-store.ts'

/** A program that adds `count` VMs to the file given, one at a time, and each time changes a choice of its own. */
const [, , path = '', name = '', count = '0'] = argv
const store = new FileStore(path)
let { saved } = await store.load()
for (let n = 1; n <= Number(count); n += 1) {
  const { boot, bind } = saved.choices
  const own =
    name === 'a' ? { boot: { ...boot, hostPassthrough: n % 2 === 0 } } : { bind: { ...bind, live: n % 2 === 0 } }
  const mine: SavedState = {
    ...saved,
    choices: { ...DEFAULT_CHOICES, ...saved.choices, ...own },
    others: [...saved.others, freshVm(`${name}-${n}`)],
  }
  saved = await store.save(saved, mine)
}
