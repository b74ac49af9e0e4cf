// Many short runs of commands.

/** Two at once, for two processors. */
export async function each<T>(cases: T[], one: (it: T) => Promise<void>): Promise<void> {
  const half = (odd: number): T[] => cases.filter((_, n) => n % 2 === odd)
  const inTurn = async (some: T[]): Promise<void> => {
    for (const it of some) await one(it)
  }
  await Promise.all([inTurn(half(0)), inTurn(half(1))])
}
