/** Under emulation a click can take seconds; on a real machine nothing comes near this. */
export const PATIENCE_MS = 900_000
