// Bytes where the master cannot use the user's descriptors itself: all that holds for them otherwise.
process.env['SESS_DIRECT'] = 'no'
for (const name of ['bytes', 'outputs', 'through']) await import(`./${name}.test.js`)
export {}
