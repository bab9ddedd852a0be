import { useRouter } from 'next/router';
import { useCallback } from 'react';

import { pending } from '@/choose/choices';
import { useWords } from '@/text/context';

/** Goes to the profile of the files that were given; the artists that were chosen are not asked for. */
export function useToProfile(): () => void {
  const { path } = useWords();
  const router = useRouter();
  return useCallback(() => {
    pending.clear();
    void router.push(path('/profile'));
  }, [router, path]);
}
