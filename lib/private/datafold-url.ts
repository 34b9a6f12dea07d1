/** Datafold's own deployment for all customers. */
export const DATAFOLD_SAAS = 'https://app.datafold.com';

/** Returns whether a text is the URL of a Datafold, without a path, to which an API key may be sent. */
export function isDatafoldUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^\/?$/.test(url.pathname) && !url.search && !url.username && keepsKeySecret(url);
}

/** Returns whether a URL keeps the API key off the network or encrypted. */
export function keepsKeySecret({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname));
}
