/* The chosen artists, kept in the browser so that a reload or a failure loses none of them. */
import { useCallback, useSyncExternalStore } from 'react';

import type { Artist } from '@/api/types';
import { read, remove, write } from '@/ui/storage';

export type Choice = Pick<Artist, 'id' | 'name' | 'genres'>;

export const CHOICES_MAX = 10;
export const CHOICES_GOOD = 5;
const KEY = 'listening.choices';
const NOBODY: Choice[] = [];
const listeners = new Set<() => void>();
let current: Choice[] | null = null;

function isChoice(value: unknown): value is Choice {
  const choice = value as Choice | null;
  return typeof choice?.id === 'string' && typeof choice.name === 'string' && Array.isArray(choice.genres);
}

function load(): Choice[] {
  if (!current) {
    const kept = read<unknown>(KEY);
    current = Array.isArray(kept) ? kept.filter(isChoice).slice(0, CHOICES_MAX) : NOBODY;
  }
  return current;
}

export function setChoices(next: Choice[]): void {
  current = next.slice(0, CHOICES_MAX);
  if (current.length) write(KEY, current);
  else remove(KEY);
  for (const listener of listeners) listener();
}

/** Whether a profile of the choices is wanted and not there yet. Survives a reload in the middle. */
const PENDING = 'listening.pending';
export const pending = {
  is: () => read<boolean>(PENDING) === true,
  set: () => write(PENDING, true),
  clear: () => remove(PENDING),
};

function subscribe(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent) => {
    if (event.key !== KEY) return;
    current = null;
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', elsewhere);
  return () => {
    listeners.delete(listener);
    /* Who hears of no change must not go by what was there before. */
    if (!listeners.size) current = null;
    window.removeEventListener('storage', elsewhere);
  };
}

export function useChoices() {
  const choices = useSyncExternalStore(subscribe, load, () => NOBODY);
  const add = useCallback((choice: Choice) => {
    if (!load().some((c) => c.id === choice.id)) setChoices([...load(), choice]);
  }, []);
  const drop = useCallback((id: string) => setChoices(load().filter((c) => c.id !== id)), []);
  return { choices, add, drop };
}

export const readChoices = load;
