import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The AWS that the suite deploys to. */
export type Target =
  | { readonly kind: 'emulator'; readonly sources: string }
  | { readonly kind: 'aws'; readonly account: string; readonly region: string; readonly run: string }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Reads the target from the environment. `LOCALAWS_DIR` names the folder of an emulator, which the suite then starts.
 * `E2E_AWS=1` means a real account, which `E2E_AWS_ACCOUNT` must name, so that nobody deploys to one by mistake.
 */
export function target(env: NodeJS.ProcessEnv): Target {
  if (env.E2E_AWS === '1') return account(env);
  if (!env.LOCALAWS_DIR) {
    return { kind: 'none', reason: 'LOCALAWS_DIR names no emulated AWS' };
  }
  const sources = resolve(env.LOCALAWS_DIR);
  if (!existsSync(join(sources, 'lab.sh'))) {
    return { kind: 'none', reason: `LOCALAWS_DIR=${env.LOCALAWS_DIR} holds no lab.sh` };
  }
  return { kind: 'emulator', sources };
}

/** An error, not a suite that is skipped: somebody wanted it. */
function account(env: NodeJS.ProcessEnv): Target {
  const { E2E_AWS_ACCOUNT: id = '', AWS_REGION: region = '' } = env;
  const run = env.E2E_AWS_RUN ?? Math.floor(Date.now() / 1000).toString(36);
  const wrong = [
    !/^\d{12}$/.test(id) && 'E2E_AWS_ACCOUNT must be the 12 digits of the account that the suite deploys to',
    !/^[a-z]+(-[a-z]+)+-\d$/.test(region) && 'AWS_REGION must be the region, as eu-west-1',
    !/^[a-z0-9]{1,12}$/.test(run) && 'E2E_AWS_RUN must be up to 12 small letters and digits',
  ].filter((text) => text !== false);
  if (wrong.length > 0) throw new Error(`E2E_AWS=1 deploys to a real account. ${wrong.join('. ')}.`);
  return { kind: 'aws', account: id, region, run };
}
