// What `doctor --report` loads, and other runs of the doctor do not.
export { makeReport } from './make';
export { asPage } from './page/page';
export { logAsText } from './text';
export { checkTarget, writePage } from './write-page';
