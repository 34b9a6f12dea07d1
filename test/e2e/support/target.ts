import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The AWS that the suite deploys to. */
export type Target =
  | { readonly kind: 'emulator'; readonly sources: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Reads the target from the environment: `LOCALAWS_DIR` names the folder of the emulator, which the suite then starts. */
export function target(env: NodeJS.ProcessEnv): Target {
  if (!env.LOCALAWS_DIR) {
    return { kind: 'none', reason: 'LOCALAWS_DIR names no emulated AWS' };
  }
  const sources = resolve(env.LOCALAWS_DIR);
  if (!existsSync(join(sources, 'lab.sh'))) {
    return { kind: 'none', reason: `LOCALAWS_DIR=${env.LOCALAWS_DIR} holds no lab.sh` };
  }
  return { kind: 'emulator', sources };
}
