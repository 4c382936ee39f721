import Button from '@mui/material/Button'

/** Disks, network cards and folders of a VM: each keeps its number, by which its place in the guest goes. */
interface Numbered {
  number: number
}

/** The first number that none of them has; undefined: all are taken. */
export function firstFree<N extends number>(numbers: readonly N[], taken: readonly Numbered[]): N | undefined {
  return numbers.find((number) => !taken.some((one) => one.number === number))
}

/** All of them, one of them changed. */
export function withChanged<T extends Numbered>(all: readonly T[], { number }: Numbered, part: Partial<T>): T[] {
  return all.map((one) => (one.number === number ? { ...one, ...part } : one))
}

/** All but one. */
export function without<T extends Numbered>(all: readonly T[], { number }: Numbered): T[] {
  return all.filter((one) => one.number !== number)
}

/** Takes one of them away. `what` names it. */
export function LeaveOut({ what, leave }: { what: string; leave: () => void }) {
  return (
    <Button variant="text" color="inherit" onClick={leave}>
      {`Leave out ${what}`}
    </Button>
  )
}
