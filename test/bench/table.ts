// Results as text for a terminal.

import { reached } from './bounds.js'
import type { Measure } from './figures.js'
import { shown } from './numbers.js'
import type { Result, Row } from './results.js'

export const LEGEND = 'in brackets: sess divided by it; ~: every run was disturbed, so all count'

const COLUMNS = 4
const WIDTH = 17

export function table({ title, without, absent, measures, rows, bounds }: Result): string {
  const lines = [title]
  for (let from = 0; from < measures.length; from += COLUMNS) {
    const some = measures.slice(from, from + COLUMNS)
    const heads = some.map(({ label, unit }) => `${label} ${unit}`.trim().padStart(WIDTH))
    lines.push(`${''.padEnd(9)}${heads.join('')}`)
    for (const row of rows) lines.push(line(row, some))
  }
  const counts = rows.map(({ side, counted, rejected }) => `${side} ${counted}+${rejected}`)
  if (rows.some(({ counted, rejected }) => counted + rejected > 1))
    lines.push(`runs that count + rejected: ${counts.join(', ')}`)
  for (const { side, failed } of rows) if (failed) lines.push(`${side}: ${failed}`)
  if (absent.length > 0) lines.push(`not installed: ${absent.join(', ')}`)
  if (without) lines.push(without)
  lines.push(...reached(bounds))
  return `${lines.join('\n')}\n`
}

function line({ side, cells }: Row, measures: readonly Measure[]): string {
  const texts = measures.map(({ key }) => {
    const cell = cells[key]
    if (!cell) return '-'
    const ratio = side === 'sess' || !Number.isFinite(cell.ratio) ? '' : ` (${shown(cell.ratio)})`
    return `${cell.doubtful ? '~' : ''}${shown(cell.value)}${ratio}`
  })
  return `${side.padEnd(9)}${texts.map(text => text.padStart(WIDTH)).join('')}`
}
