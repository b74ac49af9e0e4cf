import { deepEqual, ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Session } from './session.js'
import { world, type User, type World } from './world.js'

const NAMES = ['r7', 'qf', 'p0'] as const

/** A world whose programs and users number what they say. */
class Told {
  readonly #world: World = world(...NAMES)
  readonly #sessions: readonly Session[] = NAMES.map(name => this.#world.session(name))
  readonly #users: User[] = [this.#world]
  readonly #written = new Map<string, number>()
  readonly #typed: number[] = []

  #name(nth: number): string | undefined {
    return NAMES.filter(name => this.#world.exists(name))[nth]
  }

  #user(nth: number): User | undefined {
    return this.#users[nth % this.#users.length]
  }

  write(nth: number): void {
    const name = this.#name(nth)
    if (name === undefined || this.#world.session(name).status.startsWith('ended')) return
    const n = this.#written.get(name) ?? 0
    this.#written.set(name, n + 1)
    this.#world.session(name).write(`${name}:${n};`)
  }

  type(nth: number): void {
    const user = this.#user(nth)?.signaller
    if (!user || user.at === '') return
    const n = this.#typed.length
    this.#typed.push(n)
    user.type(`${n};`)
  }

  next(nth: number, to: number, force: boolean): void {
    const [name, next = ''] = [this.#name(nth), this.#name(to)]
    if (name === undefined) return
    this.#world.run(name, { type: 'reconnect', to: next, force, viewer: false, notice: '' })
  }

  disconnect(nth: number): void {
    const name = this.#name(nth)
    if (name !== undefined) this.#world.run(name, { type: 'disconnect' })
  }

  visit(nth: number, force: boolean): void {
    const name = this.#name(nth)
    if (name !== undefined) this.#users.push(this.#world.visit(name, { force }))
  }

  stop(nth: number): void {
    const name = this.#name(nth)
    if (name !== undefined) this.#world.session(name).stop(20)
  }

  exit(nth: number): void {
    const name = this.#name(nth)
    if (name === undefined || this.#world.session(name).status.startsWith('ended')) return
    this.#world.session(name).exit(nth)
  }

  user(nth: number, what: 'continued' | 'eof' | 'die'): void {
    const user = this.#user(nth)?.signaller
    if (what === 'die') user?.die()
    else user?.happen(what === 'eof' ? { type: what, some: true, gone: false } : { type: what })
  }

  /** Nobody shares a session. */
  check(): void {
    const at = this.#users.map(({ signaller }) => signaller.at).filter(name => name !== '')
    ok(new Set(at).size === at.length, `connected: ${at.join(' ')}`)
  }

  /** Each word was shown once, to one after the other, and each that was typed heard once. */
  end(): void {
    for (const n of [2, 1, 0]) this.visit(n, true)
    const screens = this.#users.map(({ screen }) => screen.join(''))
    for (const name of NAMES) {
      const words = new RegExp(`(?<=${name}:)\\d+(?=;)`, 'g')
      const shown = screens.map(screen => (screen.match(words) ?? []).map(Number))
      for (const some of shown)
        deepEqual(
          some,
          some.toSorted((one, other) => one - other),
          name,
        )
      const all = Array.from({ length: this.#written.get(name) ?? 0 }, (_, n) => n)
      deepEqual(
        shown.flat().toSorted((one, other) => one - other),
        all,
        name,
      )
    }
    const heard = this.#sessions.flatMap(({ heard }) => (heard.match(/\d+/g) ?? []).map(Number))
    deepEqual(
      heard.toSorted((one, other) => one - other),
      this.#typed,
    )
  }
}

const nth = fc.nat(2)
const someone = fc.nat(5)

const doing = fc.oneof<fc.WeightedArbitrary<(it: Told) => void>[]>(
  { weight: 8, arbitrary: nth.map(n => it => it.write(n)) },
  { weight: 4, arbitrary: someone.map(n => it => it.type(n)) },
  {
    weight: 5,
    arbitrary: fc.tuple(nth, fc.nat(3), fc.boolean()).map(
      ([n, to, force]) =>
        it =>
          it.next(n, to, force),
    ),
  },
  { weight: 4, arbitrary: nth.map(n => it => it.disconnect(n)) },
  {
    weight: 3,
    arbitrary: fc.tuple(nth, fc.boolean()).map(
      ([n, force]) =>
        it =>
          it.visit(n, force),
    ),
  },
  { weight: 1, arbitrary: nth.map(n => it => it.stop(n)) },
  { weight: 1, arbitrary: nth.map(n => it => it.exit(n)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(someone, fc.constantFrom('continued' as const, 'eof' as const, 'die' as const))
      .map(
        ([n, what]) =>
          it =>
            it.user(n, what),
      ),
  },
)

t.test('whoever goes wherever: every word is shown once, and every key typed once', async () => {
  fc.assert(
    fc.property(fc.array(doing, { maxLength: 40, size: 'max' }), story => {
      const it = new Told()
      for (const act of story) {
        act(it)
        it.check()
      }
      it.end()
    }),
    { numRuns: 400 },
  )
})
