// Preloaded into a function whose work depends on the age of something that the emulator has just made: the function lives
// some days later.
const LATER = Number(process.env.DAYS_LATER) * 24 * 60 * 60_000;
const realNow = Date.now;
Date.now = () => realNow() + LATER;
