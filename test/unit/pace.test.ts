import t from 'tap'
import { Pace } from '../../lib/pace.js'

t.test('moments are due by the recording, however late the last one was', async t => {
  const pace = new Pace(1, Infinity, 1000)
  pace.next(2)
  t.equal(pace.rest(1000), 2000)
  t.equal(pace.rest(2500), 500)
  t.equal(pace.rest(3700), 0)
  pace.next(1)
  t.equal(pace.rest(3700), 300)
})

t.test('its speed counts, and waits are cut before that', async t => {
  const table: [speed: number, idle: number, wait: number, rest: number][] = [
    [2, Infinity, 3, 1500],
    [0.5, Infinity, 3, 6000],
    [1, 2, 3, 2000],
    [2, 2, 3, 1000],
    [1, 0, 3, 0],
    [1, 2, 1.5, 1500],
  ]
  for (const [speed, idle, wait, rest] of table) {
    const pace = new Pace(speed, idle, 0)
    pace.next(wait)
    t.equal(pace.rest(0), rest, `${wait} at ${speed}, at most ${idle}`)
  }
})

t.test('a pause holds everything up, and moves it', async t => {
  const pace = new Pace(1, Infinity, 0)
  pace.next(10)
  pace.pause(true, 4000)
  t.equal(pace.paused, true)
  t.equal(pace.rest(5000), Infinity)
  pace.pause(true, 6000)
  t.equal(pace.rest(6000), Infinity)
  pace.pause(false, 9000)
  t.equal(pace.rest(9000), 6000)
  pace.pause(false, 9500)
  t.equal(pace.rest(9500), 5500)
  pace.later(500)
  t.equal(pace.rest(9500), 6000)
})
