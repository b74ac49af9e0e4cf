// Results as a picture: a group of bars for each measure, ours marked. Colours suit a light page and a dark
// one, and nothing is told by colour alone.

import { shown } from './numbers.js'
import type { Result } from './results.js'
import type { Name } from './sides.js'

interface Bar {
  side: Name
  value: number
  /** From disturbed runs only. */
  doubtful: boolean
}

interface Group {
  title: string
  bars: Bar[]
}

const [WIDTH, COLUMNS, LEFT, GAP] = [920, 2, 62, 36]
const [BAR, PITCH, HEAD, BELOW] = [12, 17, 22, 18]
/** For the value after the longest bar. */
const LABEL = 92
const ROOM = (WIDTH - GAP) / COLUMNS

const MARGIN = 14

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 } .small { fill: #59636e } .name { text-anchor: end }
  .page { fill: #ffffff } .theirs { fill: #8c959f } .ours { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 }
    .page { fill: #0d1117 } .theirs { fill: #656c76 } .ours { fill: #4493f8 }
  }
`

export function drawing(results: readonly Result[], caption: readonly string[]): string {
  const columns = share(results.flatMap(groups))
  const drawn = columns.map((column, at) => stack(column, at * (ROOM + GAP)))
  const bottom = Math.max(...drawn.map(column => column.height))
  const notes = caption.map((text, i) => words(0, bottom + 14 + i * PITCH, text, 'small'))
  const [width, height] = [WIDTH + 2 * MARGIN, bottom + caption.length * PITCH + 2 * MARGIN]
  const page = `x="-${MARGIN}" y="-${MARGIN}" width="${width}" height="${height}"`
  const box = `-${MARGIN} -${MARGIN} ${width} ${height}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${width}" height="${height}" role="img" aria-label="sess compared">
<style>${STYLE}</style>
<rect class="page" ${page} rx="6"/>
${[...drawn.map(({ text }) => text), ...notes].join('\n')}
</svg>
`
}

function groups({ measures, rows }: Result): Group[] {
  return measures.flatMap(({ key, drawn, unit, better }) => {
    const bars = rows.flatMap(({ side, cells }) => {
      const { value = NaN, doubtful = false } = cells[key] ?? {}
      return Number.isFinite(value) ? [{ side, value, doubtful }] : []
    })
    const title = `${drawn ?? ''}, ${unit === 'us' ? 'µs' : unit} (${better} is better)`
    return drawn && bars.length > 0 ? [{ title, bars }] : []
  })
}

const tall = ({ bars }: Group): number => HEAD + bars.length * PITCH + BELOW

/** Groups in their order, the columns about equally tall. */
function share(all: readonly Group[]): Group[][] {
  const total = all.reduce((sum, group) => sum + tall(group), 0)
  const columns: Group[][] = Array.from({ length: COLUMNS }, () => [])
  let above = 0
  for (const group of all) {
    columns[Math.min(COLUMNS - 1, Math.floor(((above + tall(group) / 2) / total) * COLUMNS))]?.push(
      group,
    )
    above += tall(group)
  }
  return columns
}

function stack(groups: readonly Group[], x: number): { text: string; height: number } {
  let y = 0
  const drawn = groups.map(group => {
    const text = bars(group, x, y)
    y += tall(group)
    return text
  })
  return { text: drawn.join('\n'), height: y }
}

function bars({ title, bars }: Group, x: number, y: number): string {
  const most = Math.max(...bars.map(({ value }) => value)) || 1
  const space = ROOM - LEFT - LABEL
  const ours = bars.find(({ side }) => side === 'sess')?.value ?? NaN
  const rows = bars.map(({ side, value, doubtful }, i) => {
    const top = y + HEAD + i * PITCH
    const width = Math.max(1, (value / most) * space)
    const ratio = side === 'sess' || !Number.isFinite(ours) ? '' : ` (${shown(ours / value)})`
    const kind = side === 'sess' ? 'ours' : 'theirs'
    return [
      words(x + LEFT - 6, top + 10, side, side === 'sess' ? 'name title' : 'name'),
      `<rect class="${kind}" x="${x + LEFT}" y="${top}" width="${width.toFixed(1)}" height="${BAR}"/>`,
      words(
        x + LEFT + width + 5,
        top + 10,
        `${doubtful ? '~' : ''}${shown(value)}${ratio}`,
        'small',
      ),
    ].join('\n')
  })
  return [words(x, y + 14, title, 'title'), ...rows].join('\n')
}

function words(x: number, y: number, text: string, kind: string): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y}" class="${kind}">${safe}</text>`
}
