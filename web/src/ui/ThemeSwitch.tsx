import { useEffect, useState } from 'react';

import { useWords } from '@/text/context';
import { MoonIcon, SunIcon } from './icons';
import { write } from './storage';

const dark = () => window.matchMedia('(prefers-color-scheme: dark)');

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : dark().matches;
}

/** Follows the system until it is used. boot.js sets a remembered theme before the first paint. */
export function ThemeSwitch() {
  const { t } = useWords();
  const [shown, setShown] = useState<boolean | null>(null);
  useEffect(() => {
    const look = () => setShown(isDark());
    look();
    dark().addEventListener('change', look);
    return () => dark().removeEventListener('change', look);
  }, []);
  const turn = () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    write('listening.theme', theme);
    setShown(theme === 'dark');
  };
  return (
    <button type="button" className="icon-button" onClick={turn} aria-label={shown ? t.theme.toLight : t.theme.toDark}>
      {shown ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}
