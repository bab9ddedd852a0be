/* localStorage that never throws: without it (private mode, full disk) the pages work, and forget on reload. */
const memory = new Map<string, string>();

export function read<T>(key: string): T | null {
  let text: string | null | undefined;
  try {
    text = memory.get(key) ?? localStorage.getItem(key);
  } catch {
    /* nothing is kept there */
  }
  if (!text) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

export function write(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
  } catch {
    remove(key); /* what it held before is not so any more */
    memory.set(key, text);
  }
}

export function remove(key: string): void {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    /* nothing was kept there */
  }
}
