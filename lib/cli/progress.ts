/** Shows on standard error what is being waited for; nothing where nobody watches. */
export function progressOn(stream: { isTTY?: boolean; write(text: string): unknown }): {
  show: (what: string) => void;
  end: () => void;
} {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  const clear = '\r\u001b[K';
  return {
    show: (what) => stream.write(`${clear}looking at ${what} …`),
    end: () => stream.write(clear),
  };
}
