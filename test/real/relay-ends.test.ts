// Ends, stops and kills where the master cannot use the user's descriptors itself.
process.env['SESS_DIRECT'] = 'no'
for (const name of ['kills', 'stopped', 'missed', 'terminal']) await import(`./${name}.test.js`)
export {}
