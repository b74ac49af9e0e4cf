import t from 'tap'
import { copy, designate, draw, hide, normal, show } from '../../lib/look.js'
import { Sequences } from '../../lib/sequences.js'

function drawn(stream: string): { show: string; hide: string } {
  const look = normal()
  const cut = new Sequences([])
  const bytes = Buffer.from(stream.replaceAll('^', '\x1b'))
  for (let at = 0; at < bytes.length;) {
    at = cut.next(bytes, at)
    if (cut.kind === 'csi') draw(look, cut)
    if (cut.kind === 'escape') designate(look, cut.name)
  }
  const seen = (text: string) => text.replaceAll('\x1b', '^')
  return { show: seen(show(look)), hide: seen(hide(look)) }
}

t.test('attributes are given again in one sequence, and taken away in one', async t => {
  const table: [stream: string, pen: string][] = [
    ['^[1m', '1'],
    ['^[1;4;31m', '1;4;31'],
    ['^[01;34m', '1;34'],
    ['^[31m^[32m', '32'],
    ['^[1;31m^[m', ''],
    ['^[1;31m^[0m', ''],
    ['^[1;31m^[;7m', '7'],
    ['^[1;31;0;7m', '7'],
    ['^[1;2m', '1;2'],
    ['^[1;2;22m', ''],
    ['^[3;20;23m', ''],
    ['^[4;5;7;8;9m^[24;25;27;28;29m', ''],
    ['^[4;21m', '21'],
    ['^[12;53;51;73m', '12;51;53;73'],
    ['^[12;53;51;73m^[10;55;54;75m', ''],
    ['^[91;107m', '91;107'],
    ['^[91;107;39;49m', ''],
    ['^[999;256;-1m', ''],
  ]
  for (const [stream, pen] of table) {
    t.equal(drawn(stream).show, pen && `^[${pen}m`, stream)
    t.equal(drawn(stream).hide, pen && '^[m', stream)
  }
})

t.test('colours and kinds of underline keep the form in which they were given', async t => {
  const table: [stream: string, pen: string][] = [
    ['^[38;5;196m', '38;5;196'],
    ['^[38;5;196;1m', '1;38;5;196'],
    ['^[38;5;1;48;5;2m', '38;5;1;48;5;2'],
    ['^[38;2;1;2;3;48;2;4;5;6m', '38;2;1;2;3;48;2;4;5;6'],
    ['^[38:5:196;1m', '1;38:5:196'],
    ['^[38:2::1:2:3m', '38:2::1:2:3'],
    ['^[38:2:1:2:3;48:5:7m', '38:2:1:2:3;48:5:7'],
    ['^[4;58:2::1:2:3m', '4;58:2::1:2:3'],
    ['^[38;5m^[1m', '1'],
    ['^[38;2;1;2m', ''],
    ['^[38;9;1m', '1'],
    ['^[38:9:1m', ''],
    ['^[31;38m', '31'],
    ['^[38;5;1m^[39m', ''],
    ['^[48;5;1;49m', ''],
    ['^[58;5;9m^[59m', ''],
    ['^[4:3m', '4:3'],
    ['^[4:3m^[4m', '4'],
    ['^[4:3m^[4:0m', ''],
    ['^[4:3m^[24m', ''],
    ['^[1:2m', ''],
  ]
  for (const [stream, pen] of table) t.equal(drawn(stream).show, pen && `^[${pen}m`, stream)
})

t.test('character sets are designated again, and made ASCII', async t => {
  const table: [stream: string, show: string, hide: string][] = [
    ['^(0', '^(0', '^(B'],
    ['^(0^(B', '', ''],
    ['^)0', '^)0', '^)B'],
    ['^-A', '^-A', '^)B'],
    ['^*<^+>', '^*<^+>', '^*B^+B'],
    ['^("?', '^("?', '^(B'],
    ['^(0^)A^[1m', '^(0^)A^[1m', '^[m^(B^)B'],
    ['^#8^ G^%G^7^Z', '', ''],
  ]
  for (const [stream, show, hide] of table) t.strictSame(drawn(stream), { show, hide }, stream)
})

t.test('which set is in use, and the origin, are shown and hidden', async t => {
  const table: [shift: number, show: string, hide: string][] = [
    [0, '\x1b[?6h', '\x1b[?6l'],
    [1, '\x1b[?6h\x0e', '\x0f\x1b[?6l'],
    [2, '\x1b[?6h\x1bn', '\x0f\x1b[?6l'],
    [3, '\x1b[?6h\x1bo', '\x0f\x1b[?6l'],
  ]
  for (const [shift, ...both] of table) {
    const look = { ...normal(), shift, origin: true }
    t.strictSame([show(look), hide(look)], both)
  }
})

t.test('a copy stays as it is', async t => {
  const look = normal()
  const other = copy(look)
  designate(look, '(0')
  look.pen[0] = '1'
  t.strictSame(other, normal())
})
