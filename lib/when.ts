// A moment as listings show it, in local time, as ls has it: `Dec 20 01:29`.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `time` is milliseconds since 1970. */
export function when(time: number): string {
  const date = new Date(time)
  const [hours, minutes] = [date.getHours(), date.getMinutes()].map(n => String(n).padStart(2, '0'))
  const day = String(date.getDate()).padStart(2)
  return `${MONTHS[date.getMonth()] ?? '???'} ${day} ${hours ?? ''}:${minutes ?? ''}`
}
